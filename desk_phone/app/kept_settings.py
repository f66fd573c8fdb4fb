"""The settings of one data directory, with what the command line changes for one run. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desk_phone import settings as files
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.settings import BadSettings, Settings


class KeptSettings:
    """``overrides`` hold for this run and are not written down, until somebody changes the same.

    ``file`` None: nothing is written down.
    """

    def __init__(
        self, settings: Settings, file: Path | None, overrides: Mapping[str, Any] | None = None
    ) -> None:
        self._written = settings
        self._overrides = dict(overrides or {})
        self._file = file

    @property
    def current(self) -> Settings:
        return replace(self._written, **self._overrides)

    def change(self, **fields: Any) -> None:
        """Raises BadInput when the change could not be written down; it holds all the same."""
        for name in fields:
            self._overrides.pop(name, None)
        self._written = replace(self._written, **fields)
        if self._file is None:
            return
        try:
            files.save(self._file, self._written)
        except OSError as error:
            raise BadInput(
                tr("The settings could not be written down"),
                tr("They hold until the program ends. Make room on the disk (%(why)s).")
                % {"why": error.strerror or type(error).__name__},
            ) from error


def load(file: Path, now: datetime) -> tuple[Settings, Path | None]:
    """The settings of a file; one that cannot be read is put aside, and where to, is told.

    Raises BadInput where it cannot even be moved.
    """
    try:
        return files.load(file), None
    except BadSettings as trouble:
        aside = file.with_name(f"{file.stem}-{now:%Y%m%d-%H%M%S}{file.suffix}")
        try:
            file.replace(aside)
        except OSError as error:
            raise BadInput(
                tr("The settings cannot be read"),
                tr("Look after the file %(file)s (%(why)s).") % {"file": file, "why": trouble},
            ) from error
        return Settings(), aside
