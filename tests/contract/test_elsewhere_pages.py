"""Contacts from an address: what is sent, whom it is sent to, and what is believed."""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64encode

import pytest

from desk_phone.elsewhere import fetch
from desk_phone.elsewhere.fetch import Web
from desk_phone.elsewhere.pages import read_page
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.model.elsewhere import Listing
from desk_phone.model.secret import Secret
from desk_phone.web.limits import Limits
from tests.contract.certificates import Authority
from tests.contract.server import Answer, Heard, Server, dripped, head, http
from tests.contract.trusting import trust

CSV = "Name,Phone\nMari Maasikas,5123 4567\nKaja Kask,640 1234\n"
QUICK = Limits(connect=2.0, read=2.0, whole=4.0, answer_bytes=200_000)
USER, SECRET = "mari", Secret("verborgen")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    trust(authority, monkeypatch)
    return authority


def csv(*headers: str, status: int = 200, body: str | bytes = CSV) -> bytes:
    return http(body, status, *headers, content_type="text/csv")


def read(server: Server, mark: str = "", user: str = "", limits: Limits = QUICK) -> Listing | None:
    return read_page(Web(user, SECRET if user else None, "", limits), server.url, mark)


def names(listing: Listing | None) -> list[str]:
    assert listing is not None
    return [person.name for person in listing.people]


# What is believed


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        pytest.param(http("", 404), Refused, "Nothing is at this address", id="gone"),
        pytest.param(http("", 403), Refused, "does not let you read", id="forbidden"),
        pytest.param(http("", 401), BadCredentials, "another user name", id="401"),
        pytest.param(http("", 503), Offline, "busy", id="busy"),
        pytest.param(
            http("<html>Log in</html>", content_type="text/html; charset=utf-8"),
            BadInput,
            "A web page came",
            id="page",
        ),
        pytest.param(csv(body="<!DOCTYPE html>\n<p>"), BadInput, "A web page came", id="page csv"),
        pytest.param(csv(body=""), BadInput, "empty", id="nothing"),
        pytest.param(csv()[:-20], Offline, "cut short", id="cut"),
        pytest.param(b"", Offline, "cut short", id="silence"),
        pytest.param(
            csv("Content-Encoding: gzip", body=gzip.compress(CSV.encode())[:-9]),
            Offline,
            "unpacked|cut short",
            id="cut gzip",
        ),
        pytest.param(
            csv("Content-Encoding: gzip", body=gzip.compress(bytes(50_000_000))),
            Refused,
            "too large",
            id="bomb",
        ),
        pytest.param(csv(body=b"a" * 300_000), Refused, "too large", id="large"),
        pytest.param(csv(body='{"people": []}'), BadInput, "not clear", id="json"),
        pytest.param(csv(body=CSV + '"Kaj'), BadInput, "quotation", id="cut in quotes"),
    ],
)
def test_what_is_no_list_is_told(answer: bytes, kind: type[PhoneError], words: str) -> None:
    with Server(answer) as server, pytest.raises(kind, match=words) as caught:
        read(server)
    assert caught.value.message


def test_a_drip_does_not_last_for_ever() -> None:
    answer = dripped(b"x" * 200, 0.01, head("HTTP/1.1 200 OK", "Content-Length: 200"))
    with Server(answer) as server, pytest.raises(Offline, match="too long"):
        read(server, limits=Limits(whole=0.2))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1257"])
def test_letters_are_read_as_they_were_written(encoding: str) -> None:
    body = "Nimi;Telefon\nÜlle Õun;640 1234\nŽanna Šokk;5123 4567\n".encode(encoding)
    with Server(csv(body=body)) as server:
        assert names(read(server)) == ["Ülle Õun", "Žanna Šokk"]


def test_a_packed_list_is_unpacked() -> None:
    with Server(csv("Content-Encoding: gzip", body=gzip.compress(CSV.encode()))) as server:
        assert names(read(server)) == ["Mari Maasikas", "Kaja Kask"]


def test_what_is_unchanged_is_not_sent_again() -> None:
    answers = (csv('ETag: "7"', "Last-Modified: Tue, 24 Nov 2026 10:00:00 GMT"), http("", 304))
    with Server(*answers) as server:
        first = read(server)
        assert first is not None
        assert read(server, first.mark) is None
        assert server.heard[1].header("If-None-Match") == '"7"'
        assert server.heard[1].header("If-Modified-Since") == "Tue, 24 Nov 2026 10:00:00 GMT"


def test_unchanged_is_no_answer_to_who_never_asked_so() -> None:
    with Server(http("", 304)) as server, pytest.raises(Refused):
        read(server)


# Whom it is sent to


@pytest.mark.parametrize(
    "address",
    [
        "http://host.example/contacts.csv",
        "ftp://host.example/contacts.csv",
        "https://mari:verborgen@host.example/",
        "contacts.csv",
        "https://",
    ],
)
def test_an_address_that_is_not_safe_is_not_asked(address: str) -> None:
    with pytest.raises(BadInput, match="cannot be used") as caught:
        read_page(Web(), address, "")
    assert "verborgen" not in str(caught.value)


