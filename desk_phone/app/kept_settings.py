"""The settings of one data directory, with what the command line changes for one run. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desk_phone import settings as files
from desk_phone.app.presets import checked, sensible
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.settings import NO_PRESET, BadSettings, Preset, Settings


class KeptSettings:
    """``overrides`` hold for this run and are not written down, until somebody changes the same.
    ``file`` None: nothing is written down.

    Raises `Locked` where they say otherwise than ``preset`` has locked, but for the language of
    one run's words.
    """

    def __init__(
        self,
        settings: Settings,
        file: Path | None,
        overrides: Mapping[str, Any] | None = None,
        preset: Preset = NO_PRESET,
    ) -> None:
        self._written, self._preset = settings, preset
        given = dict(overrides or {})
        check_locked(given, preset)
        self._overrides = {n: value for n, value in given.items() if n not in preset.locked}
        self._file = file

    @property
    def locked(self) -> frozenset[str]:
        """The names that only an administrator changes."""
        return frozenset(self._preset.locked)

    @property
    def preset(self) -> Preset:
        return self._preset

    @property
    def current(self) -> Settings:
        return replace(self._written, **self._overrides)

    def change(self, **fields: Any) -> None:
        """Raises BadInput when the change could not be written down; it holds all the same.

        Raises `Locked`, and changes nothing, where an administrator has locked one of them to
        something else.
        """
        if any(
            getattr(self._written, name) != fields[name] for name in self.locked & fields.keys()
        ):
            raise Locked
        for name in fields:
            self._overrides.pop(name, None)
        self._written = replace(self._written, **fields)
        if self._file is None:
            return
        try:
            files.save(self._file, self._written, self._preset)
        except OSError as error:
            raise BadInput(
                tr("The settings could not be written down"),
                tr("They hold until the program ends. Make room on the disk (%(why)s).")
                % {"why": error.strerror or type(error).__name__},
            ) from error


class Locked(BadInput):
    """An administrator chose it for everybody. ``option``: the word of a command that says
    otherwise."""

    def __init__(self, option: str = "") -> None:
        what = tr("%(option)s says otherwise than what is fixed for everybody on this computer")
        super().__init__(
            what % {"option": option}
            if option
            else tr("This setting is fixed for everybody on this computer"),
            tr("Whoever looks after the computers can change it."),
        )


def check_locked(overrides: Mapping[str, Any], preset: Preset) -> None:
    """Raises `Locked`, so that nothing is sent in the name of another account or line."""
    for name in overrides.keys() & preset.locked.keys() & _OPTIONS.keys():
        if overrides[name] != preset.locked[name]:
            raise Locked(_OPTIONS[name])


_OPTIONS = {"user": "--user", "service_url": "--service", "own_number": "--own"}


def load_preset(file: Path) -> Preset:
    """What an administrator set, as far as it makes sense: ``wrong`` has the rest.

    Raises BadInput for what cannot be read: it may lock something.
    """
    try:
        return checked(files.load_preset(file))
    except BadSettings as trouble:
        raise BadInput(
            tr("The settings for everybody on this computer cannot be read"),
            tr("Whoever looks after the computers should look at %(file)s (%(why)s).")
            % {"file": file, "why": trouble},
        ) from trouble


def load(file: Path, now: datetime, preset: Preset = NO_PRESET) -> tuple[Settings, Path | None]:
    """The settings of a file; one that cannot be read is put aside, and where to, is told.

    Raises BadInput where it cannot even be moved.
    """
    try:
        return sensible(files.load(file, preset), preset), None
    except BadSettings as trouble:
        aside = file.with_name(f"{file.stem}-{now:%Y%m%d-%H%M%S}{file.suffix}")
        try:
            file.replace(aside)
        except OSError as error:
            raise BadInput(
                tr("The settings cannot be read"),
                tr("Look after the file %(file)s (%(why)s).") % {"file": file, "why": trouble},
            ) from error
        return preset.settings, aside
