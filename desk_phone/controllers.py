"""Everything of the tray program that has no window, made and wired."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.commands import Desk
from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.instance import Instance
from desk_phone.app.lane import Lanes
from desk_phone.app.office import now, open_office
from desk_phone.app.poller import Poller
from desk_phone.app.preferences import Preferences
from desk_phone.app.requests import Requests
from desk_phone.model.secret import Secret
from desk_phone.paths import Paths
from desk_phone.system.bus import Bus, Which
from desk_phone.system.lock import InstanceLock
from desk_phone.system.notifications import Notifications
from desk_phone.system.presence import Presence
from desk_phone.system.secrets import Keyring, SystemKeyring


class Controllers(QObject):
    """`start` and `close` it. Raises BadInput where the database cannot be opened."""

    def __init__(
        self,
        preferences: Preferences,
        place: Paths,
        lock: InstanceLock,
        password: Secret,
        keyring: Keyring | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.preferences = preferences
        self.lanes = Lanes(self)
        self.office = open_office(
            place, lambda: preferences.settings, keyring or SystemKeyring(), password
        )
        self._make_desktop(lock, place)
        self._make_calls()
        self._make_contacts()
        self._make_requests()
        self._wire()

    # making

    def _make_desktop(self, lock: InstanceLock, place: Paths) -> None:
        self.bus, self.system_bus = Bus(Which.SESSION, self), Bus(Which.SYSTEM, self)
        self.presence = Presence(self.bus, self.system_bus, self)
        self.notifications = Notifications(self.bus, self)
        self.instance = Instance(lock, place.endpoint, parent=self)

    def _make_calls(self) -> None:
        office, preferences = self.office, self.preferences
        self.calls = Calls(
            *(self.lanes, office.access, office.ledger, office.looked, preferences, now, self)
        )
        self.dialler = Dialler(
            *(self.lanes, office.access, office.ledger),
            lambda: preferences.settings.own_number,
            *(now, self),
        )
        self.account = AccountDesk(self.lanes, office.access, preferences, self)
        self.poller = Poller(*(self.calls, preferences, self.presence, office.memory), parent=self)

    def _make_contacts(self) -> None:
        self.contacts = Contacts(
            *(self.lanes, self.office.phonebook, self.calls, self.preferences, now), parent=self
        )

    def _make_requests(self) -> None:
        office, preferences = self.office, self.preferences
        data = (office.access, office.ledger, office.looked, office.phonebook)
        desk = Desk(
            *(*data, lambda: preferences.settings, preferences.change, now, self.calls.take),
            root=office.paths.root,
        )
        self.requests = Requests(self.lanes, desk, self)

    def _wire(self) -> None:
        self.calls.line_changed.connect(self.account.tell)
        self.account.entered.connect(self.calls.poll)
        self.account.entered.connect(self.contacts.sync)
        self.presence.resumed.connect(self.contacts.sync)
        self.dialler.changed.connect(self.calls.take)
        self.dialler.progressed.connect(self._dialled)
        self.instance.asked.connect(self.requests.take)

    def _dialled(self, dial: Dial) -> None:
        if dial.stage is Stage.RINGING:
            self.poller.dialled()

    # life

    def start(self) -> None:
        """Look at what is there, and go on looking."""
        self.poller.start()
        self.contacts.start()

    def close(self) -> None:
        """Nothing is asked or answered any more; the database stays open for the windows."""
        self.instance.close()
        self.poller.stop()
        self.contacts.close()
        self.lanes.close()

    def let_go(self) -> None:
        """The last of all: the bus, the database."""
        for bus in (self.bus, self.system_bus):
            bus.close()
        self.office.close()
