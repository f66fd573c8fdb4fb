"""``dev.py translate``: the catalogues brought up to date, and what waits for a person."""

from __future__ import annotations

import sys

from tools import catalogues
from tools.talk import ROOT, say


def main() -> int:
    for language in catalogues.LANGUAGES:
        waiting = catalogues.update(ROOT, language)
        file = catalogues.po_file(ROOT, language).relative_to(ROOT)
        say(f"{file}: {waiting} texts wait for a translation")
    catalogues.compile_what_there_is(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
