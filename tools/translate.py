"""``dev.py translate``: the catalogues brought up to date, and what waits for a person; ``--check``
changes no catalogue, and is what ``dev.py test`` asks.
"""

from __future__ import annotations

import sys

from tools import catalogues
from tools.talk import ROOT, say


def main(args: list[str]) -> int:
    return _check() if args == ["--check"] else _update()


def _update() -> int:
    for language in catalogues.LANGUAGES:
        waiting = catalogues.update(ROOT, language)
        file = catalogues.po_file(ROOT, language).relative_to(ROOT)
        say(f"{file}: {waiting} texts wait for a translation")
    catalogues.compile_what_there_is(ROOT)
    return 0


def _check() -> int:
    """0 when every text of the code has a translation, and none another text's."""
    old = [name for name in catalogues.LANGUAGES if not catalogues.is_up_to_date(ROOT, name)]
    for language in old:
        say(f"{language}: other texts than the code's; run python3 dev.py translate")
    try:
        catalogues.compile_all(ROOT)
    except catalogues.Gaps as gaps:
        say(str(gaps))
        return 1
    return int(bool(old))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
