"""One sync of the company's phonebook, free of Qt: list, judge, reconcile, tell, list again.

docs/sync.md is its description. What must survive a crash is committed before the request leaves,
and nothing counts as done until a list shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from desk_phone.app.acts import Act, LaneName
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.model.entries import Content, Kind
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.model.verdict import LOOK_AGAIN, Trust
from desk_phone.store.phonebook_exchange import Exchange, Listed, Taken
from desk_phone.telco.service import Entry, Telco

R = TypeVar("R")

ADDS_AT_ONCE = 50  # between two lists

_ANSWERS = {  # the documented codes; of all others nobody knows what was done
    "ERR002": Answer.REFUSED,
    "ERR003": Answer.NOT_ALLOWED,
    "ERR1002": Answer.NO_SUCH_ID,
    "ERR1003": Answer.REFUSED,
}


class Ask(Protocol):
    """Like `Access.ask`."""

    def __call__(self, lane: LaneName, question: Callable[[Telco], R]) -> Act[R]: ...


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to. ``changed`` are our ids; ``sent`` counts requests that wrote.

    ``trust`` is the verdict on its last list. ``look_again`` is set when the list cannot be
    believed: the pause before the next look. ``stopped``: somebody stopped it, more is to be sent.
    """

    trust: Trust
    sent: int
    changed: frozenset[int]
    clashes: int
    look_again: timedelta | None = None
    stopped: bool = False


def sync(
    ask: Ask,
    exchange: Exchange,
    now: Callable[[], datetime],
    going: Callable[[], bool] = lambda: True,
) -> Act[Synced]:
    """Bring our phonebook and the service's together; one at a time.

    ``going`` is asked before each write: false ends the sync there, and the next goes on. Raises
    PhoneError; what was brought together until then stays, and the next sync goes on.
    """
    exchange.begin()
    run = _Run()
    while True:
        taken = exchange.take((yield from ask(LaneName.UPKEEP, _list)), now())
        run.changed.update(taken.changed)
        run.clashes += taken.clashes
        batch = _batch(taken, run)
        if not batch or not going():
            return _ended(taken, run, stopped=bool(batch))
        if not run.tried:
            exchange.before_writing(now())
        for push in batch:
            if not going():
                return _ended(taken, run, stopped=True)
            run.tried.add(push)
            yield from _tell(push, ask, exchange, now, run)


@dataclass(slots=True)
class _Run:
    tried: set[Push] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    clashes: int = 0
    sent: int = 0


def _list(telco: Telco) -> Listed:
    """On the lane."""
    entries = telco.entries()
    digest = hashlib.sha256(repr(entries).encode()).hexdigest()
    return Listed(tuple((entry.id, _content(entry)) for entry in entries), digest)


def _content(entry: Entry) -> Content:
    return Content(entry.name, entry.number1, entry.number2)


def _batch(taken: Taken, run: _Run) -> list[Push]:
    """One change, which needs a list of its own, or else adds; nothing twice."""
    new = [push for push in taken.pushes if push not in run.tried]
    changes = [push for push in new if push.kind is not Kind.ADD]
    return changes[:1] or new[:ADDS_AT_ONCE]


def _tell(
    push: Push, ask: Ask, exchange: Exchange, now: Callable[[], datetime], run: _Run
) -> Act[None]:
    """Intent, request, answer; raises what ends the whole sync."""
    write = exchange.intend(push, now())
    if write is None:
        return
    run.changed.add(push.contact)
    run.sent += 1
    try:
        yield from ask(LaneName.UPKEEP, lambda telco: _deliver(telco, push))
    except PhoneError as error:
        answer = _answer(error)
        exchange.answered(push, write, answer, now(), _words(error))
        if answer not in (Answer.REFUSED, Answer.NO_SUCH_ID):
            raise
    else:
        exchange.answered(push, write, Answer.DONE, now())


def _deliver(telco: Telco, push: Push) -> None:
    """On the lane."""
    content = push.content
    match push.kind:
        case Kind.ADD:
            telco.add_entry(content.name, content.number1, content.number2)
        case Kind.UPDATE:
            telco.update_entry(
                Entry(push.server_id, content.name, content.number1, content.number2)
            )
        case Kind.DELETE:
            telco.delete_entry(push.server_id)


def _answer(error: PhoneError) -> Answer:
    if isinstance(error, Offline):
        return Answer.NOT_SENT
    if isinstance(error, BadInput):
        return Answer.REFUSED
    if isinstance(error, BadCredentials):
        return Answer.NOT_ALLOWED
    if isinstance(error, Refused):
        return _ANSWERS.get(error.code, Answer.UNKNOWN)
    return Answer.UNKNOWN


def _words(error: PhoneError) -> str:
    return str(error) if isinstance(error, Refused | BadInput | BadCredentials) else ""


def _ended(taken: Taken, run: _Run, stopped: bool) -> Synced:
    pause = None
    if taken.trust is not Trust.TRUSTED:
        pause = taken.suspicion.look_again if taken.suspicion else LOOK_AGAIN[0]
    return Synced(taken.trust, run.sent, frozenset(run.changed), run.clashes, pause, stopped)
