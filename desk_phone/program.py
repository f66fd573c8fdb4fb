"""The whole nervous system of the tray program, on a screenful or two."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.app.kept_settings import load, load_preset
from desk_phone.app.office import now, overrides
from desk_phone.app.preferences import Preferences
from desk_phone.controllers import Controllers
from desk_phone.errors import BadInput, PhoneError
from desk_phone.model.clipping import Meaning, Wish
from desk_phone.model.dialing import Source
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths, paths, preset
from desk_phone.said import Status
from desk_phone.settings import Preset
from desk_phone.system import ourselves
from desk_phone.system.full_screen import Presenting
from desk_phone.system.lock import InstanceLock
from desk_phone.system.notifications import Notification
from desk_phone.system.replaced import Replaced
from desk_phone.system.secrets import Keyring
from desk_phone.system.this_system import autostart, links
from desk_phone.system.tray_watch import TrayWatch
from desk_phone.ui import trouble
from desk_phone.ui.behind import Behind
from desk_phone.ui.cards.deeds import Deeds
from desk_phone.ui.cards.notified import Notified
from desk_phone.ui.cards.reminded import Reminded
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.dialling.asking import Asking
from desk_phone.ui.dressing import Dressing
from desk_phone.ui.languages import Languages
from desk_phone.ui.renewal import Renewal
from desk_phone.ui.session_part import session_part
from desk_phone.ui.tray import Tray
from desk_phone.ui.windows import Windows

log = logging.getLogger(__name__)

_WARM_AFTER_MS = 3000  # when the start is over
_BACK_UP_EVERY_MS = 6 * 3600 * 1000  # a look whether today's copy is there


class Program(QObject):
    """`make` it once the first tray icon is there, `begin` it, and `close` it in the end."""

    begun = Signal()

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__(app)
        self._app, self._options = app, options

    def make(
        self,
        place: Paths,
        lock: InstanceLock,
        password: Secret,
        keyring: Keyring | None,
        icon: QSystemTrayIcon,
        fixed: Preset | None = None,
        file: Path | None = None,
    ) -> Generator[None]:
        """In pieces of some milliseconds, between which the event loop has its turn. Raises
        BadInput where the database cannot be opened."""
        fixed = load_preset(preset()) if fixed is None else fixed
        settings, self._settings_aside = load(place.settings, now(), fixed)
        changed = overrides(self._options)
        self.preferences = Preferences(settings, place.settings, changed, fixed, self)
        # Before whatever else hears of the settings, and says it anew.
        self.languages = Languages(self._app, self.preferences, self)
        Dressing(self._app, self.preferences, self)
        yield
        self.controllers = Controllers(self.preferences, place, lock, password, keyring, self)
        yield
        self._backing_up = QTimer(self, interval=_BACK_UP_EVERY_MS)
        self._presenting = Presenting()
        self.hotkey = self._make_hotkey()
        self._make_windows(icon)
        self.controllers.tellers.append(lambda: session_part(self.tray_watch, self.hotkey))
        self._wire()
        if file is not None:
            self._renew(Replaced(file, parent=self))

    def _renew(self, replaced: Replaced) -> None:
        """Begin anew when an upgrade put another program into our place."""
        windows = self.windows
        renewal = Renewal(replaced, self._may_begin_anew, windows.tell_upgrade, self)
        renewal.wanted.connect(lambda: self._app.exit(Status.AGAIN_UNSEEN))
        windows.anew_wanted.connect(lambda: self._app.exit(Status.AGAIN))

    def _may_begin_anew(self) -> bool:
        """Without asking: what is being typed stays, and a password that lies nowhere."""
        account, dial = self.controllers.account.state, self.controllers.dialler
        has_password = account.stored or not account.password_known
        return has_password and not dial.is_sending and self.windows.is_at_rest()

    def _make_hotkey(self) -> HotkeyDesk:
        access = self.controllers.office.access
        return HotkeyDesk(
            *(self.preferences, lambda: frozenset(access.numbers), self.controllers.bus),
            *(lambda: QGuiApplication.clipboard().text(), self._app, self),
        )

    def _make_windows(self, icon: QSystemTrayIcon) -> None:
        made = self.controllers
        shared = (made.calls, made.dialler, self.preferences)
        self.tray = Tray(
            *(made.calls, made.account, self.preferences, now),
            newer=lambda: made.update.state.news.version,
            parent=self,
        )
        self.tray.take_over(icon)
        self.tray_watch = TrayWatch(made.bus, Tray.is_available(), self)
        # Wayland lets no window into a corner of the screen: there notifications have the buttons.
        instead = QGuiApplication.platformName() == "wayland"
        crm = self._has_crm
        self.notified = Notified(
            *(*shared, made.notifications, instead, self._presenting, now),
            *(self._deeds(), crm, self),
        )
        self.cards = (
            None
            if instead
            else CardStack(*(*shared, self._presenting, now), deeds=self._deeds(), has_crm=crm)
        )
        self.reminded = Reminded(made.follow_up, made.office.ledger, self._remind, now, self)
        self.asking = Asking(made.dialler, self)
        self.windows = Windows(self._behind(), self)

    def _behind(self) -> Behind:
        made = self.controllers
        place = made.office.paths.root
        command = ourselves.command(None if place == paths().root else place)
        return Behind(
            *(made.calls, made.dialler, made.account, self.preferences, made.contacts),
            *(made.outside, made.directory, made.follow_up, made.notices, made.crm),
            *(self.hotkey, links(command, made.office.paths.former_links), autostart(command), now),
            *(made.diagnosis, made.housekeeping, made.relay, made.update),
        )

    def _remind(self, title: str, text: str) -> None:
        if sys.platform.startswith("linux"):
            notification = Notification(f"reminder {title}", title, text, timeout_ms=0)
            self.controllers.notifications.show(notification)
        else:
            self.tray.show_balloon(title, text)

    def _has_crm(self) -> bool:
        return self.controllers.crm.can_open

    def _deeds(self) -> Deeds:
        follow_up = self.controllers.follow_up
        return Deeds(
            *(follow_up.call_note, self._last_note, follow_up.write_call_note),
            *(follow_up.snooze, follow_up.handle),
        )

    def _last_note(self, other: str) -> str:
        note = self.controllers.follow_up.last_note(other)
        return "" if note is None else note.text

    def _wire(self) -> None:
        made, windows, tray = self.controllers, self.windows, self.tray
        made.lanes.failed.connect(windows.tell_error)
        silent = (made.notices.went_silent, made.relay.feed.went_silent)
        for quiet in (*silent, made.crm.failed, made.follow_up.failed):
            quiet.connect(windows.note_error)
        made.requests.window_wanted.connect(windows.show_first)
        made.requests.link_opened.connect(partial(made.dialler.dial, source=Source.LINK))
        made.requests.clipboard_wanted.connect(self.hotkey.press)
        self.hotkey.wished.connect(self._take_wish)
        self.asking.chosen.connect(made.dialler.dial)
        self.languages.changed.connect(self._speak_again)
        self.tray_watch.appeared.connect(self._tray_appeared)
        self.tray_watch.gone.connect(lambda: windows.tell_tray(False))
        tray.palette_wanted.connect(windows.show_palette)
        tray.calls_wanted.connect(windows.show_calls)
        tray.call_wanted.connect(windows.call)
        tray.phonebook_wanted.connect(windows.show_phonebook)
        tray.settings_wanted.connect(windows.show_settings)
        tray.about_wanted.connect(windows.show_about)
        self.notified.calls_wanted.connect(windows.show_calls)
        self.notified.crm_wanted.connect(made.crm.open)
        if self.cards is not None:
            self.cards.calls_wanted.connect(windows.show_calls)
            self.cards.add_wanted.connect(windows.add_to_phonebook)
            self.cards.crm_wanted.connect(made.crm.open)
            for told in (made.notices, made.relay.feed):
                told.up_changed.connect(self._warm_cards)
        for wish in (tray.quit_wanted, windows.quit_wanted):
            wish.connect(self.quit)
        self._backing_up.timeout.connect(self._back_up)

    def _tell_files(self) -> None:
        opened, since = self.controllers.office.opened, now()
        if trouble.of_recovery(opened, since) is not None:
            self.windows.tell_data(partial(trouble.of_recovery, opened, since))
        elif self._settings_aside is not None:
            self.windows.tell_data(partial(trouble.of_settings_aside, self._settings_aside))

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
        self.hotkey.start()
        self._warm_cards()
        if self._options.command or not self.preferences.settings.hidden_at_start:
            self.controllers.requests.show(self._options)
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
        self.hotkey.close()
        self._presenting.close()
        if self.cards is not None:
            self.cards.clear()
        self.tray.remove()
        self.windows.close()
        self.tray_watch.close()
        self.controllers.let_go()

    def _warm_cards(self) -> None:
        """Have a card ready where calls are told as they ring: the first is then as quick as the
        next."""
        made = self.controllers
        if self.cards is not None and (made.notices.up or made.relay.feed.up):
            QTimer.singleShot(_WARM_AFTER_MS, self, self.cards.warm)

    def _take_wish(self, wish: Wish) -> None:
        """What the hotkey found on the clipboard."""
        dialler, numbers = self.controllers.dialler, wish.numbers
        match wish.meaning:
            case Meaning.ASK | Meaning.DIAL:
                asks = wish.meaning is Meaning.ASK
                dialler.dial(numbers[0].text, Source.CLIPBOARD if asks else Source.HOTKEY)
            case Meaning.CHOOSE:
                plans = [dialler.plan(each.text, Source.WINDOW) for each in numbers]
                self.asking.choice.show_plans(plans, wish.more)
            case Meaning.PALETTE:
                self.windows.fill_palette(wish.text, Source.CLIPBOARD)
            case Meaning.NOTHING:
                self.windows.tell_no_number(wish.text)

    def _tray_appeared(self) -> None:
        self.tray.remake()
        self.windows.tell_tray(True)

    def _speak_again(self) -> None:
        """Everything that is open, in the language that was chosen."""
        self.tray.fill_menu()
        self.asking.speak_again()
        self.windows.speak_again()
        if self.cards is not None:
            self.cards.speak_again()

    def _back_up(self) -> None:
        made = self.controllers
        made.lanes.perform(made.office.back_up(), otherwise=_no_copy)


def _no_copy(error: PhoneError) -> None:
    log.warning("no copy of the database: %s", error)
