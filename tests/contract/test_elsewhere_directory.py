"""Directories over LDAP, over a real connection: what is sent in the open, and what is believed."""

from __future__ import annotations

import sys
from random import Random

import pytest

from desk_phone.elsewhere import directory
from desk_phone.elsewhere.directory import read_directory
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.model.elsewhere import Listing
from desk_phone.model.secret import Secret
from desk_phone.web.limits import Limits
from tests.contract.certificates import Authority
from tests.contract.directory_server import DirectoryServer, Entry, ber, number, text
from tests.contract.trusting import trust

USER, SECRET = "cn=reader,dc=example,dc=ee", Secret("verborgen")
PEOPLE: list[Entry] = [
    (
        "cn=Anna,dc=example,dc=ee",
        {"cn": ["Anna Tamm"], "telephoneNumber": ["640 1234", "+372 640 1235"], "o": ["Firma"]},
    ),
    ("cn=B,dc=example,dc=ee", {"displayName": ["Žanna"], "cn": ["zanna"], "mobile": ["51234567"]}),
    ("cn=C,dc=example,dc=ee", {"givenName": ["Õnne"], "sn": ["Õun"], "homePhone": ["6401111"]}),
    ("cn=D,dc=example,dc=ee", {"cn": ["No number"]}),
]
QUICK = Limits(connect=2.0, read=2.0, whole=5.0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    trust(authority, monkeypatch)
    return authority


def read(
    server: DirectoryServer, rest: str = "dc=example,dc=ee", limits: Limits = QUICK
) -> Listing:
    return read_directory(server.url(rest), "", Secret(""), limits)


def names(listing: Listing) -> list[str]:
    return [person.name for person in listing.people]


def test_people_have_all_their_numbers() -> None:
    with DirectoryServer(PEOPLE) as server:
        listing = read(server)
    assert names(listing) == ["Anna Tamm", "Žanna", "Õnne Õun"]
    assert listing.people[0].numbers == ("+3726401234", "+3726401235")
    assert listing.people[0].company == "Firma"
    assert listing.left_out == 1


def test_a_large_directory_comes_page_by_page() -> None:
    many: list[Entry] = [
        (f"cn={n}", {"cn": [f"Person {n}"], "mobile": [f"5{n:07}"]}) for n in range(1234)
    ]
    with DirectoryServer(many) as server:
        assert len(read(server).people) == 1234
        assert len(server.searches) == 3


def test_only_what_is_needed_is_asked_for() -> None:
    with DirectoryServer(PEOPLE) as server:
        read(server, "dc=example,dc=ee?cn,ipPhone?one?(objectClass=person)")
    asked = server.searches[0]
    assert b"ipPhone" in asked
    assert b"mobile" not in asked
    assert b"userPassword" not in asked


# What is not believed


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        pytest.param(4, Refused, "only a part", id="size limit"),
        pytest.param(3, Refused, "only a part", id="time limit"),
        pytest.param(11, Refused, "only a part", id="administrative limit"),
        pytest.param(32, Refused, "does not know that part", id="no such base"),
        pytest.param(50, Refused, "does not let you read", id="no right"),
        pytest.param(51, Offline, "busy", id="busy"),
        pytest.param(10, Refused, "refused", id="referral"),
        pytest.param(80, Refused, "refused", id="other"),
    ],
)
def test_a_list_that_is_not_whole_is_none(code: int, kind: type[PhoneError], words: str) -> None:
    with DirectoryServer(PEOPLE, code=code) as server, pytest.raises(kind, match=words):
        read(server)


def test_a_connection_that_ends_in_the_middle_gives_nothing() -> None:
    with DirectoryServer(PEOPLE, cut_after=2) as server, pytest.raises(Offline, match="cut short"):
        read(server)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="a web server"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="ssh"),
        pytest.param(bytes(100), id="zeros"),
        pytest.param(b"\xff" * 100, id="ones"),
        pytest.param(ber(0x30, number(1), ber(0x61, number(0, 0x0A))), id="too short an answer"),
        pytest.param(ber(0x30, number(1), ber(0x99, text("x"))), id="an unknown answer"),
        pytest.param(ber(0x30, number(7), ber(0x61, number(0, 0x0A), text(""))), id="another's"),
        pytest.param(ber(0x30, text("x"), text("y")), id="text for a number"),
        pytest.param(ber(0x30), id="empty"),
        pytest.param(b"\x30\x84\x7f\xff\xff\xff" + b"x" * 50, id="endless"),
    ],
)
def test_what_is_no_directory_is_told(raw: bytes) -> None:
    limits = Limits(connect=1.0, read=0.3, whole=1.0)
    with DirectoryServer((), raw=raw) as server, pytest.raises(PhoneError):
        read(server, limits=limits)


