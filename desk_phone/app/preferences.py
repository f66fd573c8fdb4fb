"""The settings, as those hear of them who show or obey them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desk_phone.app.kept_settings import KeptSettings
from desk_phone.errors import BadInput
from desk_phone.settings import NO_PRESET, Preset, Settings

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Arguments as of `KeptSettings`."""

    changed = Signal(object)  # Settings
    failed = Signal(object)  # PhoneError: not written down, though it holds; or `Locked`

    def __init__(
        self,
        settings: Settings,
        file: Path | None,
        overrides: Mapping[str, Any] | None = None,
        preset: Preset = NO_PRESET,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._kept = KeptSettings(settings, file, overrides, preset)
        for wrong in preset.wrong:
            log.warning("settings for everybody: %s %s makes no sense", wrong.part, wrong.name)

    @property
    def settings(self) -> Settings:
        return self._kept.current

    @property
    def locked(self) -> frozenset[str]:
        """The names that only an administrator changes."""
        return self._kept.locked

    @property
    def preset(self) -> Preset:
        """What an administrator set for everybody."""
        return self._kept.preset

    def change(self, **fields: Any) -> None:
        """Change some settings by name; what is the same already changes nothing."""
        before = self._kept.current
        if replace(before, **fields) == before:
            return
        fields = {name: to for name, to in fields.items() if getattr(before, name) != to}
        trouble = None
        try:
            self._kept.change(**fields)
        except BadInput as error:
            trouble = error
        self.changed.emit(self._kept.current)
        if trouble is not None:
            self.failed.emit(trouble)
