"""Everything of the tray program that has no window, made and wired."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.commands import Desk
from desk_phone.app.company_numbers import CompanyNumbers
from desk_phone.app.contacts import Contacts
from desk_phone.app.crm import Crm
from desk_phone.app.crm_acts import Webhook
from desk_phone.app.diagnosis import Diagnosis
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.directory import Directory
from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.app.follow_up import FollowUp
from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.instance import Instance
from desk_phone.app.lane import Lanes
from desk_phone.app.live_parts import (
    account_part,
    clock_part,
    line_part,
    notices_part,
    queue_part,
    relay_part,
    requests_part,
    sources_part,
)
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.office import now, open_office
from desk_phone.app.poller import Poller
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay import RelayDesk
from desk_phone.app.relay_acts import Enrolment
from desk_phone.app.relay_feed import RelayFeed
from desk_phone.app.relay_following import Following
from desk_phone.app.relay_trust import RelayTrust
from desk_phone.app.requests import Requests
from desk_phone.app.update_notice import UpdateNotice
from desk_phone.model.diagnostics import Part
from desk_phone.model.secret import Secret
from desk_phone.paths import Paths
from desk_phone.store.deliveries import Deliveries
from desk_phone.store.erasing import Erasing
from desk_phone.store.notices import ToldCalls
from desk_phone.system.bus import Bus, Which
from desk_phone.system.lock import InstanceLock
from desk_phone.system.notifications import Notifications
from desk_phone.system.presence import Presence
from desk_phone.system.secrets import Keyring, SystemKeyring
from desk_phone.ui.browser import show_page


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
        self._keyring = keyring or SystemKeyring()
        self.office = open_office(place, lambda: preferences.settings, self._keyring, password)
        self._make_desktop(lock, place)
        self._make_calls()
        self._make_notices()
        self._make_contacts()
        self._make_crm()
        self.update = UpdateNotice(self.lanes, self.office.memory, preferences, now, parent=self)
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
        self.account = AccountDesk(
            *(self.lanes, office.access, preferences, self), named=office.ledger.name_line
        )
        self.numbers = CompanyNumbers(self.lanes, office.access, office.memory, now, self)
        self.follow_up = FollowUp(self.calls, now, self)
        erasing = Erasing(office.opened.db)
        self.housekeeping = Housekeeping(self.calls, erasing, preferences, now, self)

    def _make_notices(self) -> None:
        office, preferences = self.office, self.preferences
        self.notices = NoticeDesk(
            *(self.lanes, office.notices, preferences),
            lambda heard: self.calls.hear(*heard),
            *(ToldCalls(office.opened.db), now, self),
        )
        self._make_relay()
        self.poller = Poller(
            *(self.calls, preferences, self.presence, office.memory),
            *(lambda: self.notices.up or self.relay.feed.up, self),
        )

    def _make_relay(self) -> None:
        office, preferences = self.office, self.preferences
        following = Following(
            office.memory,
            lambda heard: self.calls.hear(*heard),
            lambda: preferences.settings.lines,
        )
        trust = RelayTrust(office.memory, ToldCalls(office.opened.db), now)
        way = (office.access, self._keyring)
        feed = RelayFeed(self.lanes, *way, preferences, following, trust, parent=self)
        enrolment = Enrolment(*way, lambda: preferences.settings, preferences.change)
        desk = (self.lanes, office.access, preferences, enrolment, feed, self.account)
        self.relay = RelayDesk(*desk, parent=self)

    def _make_contacts(self) -> None:
        office = self.office
        self.contacts = Contacts(
            *(self.lanes, office.phonebook, self.calls, self.preferences, now), parent=self
        )
        self.outside = OutsideContacts(self.lanes, office.elsewhere, self.calls, now, self)
        self.directory = Directory(self.calls, self.contacts, self.account, self)

    def _make_crm(self) -> None:
        office, preferences = self.office, self.preferences
        self.crm = Crm(
            *(self.lanes, Deliveries(office.opened.db), office.ledger),
            Webhook(lambda: preferences.settings, self._keyring, now),
            *(preferences, now, show_page),
            note_of=self.follow_up.call_note,
            parent=self,
        )

    def _make_requests(self) -> None:
        office, preferences = self.office, self.preferences
        data = (office.access, office.ledger, office.looked, office.phonebook)
        desk = Desk(
            *(*data, lambda: preferences.settings, preferences.change, now, self.calls.take),
            root=office.paths.root,
            notices=office.notices,
            elsewhere=office.elsewhere,
            keyring=self._keyring,
            enrolment=self.relay.enrolment,
            live=self._live_parts,
            preset=preferences.preset,
        )
        self.tellers: list[Callable[[], Part]] = []  # of what else there is to tell in a report
        self.diagnosis = Diagnosis(
            *(self.lanes, office.paths, preferences, self._live_parts, None, now, self)
        )
        self.requests = Requests(self.lanes, desk, self)

    def _live_parts(self) -> tuple[Part, ...]:
        office, crm = self.office, self.crm.state
        asked = office.journal.last()
        return (
            *(account_part(office.access), line_part(self.calls.line), clock_part(asked)),
            *(requests_part(asked), notices_part(self.notices.state)),
            relay_part(self.relay.state),
            queue_part(crm.waiting, crm.losses, crm.trouble, crm.next_try),
            sources_part(self.outside.states()),
            *(tell() for tell in self.tellers),
        )

    def _wire(self) -> None:
        self.calls.line_changed.connect(self.account.tell)
        self.account.entered.connect(self.calls.poll)
        self.account.entered.connect(self.contacts.sync)
        self.contacts.received.connect(self.poller.list_came)
        self.contacts.save_bytes(self.poller.lists_apart)
        self.presence.resumed.connect(self.contacts.sync)
        self.dialler.changed.connect(self.calls.take)
        self.dialler.progressed.connect(self._dialled)
        self.instance.asked.connect(self.requests.take)
        self.calls.polled.connect(self.notices.polled)
        self.calls.polled.connect(self.numbers.look)
        self.numbers.heard.connect(self.account.numbers_changed)
        self.presence.resumed.connect(self.notices.woke)
        self.notices.up_changed.connect(self.poller.replan)
        self.relay.feed.up_changed.connect(self.poller.replan)
        self.relay.feed.caught_up.connect(self.calls.poll)
        self.calls.polled.connect(self.relay.feed.polled)
        self.calls.polled.connect(self.relay.polled)
        self.calls.failed.connect(self.relay.feed.obey)
        self.presence.resumed.connect(self.relay.feed.woke)
        self.presence.resumed.connect(self.follow_up.look)
        self.follow_up.announced.connect(self.calls.announced)
        self.calls.changed.connect(self.crm.take)
        self.presence.resumed.connect(self.crm.try_now)
        self.outside.changed.connect(self._list_outside)

    def _dialled(self, dial: Dial) -> None:
        if dial.stage is Stage.RINGING:
            self.poller.dialled()

    def _list_outside(self, gone: frozenset[int]) -> None:
        """Have others' contacts found; ``gone`` are sources that may be no more."""
        states = {state.source.id: state.source for state in self.outside.states()}
        for source in gone - states.keys():
            self.directory.drop_outside(source)
        for source in gone & states.keys() if gone else states.keys():
            people = self.office.elsewhere.outsiders.of_source(source)
            self.directory.put_outside(source, states[source].label, people)

    # life

    def start(self) -> None:
        """Look at what is there, and go on looking."""
        self.notices.start()
        self.relay.feed.start()
        self.poller.start()
        self._list_outside(frozenset())
        self.directory.start()
        self.contacts.start()
        self.outside.start()
        self.follow_up.start()
        self.crm.start()
        self.housekeeping.start()
        self.update.start()

    def close(self) -> None:
        """Nothing is asked or answered any more; the database stays open for the windows."""
        self.instance.close()
        self.notices.close()
        self.relay.feed.close()
        self.poller.stop()
        self.calls.close()
        self.contacts.close()
        self.outside.close()
        self.follow_up.stop()
        self.crm.stop()
        self.housekeeping.stop()
        self.update.stop()
        self.directory.close()
        self.lanes.close()

    def let_go(self) -> None:
        """The last of all: the bus, the database."""
        for bus in (self.bus, self.system_bus):
            bus.close()
        self.office.close()
