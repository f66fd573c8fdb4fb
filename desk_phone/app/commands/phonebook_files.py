"""``phonebook import FILE`` and ``export FILE``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk_phone.app import transfers
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.commands.desk import Desk
from desk_phone.errors import BadInput
from desk_phone.i18n import ntr, spoken, tr
from desk_phone.options import Options
from desk_phone.said import Said, as_json, of_error
from desk_phone.transfer.applying import Became, Import, Outcome
from desk_phone.transfer.planning import Planned, Verdict, planning
from desk_phone.transfer.rows import Row

_FINE = (Became.ADDED, Became.CHANGED, Became.SAME)
_GOOD = (Verdict.ADD, Verdict.CHANGE, Verdict.SAME)


def import_file(desk: Desk, options: Options) -> Act[Said]:
    """Rows that cannot be imported are told by the status; the others are."""
    file = Path(options.file)
    rows = yield from away(LaneName.DIAL, lambda: tuple(transfers.rows_in(file)))
    planned = yield from _plan(desk, rows)
    if options.dry_run:
        results = [(p, str(p.verdict), p.words) for p in planned]
        return _said(options, results, sum(p.verdict not in _GOOD for p in planned))
    outcomes = yield from _apply(desk, planned)
    results = [(o.planned, str(o.became), o.words) for o in outcomes]
    return _said(options, results, sum(o.became not in _FINE for o in outcomes))


def export_file(desk: Desk, options: Options) -> Act[Said]:
    entries = transfers.entries_of(desk.phonebook)
    file, language = Path(options.file), spoken()
    yield from away(LaneName.DIAL, lambda: transfers.write(entries, file, language))
    if options.json:
        return Said(out=as_json({"outcome": "done", "entries": len(entries)}))
    written = ntr("%(n)d entry was written to", "%(n)d entries were written to", len(entries))
    return Said(out=f"{written} {file}\n")


def _plan(desk: Desk, rows: Sequence[Row]) -> Act[tuple[Planned, ...]]:
    """Between two steps the windows may have their turn."""
    steps = planning(rows, transfers.known(desk.phonebook))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return tuple(end.value)
        yield from away(LaneName.DIAL, _nothing)


def _apply(desk: Desk, planned: Sequence[Planned]) -> Act[tuple[Outcome, ...]]:
    under_way = Import(planned, lambda each: transfers.put(desk.phonebook, each))
    while under_way.step():
        yield from away(LaneName.DIAL, _nothing)
    return under_way.outcomes()


def _said(options: Options, results: list[tuple[Planned, str, str]], bad: int) -> Said:
    if options.json:
        out = as_json(
            [
                {"line": p.row.line, "name": p.name or p.row.name, "result": result, "words": words}
                for p, result, words in results
            ]
        )
    else:
        out = "".join(f"{_line(*result)}\n" for result in results)
    if not bad:
        return Said(out=out)
    title = ntr("%(n)d row is not imported", "%(n)d rows are not imported", bad)
    return of_error(BadInput(title, tr("Mend the file and import it again.")), out)


def _line(planned: Planned, result: str, words: str) -> str:
    name = planned.name or planned.row.name
    return f"{planned.row.line:>5}  {result:9}  {name:32}  {words}".rstrip()


def _nothing() -> None:
    """On a lane: others' turn."""