def test_a_server_nobody_vouches_for_hears_nothing(authority: Authority) -> None:
    with Server(csv(), tls=authority.context("localhost")) as server:
        with pytest.raises(Offline, match="not trusted"):
            read_page(Web(USER, SECRET), f"https://localhost:{server.port}/", "")
        assert not server.heard


def test_a_company_s_own_authority_is_trusted(trusted: Authority) -> None:
    with Server(csv(), tls=trusted.context("localhost")) as server:
        listing = read_page(Web("", None, "", QUICK), f"https://localhost:{server.port}/", "")
    assert names(listing) == ["Mari Maasikas", "Kaja Kask"]


def test_without_a_password_a_redirect_is_followed() -> None:
    with Server(csv()) as other, Server(http("", 302, f"Location: {other.url}a?b#c")) as server:
        assert names(read(server)) == ["Mari Maasikas", "Kaja Kask"]
        assert other.heard[0].request_line == "GET /external/a?b HTTP/1.1"


def test_with_a_password_no_redirect_to_another_host_is_followed() -> None:
    with Server(csv()) as other, Server(http("", 307, f"Location: {other.url}")) as server:
        with pytest.raises(Refused, match="sends us on"):
            read(server, user=USER)
        assert not other.visits


def test_a_redirect_from_tls_to_plain_text_is_not_followed(trusted: Authority) -> None:
    with Server(csv()) as other:
        answer = http("", 302, f"Location: {other.url}")
        server = Server(answer, tls=trusted.context("localhost"))
        with server, pytest.raises(Refused, match="not safe"):
            read_page(Web("", None, "", QUICK), f"https://localhost:{server.port}/", "")
        assert not other.visits


def test_circles_end() -> None:
    with Server(http("", 302, "Location: /round")) as server:
        with pytest.raises(Refused, match="circles"):
            read(server)
        assert server.visits < 10


# Showing who we are


def guarded(challenge: str, right: str) -> Answer:
    """401 until the header is right; ``right`` is a pattern."""

    def answer(heard: Heard, connection: object, _stopping: object) -> None:
        shown = heard.header("Authorization") or ""
        reply = csv() if re.fullmatch(right, shown) else http("", 401, challenge)
        connection.sendall(reply)  # type: ignore[attr-defined]

    return answer


BASIC = "Basic " + b64encode(b"mari:verborgen").decode()


def test_a_password_is_shown_only_when_asked_for() -> None:
    with Server(guarded('WWW-Authenticate: Basic realm="x"', re.escape(BASIC))) as server:
        assert names(read(server, user=USER)) == ["Mari Maasikas", "Kaja Kask"]
        assert [heard.header("Authorization") for heard in server.heard] == [None, BASIC]


def test_a_password_that_is_refused_is_shown_once() -> None:
    with Server(http("", 401, 'WWW-Authenticate: Basic realm="x"')) as server:
        with pytest.raises(BadCredentials) as caught:
            read(server, user=USER)
        assert server.visits == 2
    assert "verborgen" not in str(caught.value)


@pytest.mark.parametrize(("algorithm", "hashed"), [("MD5", "md5"), ("SHA-256", "sha256")])
def test_a_password_is_proved_without_being_sent(algorithm: str, hashed: str) -> None:
    challenge = (
        'WWW-Authenticate: Digest realm="A \\"b\\"", nonce="n1", qop="auth,auth-int", '
        f'algorithm={algorithm}, opaque="o", Basic realm="x"'
    )
    proofs: list[str] = []

    def digest(text: str) -> str:
        return hashlib.new(hashed, text.encode()).hexdigest()

    def answer(heard: Heard, connection: object, _stopping: object) -> None:
        shown = heard.header("Authorization") or ""
        proofs.append(shown)
        found = dict(re.findall(r'(\w+)="?([^",]+)"?', shown))
        mine, theirs = digest('mari:A "b":verborgen'), digest("GET:/external/")
        between = f"n1:{found.get('nc')}:{found.get('cnonce')}:auth"
        right = found.get("response") == digest(f"{mine}:{between}:{theirs}")
        connection.sendall(csv() if right else http("", 401, challenge))  # type: ignore[attr-defined]

    with Server(answer) as server:
        assert names(read(server, user=USER)) == ["Mari Maasikas", "Kaja Kask"]
    assert len(proofs) == 2
    assert proofs[1].startswith("Digest ")
    assert 'opaque="o"' in proofs[1]


def test_what_only_protects_bodies_is_not_proved() -> None:
    challenge = 'WWW-Authenticate: Digest realm="x", nonce="n", algorithm=SHA-512'
    with Server(http("", 401, challenge)) as server, pytest.raises(BadCredentials):
        read(server, user=USER)


def test_one_deadline_is_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_REDIRECTS_AT_MOST", 10_000)
    with Server(http("", 302, "Location: /round")) as server, pytest.raises(Offline):
        read(server, limits=Limits(whole=0.3))
