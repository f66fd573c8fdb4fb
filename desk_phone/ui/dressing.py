"""Wears the look that the settings choose; ``system`` goes with the desktop, also while we run."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desk_phone.app.preferences import Preferences
from desk_phone.ui.look import Tokens, chosen, wear
from desk_phone.ui.sign import Sign
from desk_phone.ui.tray_icon import tray_icon


class Dressing(QObject):
    def __init__(self, app: QApplication, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._preferences = app, preferences
        self._worn: Tokens | None = None
        # Once, for it is the same in every look: Qt keeps the pictures of each icon it showed.
        app.setWindowIcon(tray_icon(Sign.READY, missed=False))
        preferences.changed.connect(self._dress)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        """Only for another look: every window is polished anew."""
        look = chosen(self._preferences.settings.theme)
        if look is not self._worn:
            self._worn = look
            wear(self._app, look)
