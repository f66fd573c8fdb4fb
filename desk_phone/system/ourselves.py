"""How this program is started, for whatever starts it later: a link, the login, another program."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

COMMAND = "desk-phone"


def command(data_dir: Path | None = None) -> tuple[str, ...]:
    """The words that start it; ``data_dir`` only where it is not the usual one."""
    words: tuple[str, ...]
    if getattr(sys, "frozen", False):  # an installed bundle is the program itself
        words = (sys.executable,)
    else:
        words = _installed() or (sys.executable, "-m", "desk_phone")
    return words if data_dir is None else (*words, "--data-dir", str(data_dir))


def _installed() -> tuple[str, ...]:
    """The command beside this Python, or else none: one on the PATH may be another version."""
    found = shutil.which(COMMAND, path=str(Path(sys.executable).parent))
    return (found,) if found else ()
