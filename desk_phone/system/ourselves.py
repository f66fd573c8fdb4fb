"""How this program is started, for whatever starts it later: a link, the login, another program."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

COMMAND = "desk-phone"


def command(data_dir: Path | None = None) -> tuple[str, ...]:
    """The words that start it; ``data_dir`` only where it is not the usual one."""
    words: tuple[str, ...]
    if getattr(sys, "frozen", False):  # an installed bundle is the program itself
        words = (sys.executable,)
    else:
        words = _installed() or (sys.executable, "-m", "desk_phone")
    return words if data_dir is None else (*words, "--data-dir", str(data_dir))


def replaceable() -> Path | None:
    """The file that an upgrade would replace under the running program; None where none can."""
    is_bundle = getattr(sys, "frozen", False) and sys.platform != "win32"
    return Path(sys.executable) if is_bundle else None


def begin_anew(words: Sequence[str]) -> NoReturn:
    """Become the program that lies there now. Raises OSError."""
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # it is no child of the bundle that was
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - our own file


def _installed() -> tuple[str, ...]:
    """The command beside this Python, or else none: one on the PATH may be another version."""
    found = shutil.which(COMMAND, path=str(Path(sys.executable).parent))
    return (found,) if found else ()
