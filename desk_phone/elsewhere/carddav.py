"""An address book over CardDAV (RFC 6352): found from whatever address a person was given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from desk_phone.elsewhere import refusals
from desk_phone.elsewhere.fetch import Page, Web, address_in, retry_after
from desk_phone.elsewhere.multistatus import (
    CARD,
    DAV,
    SERVER,
    NotDav,
    Resource,
    multiget,
    propfind,
    query,
    resources,
)
from desk_phone.elsewhere.texts import listing_of_bytes
from desk_phone.model.elsewhere import PEOPLE_AT_MOST, Listing

_MULTISTATUS = 207
_NOT_HERE = frozenset((403, 404, 405, 501))  # what answers may not speak DAV at that path
_NO_QUERY = frozenset((400, 403, 405, 415, 501, 507))  # servers that know multiget alone
_AT_ONCE = 100  # cards of a multiget
_WANTED = ("VERSION", "UID", "KIND", "FN", "N", "ORG", "TEL")
_ABOUT = (
    (DAV, "resourcetype"),
    (DAV, "current-user-principal"),
    (CARD, "addressbook-home-set"),
    (SERVER, "getctag"),
    (DAV, "sync-token"),
)


class _Unhappy(Exception):
    """Another way of asking may do."""

    def __init__(self, page: Page) -> None:
        self.page = page


def read_book(web: Web, address: str, mark: str) -> Listing | None:
    """All people of the address book at ``address``, or of all that its owner has.

    None: the books' own tags are as they were when they gave this ``mark``. Raises PhoneError.
    """
    host = address_in(address).host
    try:
        books = _books(web, address)
        if not books:
            raise refusals.no_address_book(host)
        now = _mark(web, books)
        if now and now == mark:
            return None
        cards = b"\r\n".join(card for url, _ in books for card in _cards(web, url))
    except NotDav as error:
        raise refusals.not_understood(host) from error
    except _Unhappy as error:
        page = error.page
        raise refusals.by_status(page.status, host, retry_after(page)) from None
    return listing_of_bytes(cards, now) if cards else Listing((), 0, now)


def _books(web: Web, address: str) -> list[tuple[str, Resource]]:
    """From the book itself, its owner, or the host's well-known address (RFC 6764)."""
    starts = [address]
    if urlsplit(address).path.strip("/") == "" or not address.endswith("/"):
        starts.append(address.rstrip("/") + "/")
    starts.append(urljoin(address, "/.well-known/carddav"))
    unhappy: _Unhappy | None = None
    somebody_answered = False
    for start in dict.fromkeys(starts):
        try:
            url, found = _about(web, start)
        except _Unhappy as error:
            if error.page.status not in _NOT_HERE:
                raise
            unhappy = unhappy or error
            continue
        somebody_answered = True
        if found.is_address_book:
            return [(url, found)]
        if books := _owned(web, url, found):
            return books
    if unhappy is not None and not somebody_answered:
        raise unhappy
    return []


def _owned(web: Web, url: str, found: Resource) -> list[tuple[str, Resource]]:
    home = found.href_in(CARD, "addressbook-home-set")
    if not home:
        principal = found.href_in(DAV, "current-user-principal")
        if not principal:
            return []
        url, found = _about(web, urljoin(url, principal))
        home = found.href_in(CARD, "addressbook-home-set")
    if not home:
        return []
    page, inside = _propfind(web, urljoin(url, home), 1, *_ABOUT)
    return [(urljoin(page.url, each.href), each) for each in inside if each.is_address_book]


def _about(web: Web, url: str) -> tuple[str, Resource]:
    page, found = _propfind(web, url, 0, *_ABOUT)
    if not found:
        raise NotDav("nothing about itself")
    return page.url, found[0]


def _mark(web: Web, books: list[tuple[str, Resource]]) -> str:
    """Empty where a server gives neither tag nor token nor the tags of cards."""
    tags = []
    for url, book in books:
        tag = book.text(SERVER, "getctag") or book.text(DAV, "sync-token")
        if not tag:
            _, cards = _propfind(web, url, 1, (DAV, "getetag"))
            known = sorted(f"{card.href} {card.text(DAV, 'getetag')}" for card in cards)
            tag = "\n".join(known)
        tags.append(f"{url} {tag}")
    return hashlib.sha256("\n".join(tags).encode()).hexdigest()


def _cards(web: Web, url: str) -> Iterator[bytes]:
    """Each card of a book; in one answer, or in many where that is too much for one of us."""
    try:
        found = resources(_report(web, url, query(_WANTED), 1).body)
        if not any(each.cut for each in found):
            yield from map(_card, _with_cards(found))
            return
    except refusals.TooLarge:
        pass
    except _Unhappy as error:
        if error.page.status not in _NO_QUERY:
            raise
    yield from _one_by_one(web, url)


def _one_by_one(web: Web, url: str) -> Iterator[bytes]:
    _, members = _propfind(web, url, 1, (DAV, "getetag"), (DAV, "resourcetype"))
    own = urlsplit(url).path.rstrip("/")
    hrefs = iter(
        [
            each.href
            for each in members[: PEOPLE_AT_MOST + 1]
            if urlsplit(each.href).path.rstrip("/") != own and not _is_folder(each)
        ]
    )
    while some := list(islice(hrefs, _AT_ONCE)):
        found = resources(_report(web, url, multiget(some, _WANTED), 0).body)
        if any(each.cut for each in found):
            raise NotDav("a list that was cut short")
        yield from map(_card, _with_cards(found))


def _with_cards(found: list[Resource]) -> Iterator[Resource]:
    """A card that lacks its data would be a person lost: that is no answer."""
    for each in found:
        if each.text(CARD, "address-data"):
            yield each
        elif not each.missing and each.properties and not _is_folder(each):
            raise NotDav("a card without its data")


def _card(resource: Resource) -> bytes:
    return resource.text(CARD, "address-data").encode()


def _is_folder(resource: Resource) -> bool:
    kind = resource.properties.get(f"{{{DAV}}}resourcetype")
    return kind is not None and len(kind) > 0


def _propfind(
    web: Web, url: str, depth: int, *names: tuple[str, str]
) -> tuple[Page, list[Resource]]:
    page = _ask(web, url, "PROPFIND", propfind(*names), depth)
    return page, resources(page.body)


def _report(web: Web, url: str, body: bytes, depth: int) -> Page:
    return _ask(web, url, "REPORT", body, depth)


def _ask(web: Web, url: str, method: str, body: bytes, depth: int) -> Page:
    headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
    page = web.ask(url, method, headers, body)
    if page.status != _MULTISTATUS:
        raise _Unhappy(page)
    return page