class _Scripted:
    """A socket that says one thing and hangs up."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, size: int) -> bytes:
        data, self._data = self._data[:size], self._data[size:]
        return data

    def settimeout(self, _: float) -> None: ...
    def sendall(self, _: bytes) -> None: ...
    def close(self) -> None: ...


@pytest.mark.parametrize("seed", range(300))
def test_damaged_answers_are_a_whole_list_or_a_trouble(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    attribute = ber(0x30, text("cn"), ber(0x31, text("Anna Tamm")))
    phone = ber(0x30, text("mobile"), ber(0x31, text("51234567")))
    data = bytearray(ber(0x30, number(1), ber(0x61, number(0, 0x0A), text(""), text(""))))
    data += ber(0x30, number(2), ber(0x64, text("cn=Anna"), ber(0x30, attribute, phone)))
    data += ber(0x30, number(2), ber(0x65, number(0, 0x0A), text(""), text("")))
    for _ in range(random.choice((1, 1, 2, 5))):
        data[random.randrange(len(data))] = random.choice(
            (0, 0x30, 0x80, 0xFF, random.getrandbits(8))
        )
    monkeypatch.setattr(directory, "connect", lambda *_: _Scripted(bytes(data)))
    try:
        listing = read_directory("ldap://127.0.0.1/dc=x", "", Secret(""), Limits(whole=2.0))
    except PhoneError:
        return
    assert len(listing.people) <= 1


def test_a_silent_directory_does_not_last_for_ever() -> None:
    limits = Limits(connect=1.0, read=0.2, whole=0.3)
    with DirectoryServer((), silent=True) as server, pytest.raises(Offline, match=r"too long|cut"):
        read(server, limits=limits)


def test_more_than_is_read_at_once_is_not_read() -> None:
    many: list[Entry] = [(f"cn={n}", {"cn": ["x" * 1000]}) for n in range(300)]
    limits = Limits(answer_bytes=100_000)
    with DirectoryServer(many) as server, pytest.raises(Offline):
        read(server, limits=limits)


def test_a_filter_that_is_none_is_told() -> None:
    with DirectoryServer(PEOPLE) as server, pytest.raises(BadInput, match="filter"):
        read(server, "dc=example,dc=ee??sub?(cn=*")


# What is sent in the open


def test_another_computer_is_never_spoken_to_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows no TLS: nothing follows the question for it."""
    monkeypatch.setattr("desk_phone.elsewhere.ldap_address.is_loopback", lambda _: False)
    with DirectoryServer(PEOPLE, USER, "verborgen") as server:
        with pytest.raises(PhoneError):
            read_directory(server.url(), USER, SECRET, QUICK)
        assert server.binds == []
        assert server.searches == []


def test_tls_is_started_before_the_password_is_sent(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_phone.elsewhere.ldap_address.is_loopback", lambda _: False)
    tls = trusted.context("localhost")
    with DirectoryServer(PEOPLE, USER, "verborgen", tls=tls, starts_tls=True) as server:
        listing = read_directory(server.url(host="localhost"), USER, SECRET, QUICK)
        assert server.binds == [(USER, "verborgen", True)]
    assert len(listing.people) == 3


def test_a_secure_directory_is_read(trusted: Authority) -> None:
    tls = trusted.context("localhost")
    with DirectoryServer(PEOPLE, USER, "verborgen", tls=tls) as server:
        address = server.url(scheme="ldaps", host="localhost")
        assert len(read_directory(address, USER, SECRET, QUICK).people) == 3
        assert server.binds == [(USER, "verborgen", True)]


@pytest.mark.parametrize("starts_tls", [False, True], ids=["ldaps", "StartTLS"])
@pytest.mark.parametrize("host", ["localhost", "other.invalid"], ids=["unknown", "another's"])
def test_a_directory_that_is_not_who_it_says_hears_no_password(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, starts_tls: bool, host: str
) -> None:
    monkeypatch.setattr("desk_phone.elsewhere.ldap_address.is_loopback", lambda _: False)
    if host != "localhost":
        trust(authority, monkeypatch)
    tls = authority.context(host)
    with DirectoryServer(PEOPLE, USER, "verborgen", tls=tls, starts_tls=starts_tls) as server:
        address = server.url(scheme="ldap" if starts_tls else "ldaps", host="localhost")
        with pytest.raises(Offline, match="not trusted"):
            read_directory(address, USER, SECRET, QUICK)
        assert server.binds == []


if sys.platform == "linux":

    def test_an_authority_in_the_system_s_store_is_trusted(
        authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        with DirectoryServer(PEOPLE, tls=authority.context("localhost")) as server:
            address = server.url(scheme="ldaps", host="localhost")
            assert len(read_directory(address, "", Secret(""), QUICK).people) == 3


def test_a_wrong_password_is_tried_once() -> None:
    with DirectoryServer(PEOPLE, USER, "other") as server:
        with pytest.raises(BadCredentials) as caught:
            read_directory(server.url(), USER, SECRET, QUICK)
        assert len(server.binds) == 1
    assert "verborgen" not in str(caught.value)


def test_a_user_without_a_password_is_not_bound() -> None:
    """A directory would take it for nobody, say yes, and give what everybody may see."""
    with DirectoryServer(PEOPLE) as server:
        with pytest.raises(BadCredentials):
            read_directory(server.url(), USER, Secret(""), QUICK)
        assert not server.visits
