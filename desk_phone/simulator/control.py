"""Steering a running simulator: ``GET /_control`` tells its state, ``POST /_control`` changes it.

A POST's body is one JSON object with any of these members, done in this order; the answer is the
state afterwards. Seconds are real ones, whatever the speed.

* ``"clear": true`` or ``"clear": "latency"``: switch off all faults, or those of one name.
* ``"fault": "lost@clickToCall*1"`` or ``{"name": "lost", "value": "", "operation": "clickToCall",
  "times": 1}``, or a list of either: switch faults on (names: `tricks.TRICKS`).
* ``"quiet": true``: stop the life of its own; ``false``: go on.
* ``"records": 3000``: every own number's history has so many records now, and no other.
* ``"dials": "answered"`` (or ``"missed"``, or null for chance): what becomes of clickToCalls.
* ``"ring": {"own": "3726401234", "other": "5123456", "name": "", "fate": "missed", "after": 0,
  "visible_while_ringing": false, "ring_seconds": 0, "talk_seconds": 60}`` or a list of such: calls;
  only ``own`` and ``other`` (empty: withheld) are needed.
* ``"entry": {"name": "...", "number1": "...", "number2": "", "id": "12"}``: another writer adds an
  entry, or with an ``id`` changes that one. ``"delete_entry": "12"``: and deletes one.

A browser's request (with an ``Origin``) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields

from desk_phone.simulator.answer import Answer
from desk_phone.simulator.calls import Fate
from desk_phone.simulator.company import Refusal
from desk_phone.simulator.faults import Fault, fault, read_fault
from desk_phone.simulator.living import Living
from desk_phone.simulator.server import JSON
from desk_phone.simulator.tricks import TRICKS
from desk_phone.simulator.wire import writable
from desk_phone.simulator.world import Ring, World
from desk_phone.telco.service import Entry

_RECORDS_AT_MOST = 50_000
_SECONDS_AT_MOST = 10_000_000.0  # four months


class BadWish(ValueError):
    """A control request that cannot be understood; the text says why."""


class Control:
    def __init__(self, world: World, living: Living) -> None:
        self._world = world
        self._living = living
        self._deeds = {
            "clear": self._clear,
            "fault": self._fault,
            "quiet": self._quiet,
            "records": self._records,
            "dials": self._dials,
            "ring": self._ring,
            "entry": self._entry,
            "delete_entry": self._delete_entry,
        }

    def answer(self, body: bytes | None) -> Answer:
        """The state; for a POST's body, after doing what it says.

        400 tells what was not understood; what stood before it has been done then.
        """
        try:
            if body is not None:
                with self._world.lock:
                    self._do(json.loads(body))
        except RecursionError:
            return _json({"error": "too deep"}, 400)
        except (ValueError, Refusal) as error:  # bad JSON, UnknownFault and BadWish are ValueErrors
            return _json({"error": str(error)}, 400)
        return _json(self.state())

    def state(self) -> dict[str, object]:
        """What the control address tells, ready for JSON."""
        world = self._world
        with world.lock:
            company = world.company
            return {
                "own": list(company.own),
                "dialled": [
                    {"own": each.own, "other": each.other, "at": each.at.isoformat()}
                    for each in company.dialled
                ],
                "requests": dict(world.requests),
                "entries": [asdict(entry) for entry in company.entries()],
                "activated": dict(company.targets),
                "line_names": {
                    own: f"{name.first} {name.last}" for own, name in company.line_names.items()
                },
                "calls": {own: len(company.calls(own)) for own in company.own},
                "notices": [asdict(sent) for sent in world.notices.sent],
                "faults": [str(fault) for fault in world.faults.on],
                "quiet": self._living.quiet,
            }

    def _do(self, wishes: object) -> None:
        if not isinstance(wishes, dict):
            raise BadWish("a JSON object is wanted")
        if unknown := sorted(set(wishes) - set(self._deeds)):
            raise BadWish(f"unknown: {', '.join(map(str, unknown))}")
        for name, deed in self._deeds.items():
            if name in wishes:
                deed(wishes[name])

    def _clear(self, wish: object) -> None:
        name = "" if wish is True else str(wish)
        if wish is not True and name not in TRICKS:
            raise BadWish("clear: true or a fault's name is wanted")
        self._world.faults.clear(name)

    def _fault(self, wish: object) -> None:
        for each in wish if isinstance(wish, list) else [wish]:
            self._world.faults.switch_on(_read_fault(each))

    def _quiet(self, wish: object) -> None:
        if not isinstance(wish, bool):
            raise BadWish("quiet: true or false is wanted")
        self._living.be_quiet(wish)

    def _records(self, wish: object) -> None:
        if isinstance(wish, bool) or not isinstance(wish, int):
            raise BadWish("records: a number is wanted")
        if not 0 <= wish <= _RECORDS_AT_MOST:
            raise BadWish(f"records: from 0 to {_RECORDS_AT_MOST}")
        self._world.set_records(wish)

    def _dials(self, wish: object) -> None:
        self._world.dial_fate = None if wish is None else Fate(str(wish))

    def _ring(self, wish: object) -> None:
        for each in wish if isinstance(wish, list) else [wish]:
            self._world.ring(_read_ring(_Members(each)))

    def _entry(self, wish: object) -> None:
        members = _Members(wish)
        entry = Entry(
            members.text("id", ""),
            members.text("name"),
            members.text("number1"),
            members.text("number2", ""),
        )
        if entry.id:
            self._world.company.update(entry)
        else:
            self._world.company.add(entry.name, entry.number1, entry.number2)

    def _delete_entry(self, wish: object) -> None:
        self._world.company.delete(str(wish))


class _Members:
    """The members of a JSON object, each of the type that is wanted; raises BadWish."""

    def __init__(self, wish: object) -> None:
        if not isinstance(wish, dict):
            raise BadWish(f"an object is wanted, not {wish!r}")
        self._members: Mapping[str, object] = wish

    def text(self, name: str, default: str | None = None) -> str:
        value = self._members.get(name, default)
        if not isinstance(value, str) or not writable(value):
            raise BadWish(f"{name}: a text is wanted")
        return value

    def number(self, name: str, default: float, least: float = 0.0) -> float:
        value = self._members.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadWish(f"{name}: a number is wanted")
        if not least <= value <= _SECONDS_AT_MOST:
            raise BadWish(f"{name}: from {least:.0f} to {_SECONDS_AT_MOST:.0f}")
        return float(value)

    def words(self, name: str) -> str:
        """A text or a number, as text."""
        return str(self._members.get(name, ""))

    def flag(self, name: str) -> bool:
        value = self._members.get(name, False)
        if not isinstance(value, bool):
            raise BadWish(f"{name}: true or false is wanted")
        return value

    def none_but(self, *names: str) -> None:
        if unknown := sorted(set(self._members) - set(names)):
            raise BadWish(f"unknown: {', '.join(unknown)}")


def _read_ring(members: _Members) -> Ring:
    members.none_but(*(field.name for field in fields(Ring)))
    return Ring(
        own=members.text("own"),
        other=members.text("other"),
        name=members.text("name", ""),
        fate=Fate(members.text("fate", Fate.MISSED)),
        after=members.number("after", 0.0, -_SECONDS_AT_MOST),
        visible_while_ringing=members.flag("visible_while_ringing"),
        ring_seconds=members.number("ring_seconds", 0.0),
        talk_seconds=members.number("talk_seconds", 60.0),
    )


def _read_fault(wish: object) -> Fault:
    if isinstance(wish, str):
        return read_fault(wish)
    members = _Members(wish)
    times = int(members.number("times", 0))
    name, operation = members.text("name"), members.text("operation", "")
    return fault(name, members.words("value"), operation, times or None)


def _json(value: object, status: int = 200) -> Answer:
    text = json.dumps(value, ensure_ascii=False)
    return Answer(text.encode("utf-8", "replace"), status, JSON)
