"""The whole nervous system of the tray program, on a screenful or two."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desk_phone import i18n
from desk_phone.app.kept_settings import load
from desk_phone.app.office import now, overrides
from desk_phone.app.preferences import Preferences
from desk_phone.assets import resource
from desk_phone.controllers import Controllers
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.system.full_screen import somebody_is_presenting
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import Keyring
from desk_phone.system.tray_watch import TrayWatch
from desk_phone.ui import look, trouble, words
from desk_phone.ui.ask_box import AskBox
from desk_phone.ui.cards import CardStack
from desk_phone.ui.notified import Notified
from desk_phone.ui.sign import Sign
from desk_phone.ui.tray import Tray
from desk_phone.ui.tray_icon import tray_icon
from desk_phone.ui.windows import Windows

log = logging.getLogger(__name__)

_BACK_UP_EVERY_MS = 6 * 3600 * 1000  # a look whether today's copy is there


class Program(QObject):
    """Made once the first tray icon is there; `begin` it, and `close` it in the end."""

    begun = Signal()

    def __init__(
        self,
        app: QApplication,
        options: Options,
        place: Paths,
        lock: InstanceLock,
        password: Secret,
        keyring: Keyring | None,
        icon: QSystemTrayIcon,
    ) -> None:
        super().__init__(app)
        self._app, self._options = app, options
        settings, self._settings_aside = load(place.settings, now())
        self.preferences = Preferences(settings, place.settings, overrides(options), self)
        self._dress()
        self.controllers = Controllers(self.preferences, place, lock, password, keyring, self)
        self._backing_up = QTimer(self, interval=_BACK_UP_EVERY_MS)
        self._make_windows(icon)
        self._wire()

    def _make_windows(self, icon: QSystemTrayIcon) -> None:
        made = self.controllers
        shared = (made.calls, made.dialler, self.preferences)
        self.tray = Tray(made.calls, made.account, self.preferences, now, parent=self)
        self.tray.take_over(icon)
        self.tray_watch = TrayWatch(made.bus, Tray.is_available(), self)
        # Wayland lets no window into a corner of the screen: there notifications have the buttons.
        instead = QGuiApplication.platformName() == "wayland"
        self.notified = Notified(
            *(*shared, made.notifications, instead, somebody_is_presenting, now), parent=self
        )
        self.cards = None if instead else CardStack(*shared, somebody_is_presenting, now)
        self.ask_box = AskBox(made.dialler)
        self.windows = Windows(*shared, made.account, made.contacts, now, self)

    def _wire(self) -> None:
        made, windows, tray = self.controllers, self.windows, self.tray
        made.lanes.failed.connect(windows.tell_error)
        made.requests.window_wanted.connect(windows.show_first)
        self.preferences.changed.connect(self._dress)
        self.tray_watch.appeared.connect(self._tray_appeared)
        self.tray_watch.gone.connect(lambda: windows.tell_tray(False))
        tray.palette_wanted.connect(windows.show_palette)
        tray.calls_wanted.connect(windows.show_calls)
        tray.call_wanted.connect(windows.call)
        tray.phonebook_wanted.connect(windows.show_phonebook)
        tray.settings_wanted.connect(windows.show_settings)
        self.notified.calls_wanted.connect(windows.show_calls)
        if self.cards is not None:
            self.cards.calls_wanted.connect(windows.show_calls)
            self.cards.add_wanted.connect(windows.add_to_phonebook)
        for wish in (tray.quit_wanted, windows.quit_wanted):
            wish.connect(self.quit)
        self._backing_up.timeout.connect(self._back_up)

    def _tell_files(self) -> None:
        recovered = trouble.of_recovery(self.controllers.office.opened, now())
        if recovered is not None:
            self.windows.tell_data(recovered)
        elif self._settings_aside is not None:
            self.windows.tell_data(trouble.of_settings_aside(self._settings_aside))

    @property
    def app(self) -> QApplication:
        return self._app

    # life

    def begin(self) -> None:
        """Listen, look, and show what is to be seen at a start."""
        try:
            self.controllers.instance.listen()
        except BadInput as error:
            log.warning("%s", error)
        self._tell_files()
        self.controllers.start()
        if not self.tray_watch.present:
            self.windows.tell_tray(False)
        if not (self._options.hidden or self.preferences.settings.hidden_at_start):
            self.windows.show_first()
        self._backing_up.start()
        QTimer.singleShot(0, self, self._back_up)
        self.begun.emit()

    def quit(self) -> None:
        """End the event loop; `close` comes after it. (Qt's own ``quit`` asks the windows first,
        and ours only hide when they are asked to close.)"""
        self._app.exit(0)

    def close(self) -> None:
        """Let go of everything; the lock is its owner's."""
        self.controllers.close()
        if self.cards is not None:
            self.cards.clear()
        self.tray.remove()
        self.windows.close()
        self.tray_watch.close()
        self.controllers.let_go()

    def _tray_appeared(self) -> None:
        self.tray.remake()
        self.windows.tell_tray(True)

    def _dress(self) -> None:
        settings = self.preferences.settings
        i18n.use(settings.language, resource("locale"))
        words.speak(settings.language)
        self._app.setWindowIcon(tray_icon(Sign.READY, missed=False))
        look.wear(self._app, look.chosen(settings.theme))

    def _back_up(self) -> None:
        try:
            self.controllers.office.back_up()
        except BadInput as error:
            log.warning("no copy of the database: %s", error)
