"""All that stands behind the windows, over a desk; the system is a test's to answer."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from desk_phone.app.any_feed import MakeFeed, make_feed
from desk_phone.app.crm import Crm
from desk_phone.app.crm_acts import Webhook
from desk_phone.app.diagnosis import Diagnosis
from desk_phone.app.diagnostics import Probes
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.app.follow_up import FollowUp
from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.notices_activation import Activation
from desk_phone.app.relay import RelayDesk
from desk_phone.app.relay_acts import Enrolment
from desk_phone.app.relay_feed import RelayFeed
from desk_phone.app.relay_following import Following
from desk_phone.app.relay_trust import RelayTrust
from desk_phone.app.update_notice import UpdateNotice
from desk_phone.model.shortcut import Shortcut
from desk_phone.paths import Paths
from desk_phone.store.deliveries import Deliveries
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.store.erasing import Erasing
from desk_phone.store.memory import Memory
from desk_phone.store.notices import ToldCalls
from desk_phone.system.autostart import Start
from desk_phone.system.bus import Bus
from desk_phone.system.hotkey import HotkeySignals, Standing
from desk_phone.system.links import Holder, Scheme
from desk_phone.ui.behind import Behind
from desk_phone.web.inspecting import Secured
from tests.relayed import enrolled
from tests.ui.conftest import Desk


class FakeHotkey:
    """Assigns whatever is not ``taken``."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.signals = HotkeySignals(parent)
        self.taken: set[str] = set()
        self.held = ""

    def assign(self, shortcut: Shortcut) -> None:
        taken = str(shortcut) in self.taken
        self.held = "" if taken else str(shortcut)
        self.signals.say(Standing.TAKEN if taken else Standing.ASSIGNED)

    def release(self) -> None:
        self.held = ""
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        self.held = ""


class FakeSystem:
    """Whose the links are, and what starts at the login; ``full`` is a disk that is."""

    settings_uri = ""

    def __init__(self, needs_person: bool = False) -> None:
        self.needs_person = needs_person
        self.taken: set[Scheme] = set()
        self.others = {Scheme.TEL: "Skype <b>"}
        self.for_all: set[Scheme] = set()
        self.start = Start.OFF
        self.full = False

    def _write(self) -> None:
        if self.full:
            raise OSError(28, "No space left on device")

    def holder(self, scheme: Scheme) -> Holder:
        if scheme in self.for_all:
            return Holder(is_ours=True, for_all=True)
        if scheme in self.taken and not self.needs_person:
            return Holder(is_ours=True)
        return Holder(name=self.others.get(scheme, ""))

    def take(self, schemes: Collection[Scheme]) -> None:
        self._write()
        self.taken = set(schemes)

    def give_back(self) -> None:
        self.take(())

    def state(self) -> Start:
        return self.start

    def set(self, on: bool) -> None:
        self._write()
        self.start = Start.ON if on else Start.OFF


class ManualHotkey(HotkeyDesk):
    """With the test's own keyboard."""

    def _make(self) -> FakeHotkey:
        return FakeHotkey(self)


def relay_desk(desk: Desk, make: MakeFeed = make_feed) -> RelayDesk:
    """A relay's side of a desk; its code `tests.relayed.CODE` opens a place there."""
    db, parent, settings = desk.ledger._db, desk.calls, lambda: desk.preferences.settings
    memory = Memory(db)
    following = Following(memory, lambda heard: desk.calls.hear(*heard), lambda: settings().lines)
    way = (desk.access, desk.keyring)
    feed = RelayFeed(
        *(desk.lanes, *way, desk.preferences, following),
        *(RelayTrust(memory, ToldCalls(db), desk.now), make, parent),
    )
    enrolment = Enrolment(*way, settings, desk.preferences.change, lambda *_: enrolled())
    ways = (desk.lanes, desk.access, desk.preferences, enrolment, feed, desk.account)
    return RelayDesk(*ways, parent=parent)


def behind(desk: Desk) -> Behind:
    """Lives as long as the desk does. Nothing is started that asks anybody by itself."""
    db, parent, now = desk.ledger._db, desk.calls, desk.now
    app = QCoreApplication.instance()
    assert app is not None
    root = Path(db.execute("PRAGMA database_list").fetchone()[2]).parent
    system = FakeSystem()
    elsewhere = Elsewhere(
        *(Sources(db), Outsiders(db), desk.ledger, desk.keyring),
        *(lambda: desk.preferences.settings, now),
    )
    follow_up = FollowUp(desk.calls, now, parent)
    activation = Activation(Memory(db), desk.access, lambda: desk.preferences.settings, now)
    webhook = Webhook(lambda: desk.preferences.settings, desk.keyring, now)
    crm = Crm(
        *(desk.lanes, Deliveries(db), desk.ledger, webhook, desk.preferences, now),
        lambda _: True,
        parent=parent,
    )
    hotkey = ManualHotkey(desk.preferences, frozenset, Bus(parent=parent), str, app, parent)
    hotkey.start()
    return Behind(
        *(desk.calls, desk.dialler, desk.account, desk.preferences, desk.contacts),
        OutsideContacts(desk.lanes, elsewhere, desk.calls, now, parent),
        *(desk.directory, follow_up),
        NoticeDesk(
            *(desk.lanes, activation, desk.preferences, lambda heard: desk.calls.hear(*heard)),
            *(ToldCalls(db), now, parent),
        ),
        *(crm, hotkey, system, system, now),
        Diagnosis(
            *(desk.lanes, Paths(root), desk.preferences, tuple),
            *(Probes(lambda: "a keyring", lambda _: Secured()), now, parent),
        ),
        Housekeeping(desk.calls, Erasing(db), desk.preferences, now, parent),
        relay_desk(desk),
        UpdateNotice(desk.lanes, Memory(db), desk.preferences, now, lambda *_: b"", parent=parent),
    )
