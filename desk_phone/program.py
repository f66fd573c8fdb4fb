"""The whole nervous system of the tray program, on a screenful or two."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desk_phone import i18n
from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.commands import Desk
from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.instance import Instance
from desk_phone.app.kept_settings import load
from desk_phone.app.lane import Lanes
from desk_phone.app.office import now, open_office, overrides
from desk_phone.app.poller import Poller
from desk_phone.app.preferences import Preferences
from desk_phone.app.requests import Requests
from desk_phone.assets import resource
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.system.bus import Bus, Which
from desk_phone.system.full_screen import somebody_is_presenting
from desk_phone.system.lock import InstanceLock
from desk_phone.system.notifications import Notifications
from desk_phone.system.presence import Presence
from desk_phone.system.secrets import Keyring, SystemKeyring
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
        self.lanes = Lanes(self)
        self.office = open_office(
            place, lambda: self.preferences.settings, keyring or SystemKeyring(), password
        )
        self._make_app()
        self._make_system(lock, place)
        self._make_windows(icon)
        self._wire()

    # making

    def _make_app(self) -> None:
        office, preferences = self.office, self.preferences
        data = (office.access, office.ledger, office.looked)
        self.calls = Calls(self.lanes, *data, preferences, now, self)
        self.dialler = Dialler(
            *(self.lanes, office.access, office.ledger),
            lambda: preferences.settings.own_number,
            *(now, self),
        )
        self.account = AccountDesk(self.lanes, office.access, preferences, self)
        self.contacts = Contacts(
            *(self.lanes, office.phonebook, self.calls, preferences, now), parent=self
        )
        self.requests = Requests(
            self.lanes,
            Desk(
                *(*data, office.phonebook, lambda: preferences.settings, preferences.change, now),
                self.calls.take,
                root=self.office.paths.root,
            ),
            self,
        )

    def _make_system(self, lock: InstanceLock, place: Paths) -> None:
        self.bus, self.system_bus = Bus(Which.SESSION, self), Bus(Which.SYSTEM, self)
        self.presence = Presence(self.bus, self.system_bus, self)
        self.poller = Poller(
            *(self.calls, self.preferences, self.presence, self.office.memory), parent=self
        )
        self.notifications = Notifications(self.bus, self)
        self.instance = Instance(lock, place.endpoint, parent=self)
        self._backing_up = QTimer(self, interval=_BACK_UP_EVERY_MS)

    def _make_windows(self, icon: QSystemTrayIcon) -> None:
        shared = (self.calls, self.dialler, self.preferences)
        self.tray = Tray(self.calls, self.account, self.preferences, now, parent=self)
        self.tray.take_over(icon)
        self.tray_watch = TrayWatch(self.bus, Tray.is_available(), self)
        # Wayland lets no window into a corner of the screen: there notifications have the buttons.
        instead = QGuiApplication.platformName() == "wayland"
        self.notified = Notified(
            *(*shared, self.notifications, instead, somebody_is_presenting, now), parent=self
        )
        self.cards = None if instead else CardStack(*shared, somebody_is_presenting, now)
        self.ask_box = AskBox(self.dialler)
        self.windows = Windows(*shared, self.account, self.contacts, now, self)

    def _wire(self) -> None:
        calls, windows, tray = self.calls, self.windows, self.tray
        calls.line_changed.connect(self.account.tell)
        self.account.entered.connect(calls.poll)
        self.account.entered.connect(self.contacts.sync)
        self.presence.resumed.connect(self.contacts.sync)
        self.dialler.changed.connect(calls.take)
        self.dialler.progressed.connect(self._dialled)
        self.lanes.failed.connect(windows.tell_error)
        self.preferences.changed.connect(self._dress)
        self.instance.asked.connect(self.requests.take)
        self.requests.window_wanted.connect(windows.show_first)
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
        recovered = trouble.of_recovery(self.office.opened, now())
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
            self.instance.listen()
        except BadInput as error:
            log.warning("%s", error)
        self._tell_files()
        self.poller.start()
        self.contacts.start()
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
        self.instance.close()
        self.poller.stop()
        self.contacts.close()
        self.lanes.close()
        if self.cards is not None:
            self.cards.clear()
        self.tray.remove()
        self.windows.close()
        self.tray_watch.close()
        for bus in (self.bus, self.system_bus):
            bus.close()
        self.office.close()

    def _dialled(self, dial: Dial) -> None:
        if dial.stage is Stage.RINGING:
            self.poller.dialled()

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
            self.office.back_up()
        except BadInput as error:
            log.warning("no copy of the database: %s", error)
