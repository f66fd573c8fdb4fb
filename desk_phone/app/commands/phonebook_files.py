"""``phonebook import FILE`` and ``export FILE``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Result:
    """What became, or would become, of a row."""

    planned: Planned
    word: str
    words: str
    fine: bool


def import_file(desk: Desk, options: Options) -> Act[Said]:
    """Rows that cannot be imported are told by the status, and last; the others are."""
    file = Path(options.file)
    rows = yield from away(LaneName.DIAL, lambda: tuple(transfers.rows_in(file)))
    planned = yield from _plan(desk, rows)
    if options.dry_run:
        return _would_be(options, planned)
    return _was(options, (yield from _apply(desk, planned)))


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
    together = desk.phonebook.book.past.new_together()
    under_way = Import(planned, lambda each: transfers.put(desk.phonebook, each, together))
    while under_way.step():
        yield from away(LaneName.DIAL, _nothing)
    return under_way.outcomes()


def _would_be(options: Options, planned: Sequence[Planned]) -> Said:
    counts = Counter(p.verdict for p in planned)
    bad = counts.total() - sum(counts[verdict] for verdict in _GOOD)
    add, change, same = (counts[verdict] for verdict in _GOOD)
    summary = (
        (add, ntr("%(n)d would be added", "%(n)d would be added", add)),
        (change, ntr("%(n)d would be changed", "%(n)d would be changed", change)),
        (same, ntr("%(n)d the same", "%(n)d the same", same)),
        (bad, ntr("%(n)d cannot be imported", "%(n)d cannot be imported", bad)),
    )
    results = [_Result(p, str(p.verdict), p.words, p.verdict in _GOOD) for p in planned]
    out = _out(options, results, [text for count, text in summary if count])
    if not bad:
        return Said(out=out)
    title = ntr("%(n)d row cannot be imported", "%(n)d rows cannot be imported", bad)
    return of_error(BadInput(title, tr("Nothing was changed.")), out)


def _was(options: Options, outcomes: Sequence[Outcome]) -> Said:
    counts = Counter(o.became for o in outcomes)
    bad = counts.total() - sum(counts[became] for became in _FINE)
    added, changed, same = (counts[became] for became in _FINE)
    summary = (
        (added, ntr("%(n)d added", "%(n)d added", added)),
        (changed, ntr("%(n)d changed", "%(n)d changed", changed)),
        (same, ntr("%(n)d the same", "%(n)d the same", same)),
        (bad, ntr("%(n)d not imported", "%(n)d not imported", bad)),
    )
    results = [_Result(o.planned, str(o.became), o.words, o.became in _FINE) for o in outcomes]
    out = _out(options, results, [text for count, text in summary if count])
    if not bad:
        return Said(out=out)
    title = ntr("%(n)d row is not imported", "%(n)d rows are not imported", bad)
    return of_error(BadInput(title, tr("Mend the file and import it again.")), out)


def _out(options: Options, results: Sequence[_Result], summary: Sequence[str]) -> str:
    """As lines those that are fine first: what a person must look at stands at the end."""
    if options.json:
        return as_json([_record(result) for result in results])
    lines = map(_line, sorted(results, key=lambda result: not result.fine))
    last = ", ".join(summary) or tr("Nothing was imported.")
    return "".join(f"{line}\n" for line in (*lines, last))


def _record(result: _Result) -> dict[str, object]:
    row = result.planned.row
    return {
        "line": row.line,
        "name": result.planned.name or row.name,
        "result": result.word,
        "words": result.words,
    }


def _line(result: _Result) -> str:
    row = result.planned.row
    name = result.planned.name or row.name
    return f"{row.line:>5}  {result.word:9}  {name:32}  {result.words}".rstrip()


def _nothing() -> None:
    """On a lane: others' turn."""
