"""Address books over CardDAV: found, read whole or not at all, and no password to a stranger."""

from __future__ import annotations

from itertools import count

import pytest

from desk_phone.elsewhere.carddav import read_book
from desk_phone.elsewhere.fetch import Web
from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused
from desk_phone.model.elsewhere import Listing
from desk_phone.model.secret import Secret
from desk_phone.web.limits import Limits
from tests.contract.address_books import AddressBooks, card

WORK = "/dav/books/mari/work/"
USER, SECRET = "mari", Secret("verborgen")


def two_books(**given: object) -> AddressBooks:
    books = {
        "work": {"1.vcf": card("Anna Tamm", "5123 4567"), "2.vcf": card("Boris & Co", "640 1234")},
        "home": {"3.vcf": card("Ema", "5555 1234", extra="PHOTO:" + "A" * 2000)},
    }
    return AddressBooks(books, **given)  # type: ignore[arg-type]


def read(
    server: AddressBooks,
    path: str = "/",
    mark: str = "",
    secret: Secret | None = None,
    limits: Limits | None = None,
) -> Listing | None:
    web = Web(USER if secret else "", secret, "", limits or Limits(whole=10.0))
    return read_book(web, server.url(path), mark)


def names(listing: Listing | None) -> list[str]:
    assert listing is not None
    return sorted(person.name for person in listing.people)


ALL = ["Anna Tamm", "Boris & Co", "Ema"]


# Finding


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/", ALL, id="the host alone"),
        pytest.param("/dav/", ALL, id="where the owner is named"),
        pytest.param("/dav", ALL, id="without the last stroke"),
        pytest.param("/dav/principals/mari/", ALL, id="the owner"),
        pytest.param("/somewhere/else", ALL, id="by the well-known address"),
        pytest.param(WORK, ALL[:2], id="the book itself"),
        pytest.param(WORK.rstrip("/"), ALL[:2], id="the book without the last stroke"),
    ],
)
def test_a_book_is_found_from_what_a_person_was_given(path: str, expected: list[str]) -> None:
    with two_books() as server:
        assert names(read(server, path)) == expected


def test_where_there_is_no_address_book_it_is_said() -> None:
    with two_books(well_known="") as server, pytest.raises(Refused, match="Nothing is at"):
        read(server)


def test_an_owner_without_a_book_is_said() -> None:
    with AddressBooks({}) as server, pytest.raises(Refused, match="No address book"):
        read(server)


# Reading


@pytest.mark.parametrize("queries", [True, False], ids=["query", "multiget"])
def test_both_ways_of_asking_give_the_same(queries: bool) -> None:
    with two_books(queries=queries) as server:
        assert names(read(server)) == ALL


def test_many_cards_come_in_portions() -> None:
    cards = {f"{n}.vcf": card(f"Person {n}", f"5{n:07}") for n in range(250)}
    with AddressBooks({"work": cards}, queries=False) as server:
        assert len(names(read(server))) == 250
        assert server.count("REPORT") == 1 + 3


def test_what_is_too_much_at_once_comes_in_portions() -> None:
    picture = "PHOTO:" + "A" * 1000
    cards = {f"{n}.vcf": card(f"Person {n}", f"5{n:07}", extra=picture) for n in range(250)}
    with AddressBooks({"work": cards}) as server:
        assert len(names(read(server, limits=Limits(answer_bytes=200_000)))) == 250
        assert server.count("REPORT") == 1 + 3


@pytest.mark.parametrize("tags", [True, False], ids=["by the book's tag", "by the cards' tags"])
def test_an_unchanged_book_is_not_read_again(tags: bool) -> None:
    with two_books(tags=tags) as server:
        first = read(server)
        assert first is not None
        asked = server.count("REPORT")
        assert read(server, mark=first.mark) is None
        assert server.count("REPORT") == asked
        server.books["home"]["4.vcf"] = card("Isa", "5555 4321")
        assert names(read(server, mark=first.mark)) == [*ALL, "Isa"]


def test_an_empty_book_is_read_as_empty() -> None:
    with AddressBooks({"work": {}}) as server:
        assert read(server) == Listing((), 0, (read(server) or Listing(())).mark)


