"""What one row of a file, or one card, says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``name`` and ``numbers`` as the file writes them.

    ``line`` is where the row begins, from 1. ``wire`` is the spelling for the desk phones, empty
    where the file has none of its own. ``ours``: this program wrote the file, so that numbers are
    as the service has them. ``trouble`` says in words why the row cannot be read; empty if it can.
    ``company`` is whom the person works for, where the file says it.
    """

    line: int
    name: str
    numbers: tuple[str, ...] = ()
    wire: str = ""
    ours: bool = False
    trouble: str = ""
    company: str = ""
