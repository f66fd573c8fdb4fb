"""What stands behind the windows: whoever makes one hands it this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.contacts import Contacts
from desk_phone.app.crm import Crm
from desk_phone.app.diagnosis import Diagnosis
from desk_phone.app.dialler import Dialler
from desk_phone.app.directory import Directory
from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.app.follow_up import FollowUp
from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay import RelayDesk
from desk_phone.app.update_notice import UpdateNotice
from desk_phone.system.autostart import Autostart
from desk_phone.system.links import Links


@dataclass(frozen=True)
class Behind:
    """``now`` is the wall clock, aware."""

    calls: Calls
    dialler: Dialler
    account: AccountDesk
    preferences: Preferences
    contacts: Contacts
    outside: OutsideContacts
    directory: Directory
    follow_up: FollowUp
    notices: NoticeDesk
    crm: Crm
    hotkey: HotkeyDesk
    links: Links
    autostart: Autostart
    now: Callable[[], datetime]
    diagnosis: Diagnosis
    housekeeping: Housekeeping
    relay: RelayDesk
    update: UpdateNotice

    def name_of(self, key: str) -> str:
        """What a canonical number is called; empty where nobody knows."""
        return self.calls.ledger.name_of(key)[0]
