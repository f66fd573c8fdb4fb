"""One sync of the company's phonebook, free of Qt: list, judge, reconcile, tell, list again.

docs/sync.md is its description. What must survive a crash is committed before the request leaves,
and nothing counts as done until a list shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar, cast

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.model.company import AnotherCompany, Company
from desk_phone.model.entries import Content, Kind
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.model.verdict import LOOK_AGAIN, Trust
from desk_phone.store.phonebook_exchange import Exchange, Taken
from desk_phone.store.phonebook_narrow import Known, Listed, Unchanged
from desk_phone.store.steps import Steps
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
    """Like `Access.ask`: raises AnotherCompany before anything is sent, where the account is not
    ``company``'s."""

    def __call__(
        self, lane: LaneName, question: Callable[[Telco], R], company: Company
    ) -> Act[R]: ...


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
    company: Company,
    now: Callable[[], datetime],
    going: Callable[[], bool] = lambda: True,
) -> Act[Synced]:
    """Bring our phonebook and the service's together, as ``company``; one at a time.

    ``going`` is asked before each write: false ends the sync there, and the next goes on. Raises
    PhoneError (AnotherCompany: the copy is another's); what was brought together until then stays,
    and the next sync goes on.
    """
    exchange.begin(company)
    run = _Run(lambda question: ask(LaneName.UPKEEP, question, company))
    while True:
        taken = yield from _look(exchange, run, now)
        run.changed.update(taken.changed)
        run.clashes += taken.clashes
        batch = _batch(taken, run)
        if not batch or not going():
            return _ended(taken, run, stopped=bool(batch))
        if not run.tried:
            yield from _through(exchange.before_writing(now()))
        for push in batch:
            if not going():
                return _ended(taken, run, stopped=True)
            run.tried.add(push)
            yield from _tell(push, exchange, now, run)


class _AskOne(Protocol):
    def __call__(self, question: Callable[[Telco], R]) -> Act[R]: ...


@dataclass(slots=True)
class _Run:
    ask: _AskOne
    tried: set[Push] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    clashes: int = 0
    sent: int = 0


def _look(exchange: Exchange, run: _Run, now: Callable[[], datetime]) -> Act[Taken]:
    """Ask for a list and take it in."""
    while True:
        asked = now()
        known = exchange.known(asked)
        listed = yield from run.ask(partial(_list, known))
        exchange.lists.append(listed.wire_bytes)
        if isinstance(listed, Listed):
            return (yield from _through(exchange.taking(listed, asked, now())))
        if exchange.rests_on(known, listed.body, now()):
            return Taken(Trust.TRUSTED)
        # A person changed something meanwhile: what the list says is needed after all.


def _list(known: Known, telco: Telco) -> Listed | Unchanged:
    """On the lane."""
    listing = telco.entries(known.body)
    entries = listing.entries
    if entries is None:
        return Unchanged(known.body, listing.wire_bytes)
    digest = hashlib.sha256(repr(entries).encode()).hexdigest()
    if digest == known.digest:
        return Unchanged(listing.digest, listing.wire_bytes)
    contents = tuple((entry.id, _content(entry)) for entry in entries)
    return Listed(contents, digest, listing.digest, listing.wire_bytes)


def _through(steps: Steps[R]) -> Act[R]:
    """Steps of the store, what they yield on the lane."""
    try:
        work = next(steps)
        while True:
            work = steps.send((yield from away(LaneName.UPKEEP, work)))
    except StopIteration as end:
        return cast("R", end.value)


def _content(entry: Entry) -> Content:
    return Content(entry.name, entry.number1, entry.number2)


def _batch(taken: Taken, run: _Run) -> list[Push]:
    """One change, which needs a list of its own, or else adds; nothing twice."""
    new = [push for push in taken.pushes if push not in run.tried]
    changes = [push for push in new if push.kind is not Kind.ADD]
    return changes[:1] or new[:ADDS_AT_ONCE]


def _tell(push: Push, exchange: Exchange, now: Callable[[], datetime], run: _Run) -> Act[None]:
    """Intent, request, answer; raises what ends the whole sync."""
    write = exchange.intend(push, now())
    if write is None:
        return
    run.changed.add(push.contact)
    run.sent += 1
    try:
        yield from run.ask(lambda telco: _deliver(telco, push))
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
    if isinstance(error, Offline | AnotherCompany):
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
