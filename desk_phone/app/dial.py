"""One dial function for every way to dial, free of Qt: read, decide, note, send."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName
from desk_phone.errors import BadInput, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change, Dialled
from desk_phone.model.dialing import Decision, Restraint, Source, Why, decide, restrain
from desk_phone.model.numbers import shown
from desk_phone.model.reading import Problem, Reading, of_key, read
from desk_phone.store.calls import CallLedger


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish to dial, read and judged. ``name`` is who it is, if known; ``own`` rings first."""

    reading: Reading
    decision: Decision
    source: Source
    own: str
    name: str = ""


class TooSoon(BadInput):
    """The limits against double clicks and runaway programs. ``same``: this number, just now."""

    def __init__(self, title: str, message: str, same: bool) -> None:
        super().__init__(title, message)
        self.same = same


def plan(
    text: str, source: Source, own: str, ledger: CallLedger, colleagues: AbstractSet[str]
) -> Plan:
    """Judge what a person typed, clicked or pasted."""
    return _judged(read(text), source, own, ledger, colleagues)


def plan_key(
    key: str, source: Source, own: str, ledger: CallLedger, colleagues: AbstractSet[str]
) -> Plan:
    """Judge a canonical number, such as one of the history's, however odd it is."""
    return _judged(of_key(key), source, own, ledger, colleagues)


def _judged(
    reading: Reading, source: Source, own: str, ledger: CallLedger, colleagues: AbstractSet[str]
) -> Plan:
    decision = decide(reading, source, own, colleagues)
    name, _ = ledger.name_of(reading.key) if reading.key else ("", None)
    return Plan(reading, decision, source, own, name)


def dial(
    plan: Plan,
    access: Access,
    ledger: CallLedger,
    now: datetime,
    told: Callable[[tuple[Change, ...]], object] = lambda _: None,
) -> Act[None]:
    """Ring the own phone, then the other: sent once, never again.

    ``plan`` must have been decided for: its verdict is not judged here. Raises BadInput (no line
    chosen, `TooSoon`) or what the service's `Telco.call` raises. A dial that surely was not made
    leaves no row; one that may have been made stays, whatever ends the waiting for the answer.
    ``told`` hears what the ledger changed, and again when it took that back.
    """
    if not plan.own:
        raise no_line()
    other = plan.reading.key
    _hold_back(other, ledger, now)
    changes = ledger.record(Dialled(plan.own, other, now), now=now)
    told(changes)
    try:
        yield from access.ask(LaneName.DIAL, lambda telco: telco.call(plan.own, other))
    except Uncertain:
        raise
    except PhoneError:
        with suppress(BadInput):  # no room to take it back: the person needs the first reason more
            ledger.withdraw(_nearest(changes, now).id)
        told(changes)
        raise


def _nearest(changes: tuple[Change, ...], at: datetime) -> Call:
    """The call that a dial is of; noting it may have sorted its neighbours anew."""
    return min((change.after for change in changes), key=lambda call: abs(call.start - at))


def _hold_back(other: str, ledger: CallLedger, now: datetime) -> None:
    restraint = restrain(other, now, ledger.dialled_since(now - timedelta(minutes=1)))
    if restraint is Restraint.SAME_AGAIN:
        raise TooSoon(
            tr("%(number)s was dialled just now") % {"number": shown(other)},
            tr("Look at your phone. If it does not ring, try again in ten seconds."),
            same=True,
        )
    if restraint is Restraint.TOO_MANY:
        raise TooSoon(
            tr("Six calls a minute are enough"),
            tr("Nothing was sent. Wait a moment, then call again."),
            same=False,
        )


def no_line() -> BadInput:
    return BadInput(
        tr("Your line is not chosen yet"),
        tr("Choose the number of the phone on your desk in the settings."),
    )


def refusal(plan: Plan) -> BadInput:
    """Why a plan whose verdict is REFUSE is not dialled."""
    title = tr("%(text)s cannot be called") % {"text": plan.reading.shown[:40] or "?"}
    return BadInput(title, _why_refused(plan))


def _why_refused(plan: Plan) -> str:
    match plan.decision.why:
        case Why.EMERGENCY:
            return tr("Lift the handset and dial it there: emergency calls must not wait for us.")
        case Why.SATELLITE:
            return tr("Satellite and international premium numbers cost too much for a click.")
        case Why.ITSELF:
            return tr("It is your own phone.")
    return why_unreadable(plan.reading.problem)


def why_unreadable(problem: Problem) -> str:
    """Why a text cannot be dialled, in a sentence."""
    words = {
        Problem.NONE: tr("There is no number."),
        Problem.EMPTY: tr("There is no number."),
        Problem.LETTERS: tr("A phone number has no letters."),
        Problem.CODES: tr("* and # would switch services of the phone: dial them on the phone."),
        Problem.PAUSES: tr("Pauses and extra digits cannot be sent: dial them on the phone."),
        Problem.TOO_SHORT: tr("Too short for a phone number."),
        Problem.TOO_LONG: tr("Too long for a phone number."),
        Problem.RANGE: tr("This is a range of numbers: choose one."),
        Problem.DATE: tr("This is a date."),
        Problem.NO_PLAN: tr("No phone number is as long as this."),
    }
    return words[problem]
