"""The language the program speaks: chosen, put on, and changed while everything is open."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, QTranslator, Signal

from desk_phone import i18n
from desk_phone.app.preferences import Preferences
from desk_phone.assets import resource
from desk_phone.settings import Settings
from desk_phone.ui import qt_words, words

OWN_NAMES = {"et": "Eesti", "ru": "Русский", "en": "English"}


def chosen(language: str) -> str:
    """The language of the setting; the system's where none was chosen."""
    if language not in i18n.LANGUAGES and sys.platform == "darwin":
        return i18n.best(QLocale.system().uiLanguages())  # the environment does not tell it there
    return i18n.chosen(language)


class Languages(QObject):
    """Speaks the chosen language from the moment it is made.

    Make it before whatever else hears of the settings: who says something anew because of a
    changed setting says it in the new language then. ``changed`` comes on the next turn of the
    event loop, where no widget is in the middle of something, and asks everything that is open to
    speak again.
    """

    changed = Signal()

    def __init__(
        self, app: QCoreApplication, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._of_qt = _QtWords(self)
        self._speak(chosen(preferences.settings.language))
        preferences.changed.connect(self._look)

    def _look(self, settings: Settings) -> None:
        language = chosen(settings.language)
        if language != i18n.spoken():
            self._speak(language)
            QTimer.singleShot(0, self, self.changed.emit)

    def _speak(self, language: str) -> None:
        i18n.use(language, resource("locale"))
        words.speak(language)
        self._app.removeTranslator(self._of_qt)
        self._of_qt.words = qt_words.table()
        self._app.installTranslator(self._of_qt)


class _QtWords(QTranslator):
    """Qt's own few words, such as those of a field's menu, from our catalogue. It brings no
    Estonian itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.words: dict[str, str] = {}

    def isEmpty(self) -> bool:
        return not self.words

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """None: Qt's English."""
        return self.words.get(source)
