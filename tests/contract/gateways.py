"""A relay's gateway as docs/relay.md describes it, over a company in memory."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.relayed import Page, Position, Relayed, page_as_json
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.gateway import GatewayTelco
from desk_phone.telco.service import Entry
from tests.fakes import FakeTelco

TOKEN = "dp1.d1.verborgen"
Answer = tuple[int, dict[str, Any]]

_STATUS = {Refused: 409, Uncertain: 502, Offline: 503, BadInput: 400, BadCredentials: 423}


class Gateway:
    """Does what it is asked with ``company``. ``lose``: so many answers never arrive."""

    def __init__(self, company: FakeTelco) -> None:
        self.company = company
        self.lose = 0
        self.says: list[Answer] = []  # in place of its own answers, in turn
        self.held: list[Relayed] = []
        self.heard: list[tuple[str, str, Mapping[str, str]]] = []
        self._outcomes: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="gateway"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def telco(self, token: str = TOKEN) -> GatewayTelco:
        return GatewayTelco(Account("P1", Secret(token), relay_url=self.url, device="d1"))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.heard.append((method, target, headers))
        if self.says:
            return self.says.pop(0)
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}
        key = headers.get("idempotency-key", "")
        if key in self._outcomes:
            return self._outcomes[key]
        try:
            outcome = self._do(method, target, headers, json.loads(body or b"{}"))
        except PhoneError as error:
            code = error.code if isinstance(error, Refused) else ""
            outcome = _STATUS[type(error)], {"kind": type(error).__name__, "code": code}
        if key:
            self._outcomes[key] = outcome
        return outcome

    def _do(
        self, method: str, target: str, headers: Mapping[str, str], given: dict[str, Any]
    ) -> Answer:
        url = urlsplit(target)
        parts = [unquote(part) for part in url.path.split("/")[2:]]
        match (method, *parts):
            case ("GET", "numbers"):
                return 200, {"numbers": list(self.company.numbers())}
            case ("POST", "calls"):
                self.company.call(given["own"], given["other"])
            case ("GET", "numbers", own, "history"):
                records = self.company.history(own).records or ()
                return 200, {"records": [asdict(record) for record in records]}
            case ("GET", "numbers", own, "notices"):
                return 200, self._page({k: v[0] for k, v in parse_qs(url.query).items()})
            case ("PUT", "numbers", own, "name"):
                self.company.name_line(own, given["first"], given["last"])
            case ("PUT", "numbers", own, "target"):
                self.company.activate_notices(own, given["url"])
            case ("DELETE", "numbers", own, "target"):
                self.company.deactivate_notices(own)
            case (_, "entries", *_):
                return self._entries(method, parts[1:], headers, given)
            case _:
                return 404, {}
        return 204, {}

    def _entries(
        self, method: str, which: list[str], headers: Mapping[str, str], given: dict[str, Any]
    ) -> Answer:
        if method == "GET":
            listed = [{**asdict(e), "version": _version(e)} for e in self.company.entries().entries]
            return 200, {"entries": listed}
        if method == "POST":
            self.company.add_entry(**given)
            return 204, {}
        known = self.company.entries_.get(which[0])
        if known and headers.get("if-match") != f'"{_version(known)}"':
            return 412, {}
        if method == "PUT":
            self.company.update_entry(Entry(which[0], **given))
            return 200, {"version": _version(self.company.entries_[which[0]])}
        self.company.delete_entry(which[0])
        return 204, {}

    def _page(self, query: Mapping[str, str]) -> dict[str, object]:
        after = int(query["after"]) if query.get("epoch") == "e1" else 0
        last = Position("e1", len(self.held)) if self.held else Position("", 0)
        return page_as_json(Page(last, tuple(self.held[after:])))


def _version(entry: Entry) -> str:
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._do
            raise AttributeError(name)

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = gateway.answer(self.command, self.path, headers, self.rfile.read(length))
            if gateway.lose:
                gateway.lose -= 1
                self.close_connection = True
                return
            self._say(*said, headers.get("if-none-match", ""))

        def _say(self, status: int, said: dict[str, Any], known: str) -> None:
            body = b"" if status == 204 else json.dumps(said).encode()
            etag = f'"{hashlib.sha256(body).hexdigest()}"'
            if status == 200 and known == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler
