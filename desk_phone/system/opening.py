"""Starting another program, apart from ours. No shell is ever asked."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.crm_program import check_batch

log = logging.getLogger(__name__)


def run_program(words: Sequence[str]) -> None:
    """Start a program with its arguments and let it go its own way; it hears and says nothing.

    Raises BadInput when there is none of that name, or the system would not start it.
    """
    name, *arguments = words
    process = QProcess()
    process.setProgram(str(_found(name)))
    process.setArguments(arguments)
    process.setWorkingDirectory(str(Path.home()))
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    started: object = process.startDetached()  # its stub says a pair, with the process's id
    if started is False or (isinstance(started, tuple) and not started[0]):
        log.warning("program not started: %s", process.errorString())
        raise BadInput(
            tr("%(program)s could not be started") % {"program": Path(name).name},
            tr("Start it by hand to see why, or change it in the settings."),
        )
    log.info("program started")


def _found(name: str, windows: bool = os.name == "nt") -> Path:
    """The file to run, whole: what lies in the working directory is nobody's choice."""
    path = Path(name).expanduser()
    if path.is_absolute():
        found = path
    else:
        on_path = shutil.which(name) if path.name == name else None
        found = Path(on_path) if on_path else path
    if not (found.is_absolute() and found.is_file()):
        raise BadInput(
            tr("There is no program %(program)s") % {"program": name[:200]},
            tr("Write where it lies, such as %(example)s") % {"example": _example()},
        )
    check_batch(str(found), windows)  # a name alone may have been found as one
    if not os.access(found, os.X_OK):
        raise BadInput(
            tr("%(program)s is no program") % {"program": found.name},
            tr("The system does not allow to run this file."),
        )
    return found


def _example() -> str:
    return r"C:\Tools\crm.exe" if os.name == "nt" else "/usr/local/bin/crm"
