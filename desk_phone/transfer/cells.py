"""Cells that a spreadsheet must not take for formulas.

A program that opens CSV runs what begins with ``= + - @`` (OWASP, "CSV injection"); an apostrophe
in front makes it text. What was made harmless here is read back unchanged.
"""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    return "'" + text if _FORMULA.match(text) else text


def harmed(cell: str) -> str:
    """The text that `harmless` was given; other cells stay themselves."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
