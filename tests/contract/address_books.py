"""A small CardDAV server (RFC 6352) of our own: one person's address books, in memory."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

_NAMESPACES = (
    'xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"'
    ' xmlns:cs="http://calendarserver.org/ns/"'
)
_HOME, _PRINCIPAL = "/dav/books/mari/", "/dav/principals/mari/"


def card(name: str, *numbers: str, extra: str = "") -> str:
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;")
    phones = (f"TEL;TYPE=CELL:{number}" for number in numbers)
    return "\r\n".join((*lines, *phones, *filter(None, (extra,)), "END:VCARD", ""))


@dataclass
class AddressBooks:
    """``books``: cards by their names in each. ``answer`` may answer in the place of the server:
    it gets the method, the path and the body, and gives (status, headers, body) or None.
    ``tags``: the books tell a ctag. ``asked`` are (method, path, login) of all requests."""

    books: dict[str, dict[str, str]]
    user: str = ""
    password: str = ""
    queries: bool = True
    tags: bool = True
    well_known: str = "/dav/"
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    answer: Callable[[str, str, str], tuple[int, dict[str, str], str] | None] = lambda *_: None

    def __enter__(self) -> Self:
        books = self

        class Handler(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return lambda: books._serve(self, name[3:])
                raise AttributeError(name)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def count(self, method: str) -> int:
        return sum(asked[0] == method for asked in self.asked)

    # the server

    def _serve(self, handler: BaseHTTPRequestHandler, method: str) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        login = handler.headers.get("Authorization", "")
        self.asked.append((method, handler.path, login))
        depth = handler.headers.get("Depth", "0")
        status, headers, text = self._answered(method, handler.path, body, login, depth)
        data = text.encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def _answered(
        self, method: str, path: str, body: str, login: str, depth: str
    ) -> tuple[int, dict[str, str], str]:
        right = "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.user and login != right:
            return 401, {"WWW-Authenticate": 'Basic realm="books"'}, ""
        instead = self.answer(method, path, body)
        if instead is not None:
            return instead
        if path == "/.well-known/carddav" and self.well_known:
            return 301, {"Location": self.well_known}, ""
        if method == "PROPFIND":
            found = self._found(path, depth)
            return (207, {}, _multistatus(*found)) if found else (404, {}, "")
        name = path.removeprefix(_HOME).strip("/")
        if method == "REPORT" and name in self.books:
            return self._reported(path, name, body)
        return 405, {}, ""

    def _reported(self, path: str, name: str, body: str) -> tuple[int, dict[str, str], str]:
        cards = self.books[name]
        if "addressbook-query" in body:
            if not self.queries:
                return 403, {}, ""
            return 207, {}, _multistatus(*(_data(path + key, text) for key, text in cards.items()))
        hrefs = re.findall(r"href>([^<]+)<", body)
        keys = [href.removeprefix(path) for href in hrefs]
        found = [_data(path + key, cards[key]) for key in keys if key in cards]
        return 207, {}, _multistatus(*found)

    def _found(self, path: str, depth: str) -> list[str]:
        name = path.removeprefix(_HOME).strip("/")
        if path == "/dav/":
            return [
                _prop(
                    path,
                    f"<d:current-user-principal>{_href(_PRINCIPAL)}</d:current-user-principal>",
                )
            ]
        if path == _PRINCIPAL:
            return [
                _prop(
                    path, f"<card:addressbook-home-set>{_href(_HOME)}</card:addressbook-home-set>"
                )
            ]
        if path == _HOME:
            kind = "<d:resourcetype><d:collection/></d:resourcetype>"
            books = [self._book(each) for each in self.books] if depth == "1" else []
            return [_prop(path, kind), *books]
        if path.startswith(_HOME) and name in self.books:
            cards = self.books[name] if depth == "1" else {}
            return [
                self._book(name),
                *(_prop(path + key, _etag(text)) for key, text in cards.items()),
            ]
        return []

    def _book(self, name: str) -> str:
        kind = "<d:resourcetype><d:collection/><card:addressbook/></d:resourcetype>"
        tag = f"<cs:getctag>{hash(tuple(self.books[name].items()))}</cs:getctag>"
        return _prop(f"{_HOME}{name}/", kind + (tag if self.tags else ""))


def _multistatus(*responses: str) -> str:
    whole = "".join(responses)
    return f'<?xml version="1.0"?><d:multistatus {_NAMESPACES}>{whole}</d:multistatus>'


def _prop(href: str, properties: str) -> str:
    ok = f"<d:prop>{properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status>"
    missing = "<d:prop><d:nothing/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status>"
    return (
        f"<d:response>{_href(href)}<d:propstat>{ok}</d:propstat>"
        f"<d:propstat>{missing}</d:propstat></d:response>"
    )


def _data(href: str, text: str) -> str:
    return _prop(href, f"{_etag(text)}<card:address-data>{escape(text)}</card:address-data>")


def _etag(text: str) -> str:
    return f"<d:getetag>&quot;{hash(text)}&quot;</d:getetag>"


def _href(href: str) -> str:
    return f"<d:href>{href}</d:href>"
