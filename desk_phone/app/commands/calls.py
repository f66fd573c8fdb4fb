"""``calls``: look once, then print what is known, newest first, or the week in figures."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from desk_phone.app.acts import Act, LaneName
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.commands.week import week_as_json, week_as_table
from desk_phone.app.poll import poll
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.model.numbers import is_e164, shown
from desk_phone.model.outcomes import Became, own_outcome
from desk_phone.model.week import week_of
from desk_phone.options import Options
from desk_phone.said import Said, as_json
from desk_phone.store.calls import CallFilter, CallLedger

_PAGE = 500
_ZONE = "Europe/Tallinn"


def calls(desk: Desk, options: Options) -> Act[Said]:
    """A look that fails is told by the status; what was known before is printed all the same."""
    trouble: PhoneError | None = None
    if not options.offline:
        try:
            looked = yield from poll(
                desk.access, desk.ledger, desk.looked, desk.own, desk.now, LaneName.DIAL
            )
            desk.told(looked.changes)
        except PhoneError as error:
            trouble = error
    out = _week(desk, options) if options.week else _list(desk, options)
    return of_trouble(trouble, out) if trouble else Said(out=out)


def _week(desk: Desk, options: Options) -> str:
    now = desk.now()
    report = desk.ledger.weeks.report(week_of(now), now)
    return week_as_json(report) if options.json else week_as_table(report)


def _list(desk: Desk, options: Options) -> str:
    known = _all(desk.ledger, CallFilter.MISSED if options.missed else CallFilter.ALL)
    return as_json(_noted(desk.ledger, known)) if options.json else _as_table(desk, known)


def _all(ledger: CallLedger, chosen: CallFilter) -> list[Call]:
    found: list[Call] = []
    while True:
        page = ledger.page(chosen, "", found[-1] if found else None, _PAGE)
        found += page
        if len(page) < _PAGE:
            return found


def _noted(ledger: CallLedger, known: list[Call]) -> list[dict[str, object]]:
    notes = ledger.notes.of_calls(call.id for call in known)
    return [_as_json(call, notes.get(call.id, "")) for call in known]


def _as_json(call: Call, note: str) -> dict[str, object]:
    """``other`` is E.164 or null: also for a short number, and one that is in no plan.

    ``attention`` is what became of a missed call here, empty for every other call.
    """
    return {
        "id": call.id,
        "record_id": call.record_id,
        "own": call.own,
        "other": call.other if is_e164(call.other) else None,
        "direction": str(call.direction),
        "outcome": str(call.outcome),
        "start": _iso(call.start),
        "answered": _iso(call.answered),
        "released": _iso(call.released),
        "name": call.name,
        "name_source": str(call.name_source),
        "attention": str(call.attention),
        "note": note,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(ZoneInfo(_ZONE)).isoformat()


def _as_table(desk: Desk, known: list[Call]) -> str:
    lines = (f"{_line(call, _what(call, desk.looked.at(call.own)))}\n" for call in known)
    return "".join(lines) if known else tr("No calls.") + "\n"


def _line(call: Call, what: str) -> str:
    at = call.start.astimezone().strftime("%Y-%m-%d %H:%M")
    number = shown(call.other) if call.other else tr("Number withheld")
    return "  ".join((at, f"{what:12}", f"{number:16}", call.name)).rstrip()


def _what(call: Call, looked: datetime | None) -> str:
    if own_outcome(call, looked).became is Became.NOT_LIFTED:
        return tr("not lifted")
    words = {
        Outcome.MISSED: tr("missed"),
        Outcome.UNANSWERED: tr("no answer"),
        Outcome.RINGING: tr("ringing"),
    }
    directions = {Direction.INCOMING: tr("incoming"), Direction.OUTGOING: tr("outgoing")}
    return words.get(call.outcome) or directions.get(call.direction, "")
