"""What one transaction changed, each call once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desk_phone.model.calls import Attention, Call, Change, Outcome
from desk_phone.store.rows import Row


class Tally:
    def __init__(self) -> None:
        self._before: dict[int, Row | None] = {}
        self._after: dict[int, Row] = {}
        self._merged: list[tuple[Row, int]] = []
        self._told: set[int] = set()  # calls that somebody heard of as missed before
        self._mentioned: set[int] = set()
        self.others: set[str] = set()  # with whom these calls are, or were

    def note(self, before: Row | None, after: Row, merged: Sequence[Row] = ()) -> None:
        """``merged`` are rows that turned out to be this call and are no more."""
        call_id = after.call.id
        if before is None:
            self._before[call_id], self._after[call_id] = None, after
            self.others.add(after.call.other)
            return
        if before == after and not merged:
            return
        known = (before, *merged)
        if call_id not in self._before:
            self._before[call_id] = before
            if any(row.told is not Attention.NONE for row in known):
                self._told.add(call_id)
        self._after[call_id] = after
        self._merged += [(row, call_id) for row in merged]
        self.others |= {row.call.other for row in (*known, after)}

    def mention(self, row: Row) -> None:
        """Tell of a call even if nothing about it changed."""
        self._before.setdefault(row.call.id, row)
        self._after.setdefault(row.call.id, row)
        self._mentioned.add(row.call.id)

    def changes(self) -> tuple[Change, ...]:
        """In the order of time. Of calls that a person hid nothing is told."""
        told = [
            self._change(before, self._after[call_id])
            for call_id, before in self._before.items()
            if before != self._after[call_id] or call_id in self._mentioned
            if not self._after[call_id].hidden or (before and not before.hidden)
        ]
        told += [
            _quietly(loser.call, self._after[call_id].call)
            for loser, call_id in self._merged
            if not loser.hidden or not self._after[call_id].hidden
        ]
        return tuple(sorted(told, key=lambda c: (c.after.start, c.after.id)))

    def _change(self, before: Row | None, after: Row) -> Change:
        if before is None:
            return Change(None, after.call)
        if after.call.id in self._told:
            return _quietly(before.call, after.call)
        return Change(before.call, after.call)


def _quietly(before: Call, after: Call) -> Change:
    """What was told as missed once does not become missed again, whatever it was in between."""
    if after.outcome is Outcome.MISSED:
        before = replace(before, outcome=Outcome.MISSED)
    return Change(before, after)
