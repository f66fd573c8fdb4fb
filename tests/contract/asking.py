"""What the tests of the relay's gateway share: requests, their answers, and the audit log."""

from __future__ import annotations

from desk_phone.relay.company.told import version
from desk_phone.relay.state import audit
from desk_phone.relay.state.devices import Rights
from desk_phone.telco.service import Entry
from tests.contract.relays import Desk, Relay, Said

OWN, OTHER_OWN, CALLER = "+3726401234", "+3726403231", "+3725123456"
ALICE = Entry("1", "Alice", "+3725550001")
ALL = Rights((OWN,), may_edit=True, may_target=True)
CALL = {"own": OWN, "other": CALLER}
NAMED = {"name": "Bob", "number1": CALLER, "number2": ""}
MATCH = f'"{version(ALICE)}"'

Ask = tuple[str, str, dict[str, str], dict[str, str]]
READS: list[Ask] = [
    ("GET", "/v1/me", {}, {}),
    ("GET", "/v1/numbers", {}, {}),
    ("GET", f"/v1/numbers/{OWN}/history", {}, {}),
    ("GET", f"/v1/numbers/{OWN}/notices?epoch=&after=0", {}, {}),
    ("GET", "/v1/entries", {}, {}),
]
CHANGES: list[Ask] = [
    ("POST", "/v1/calls", CALL, {}),
    ("PUT", f"/v1/numbers/{OWN}/name", {"first": "Mari", "last": "Maasikas"}, {}),
    ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://a.ee/x"}, {}),
    ("DELETE", f"/v1/numbers/{OWN}/target", {}, {}),
    ("POST", "/v1/entries", NAMED, {}),
    ("PUT", "/v1/entries/1", NAMED, {"If_Match": MATCH}),
    ("DELETE", "/v1/entries/1", {}, {"If_Match": MATCH}),
]


def named(ask: Ask) -> str:
    return f"{ask[0]} {ask[1].partition('?')[0]}"


def ask(desk: Desk, request: Ask, key: str = "", **headers: str) -> Said:
    method, path, body, own = request
    return desk.ask(method, path, body or b"", key, **own, **headers)


def outcomes(relay: Relay, desk: Desk | None = None) -> list[tuple[str, str]]:
    """What the audit log says that this device did, or all of them, oldest first."""
    assert relay.do(audit.check) == 0
    rows = reversed(relay.do(lambda db: audit.rows(db, 0, 10_000)))
    whose = desk.token.split(".")[1] if desk else "d-"
    return [(row.act.what.value, row.outcome) for row in rows if row.act.who.startswith(whose)]


def kind(said: Said) -> tuple[int, str, str]:
    given = said.json
    assert set(given) == {"kind", "code"}
    return said.status, given["kind"], given["code"]