# What is not believed

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<d:multistatus xmlns:d="DAV:">&b;</d:multistatus>'
)
FILE = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<d:multistatus xmlns:d="DAV:">&a;</d:multistatus>'
)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        pytest.param(207, BOMB, Refused, "is no address book", id="entities"),
        pytest.param(207, FILE, Refused, "is no address book", id="a file"),
        pytest.param(207, "<html>Log in</html>", Refused, "is no address book", id="page"),
        pytest.param(207, "<d:multistatus xmlns:d='DAV:'><d:re", Refused, "is no", id="cut"),
        pytest.param(207, "", Refused, "is no address book", id="nothing"),
        pytest.param(207, '<d:multistatus xmlns:d="DAV:"/>', Refused, "is no", id="no resource"),
        pytest.param(503, "", Offline, "busy", id="busy"),
        pytest.param(500, "", Offline, "busy", id="fault"),
        pytest.param(200, "<html/>", Refused, "HTTP 200", id="a web server"),
    ],
)
def test_what_is_no_answer_is_told(
    status: int, body: str, kind: type[PhoneError], words: str
) -> None:
    with two_books() as server:
        server.answer = lambda *_: (status, {}, body)
        with pytest.raises(kind, match=words):
            read(server, WORK)


def test_a_list_that_the_server_cut_is_asked_for_in_portions_or_not_believed() -> None:
    cut = (
        '<d:multistatus xmlns:d="DAV:"><d:response><d:href>/dav/books/mari/work/</d:href>'
        "<d:status>HTTP/1.1 507 Insufficient Storage</d:status></d:response></d:multistatus>"
    )
    with two_books() as server:
        server.answer = lambda method, _, body: (
            (207, {}, cut) if method == "REPORT" and "query" in body else None
        )
        assert names(read(server, WORK)) == ALL[:2]
        server.answer = lambda method, *_: (207, {}, cut) if method == "REPORT" else None
        with pytest.raises(Refused, match="is no address book"):
            read(server, WORK)


def test_a_card_without_its_data_is_no_shorter_list() -> None:
    lacking = (
        '<d:multistatus xmlns:d="DAV:"><d:response><d:href>/dav/books/mari/work/1.vcf</d:href>'
        "<d:propstat><d:prop><d:getetag>1</d:getetag></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"
    )
    with two_books() as server:
        server.answer = lambda method, *_: (207, {}, lacking) if method == "REPORT" else None
        with pytest.raises(Refused):
            read(server, WORK)


def test_a_trouble_in_the_middle_gives_nothing() -> None:
    cards = {f"{n}.vcf": card(f"Person {n}", f"5{n:07}") for n in range(250)}
    reports = count(1)
    with AddressBooks({"work": cards}, queries=False) as server:
        server.answer = lambda method, *_: (
            (503, {}, "") if method == "REPORT" and next(reports) == 3 else None
        )
        with pytest.raises(Offline):
            read(server)


# Passwords


def test_a_password_goes_to_its_own_host_alone() -> None:
    with two_books() as stranger, two_books(user=USER, password="verborgen") as server:
        assert names(read(server, secret=SECRET)) == ALL
        home = f"<c:addressbook-home-set><d:href>{stranger.url('/dav/')}</d:href>"
        away = (
            '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">'
            f"<d:response><d:href>/</d:href><d:propstat><d:prop>{home}</c:addressbook-home-set>"
            "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
            "</d:multistatus>"
        )
        server.answer = lambda *_: (207, {}, away)
        with pytest.raises(Refused, match="sends us on"):
            read(server, secret=SECRET)
        server.answer = lambda *_: (301, {"Location": stranger.url("/dav/")}, "")
        with pytest.raises(Refused, match="sends us on"):
            read(server, secret=SECRET)
        assert stranger.asked == []


def test_a_wrong_password_is_tried_once_and_not_along_the_way() -> None:
    with two_books(user=USER, password="other") as server:
        with pytest.raises(BadCredentials) as caught:
            read(server, secret=SECRET)
        assert sum(bool(login) for _, _, login in server.asked) == 1
    assert "verborgen" not in str(caught.value)
