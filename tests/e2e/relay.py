"""A company's relay as a desk sees it: its gateway, and a real broker; a test says what happens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from desk_phone.model.calls import Notice
from desk_phone.model.relayed import (
    RELAY_TOPIC,
    UP,
    Page,
    Position,
    Relayed,
    notices_topic,
    page_as_json,
    state_topic,
    write,
    write_state,
)
from desk_phone.simulator.company import USER
from tests.contract.brokers import Mosquitto
from tests.desktop import Desktop
from tests.e2e.program import OWN, Company

CODE, TOKEN = "ABCD-EFGH-IJKL", "dp1.d1.verborgen"


class Relay:
    """Its token is no password of the company: who takes it there is refused."""

    def __init__(self, desktop: Desktop, company: Company) -> None:
        self._company = company
        folder = desktop.folder / "broker"
        folder.mkdir()
        self.broker = Mosquitto(folder)
        self.held: list[Relayed] = []
        self.asked: list[str] = []
        self._codes = {CODE}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, name="gateway")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self.broker.start()
        self._thread.start()
        self.beat()
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.broker.stop()

    def ring(self, other: str, name: str, publish: bool = True, ago: float = 0) -> None:
        """Somebody calls; ``publish`` False: the broker loses it."""
        position = Position("e1", len(self.held) + 1)
        at = datetime.fromtimestamp(int(time.time() - ago), UTC)
        relayed = Relayed(position, at, Notice(OWN, other, at, name, "Start", "No"))
        self.held.append(relayed)
        if publish:
            self.broker.publish(notices_topic(OWN), write(relayed))

    def beat(self) -> None:
        """The heartbeat of the line, and that the relay is there."""
        last = Position("e1", len(self.held))
        self.broker.publish(RELAY_TOPIC, UP, retain=True)
        self.broker.publish(state_topic(OWN), write_state(last, datetime.now(UTC)), retain=True)

    # the gateway

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
        url = urlsplit(target)
        self.asked.append(f"{method} {url.path}")
        if url.path == "/v1/enrol":
            return self._enrol(json.loads(body)["code"])
        if url.path.endswith("/notices"):
            return 200, self._page({k: v[0] for k, v in parse_qs(url.query).items()})
        known: dict[str, dict[str, Any]] = {
            "/v1/me": {**self._place(), "name": "Mari"},
            "/v1/numbers": {"numbers": [OWN]},
            "/v1/entries": {"entries": []},
        }
        if url.path.endswith("/history"):
            return 200, {"records": []}
        return (200, known[url.path]) if url.path in known else (404, {})

    def _enrol(self, code: str) -> tuple[int, dict[str, Any]]:
        if code not in self._codes:
            return 404, {}
        self._codes.remove(code)
        broker = {"host": "127.0.0.1", "port": self.broker.port, "tls": False}
        login = {"user": "d1", "password": "anything"}
        return 201, {**self._place(), "token": TOKEN, "broker": {**broker, **login}}

    def _place(self) -> dict[str, Any]:
        company = {"user": USER, "service_url": self._company.url}
        return {"device": "d1", "numbers": [OWN], "may_edit": True, "company": company}

    def _page(self, query: dict[str, str]) -> dict[str, object]:
        after = int(query["after"]) if query.get("epoch") == "e1" else 0
        return page_as_json(Page(Position("e1", len(self.held)), tuple(self.held[after:])))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self._do
                raise AttributeError(name)

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                status, said = relay.answer(self.command, self.path, self.rfile.read(length))
                answer = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                return

        return Handler
