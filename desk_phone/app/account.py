"""The account as the settings page sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desk_phone.app.access import Access
from desk_phone.app.acts import LaneName
from desk_phone.app.lane import Lanes
from desk_phone.app.line_name import LineName, Naming
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.model.secret import Secret


@dataclass(frozen=True, slots=True)
class AccountState:
    """``busy``: the service or the keyring is being asked. ``stored``: the password lies in the
    system's keyring. ``trouble`` is why the last try failed, or why nothing is sent. ``relayed``:
    the password is the token of this computer at the company's relay."""

    user: str = ""
    busy: bool = False
    password_known: bool = False
    stored: bool = False
    trouble: PhoneError | None = None
    relayed: bool = False


class AccountDesk(QObject):
    """``named`` is told what a line of the company is called from now on."""

    changed = Signal(object)  # AccountState
    numbers_changed = Signal()  # or what one of them is called
    entered = Signal()  # the password works: whoever waited may ask again

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        preferences: Preferences,
        parent: QObject | None = None,
        named: Callable[[str, str], object] = lambda *_: None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._preferences = lanes, access, preferences
        self._busy = False
        self._trouble: PhoneError | None = None
        self._told = self.state
        self.line_name = LineName(lanes, access, preferences, named, self)
        self.line_name.changed.connect(self._named)

    @property
    def state(self) -> AccountState:
        access = self._access
        why_not = access.refusal or access.keyring_trouble  # either has to do with a password
        return AccountState(
            self._preferences.settings.user,
            self._busy,
            access.password_known or why_not is not None,
            access.stored,
            self._trouble or why_not,
            self._preferences.settings.relayed,
        )

    @property
    def numbers(self) -> tuple[str, ...]:
        """The company's numbers as last heard, canonical."""
        return self._access.numbers

    @property
    def lines(self) -> tuple[str, ...]:
        """Those of them that this computer may use: all, but for what a relay says."""
        return self._preferences.settings.lines or self._access.numbers

    def enter(self, user: str, password: Secret) -> None:
        """Try an account once; if the service takes it, keep it. Not while another one is tried."""
        if self._busy:
            return
        self._begin()
        self._lanes.perform(
            self._access.enter(user, password),
            then=lambda _: self._taken(user),
            otherwise=self._failed,
        )

    def forget(self) -> None:
        self._begin()
        self._lanes.perform(
            self._access.forget(), then=lambda _: self._end(), otherwise=self._failed
        )

    def try_again(self) -> None:
        """Ask the service once more with the password it refused."""
        try:
            self._access.try_again()
        except PhoneError as error:
            self._failed(error)
        else:
            self._end()
            self.entered.emit()

    def refresh_numbers(self) -> None:
        """Read the company's numbers again."""
        self._begin()
        self._lanes.perform(
            self._access.ask_numbers(LaneName.DIAL),
            then=lambda _: self._heard_numbers(),
            otherwise=self._failed,
        )

    def choose_line(self, key: str) -> None:
        """Make this number of the company the own one."""
        self._preferences.change(own_number=key)

    def joined(self) -> None:
        """The company is reached another way from now on, and that works."""
        self._heard_numbers()
        self.entered.emit()

    def tell(self) -> None:
        """Say the state again if it changed meanwhile: others ask the service too."""
        state = self.state
        if state != self._told:
            self._told = state
            self.changed.emit(state)

    def _taken(self, user: str) -> None:
        self._preferences.change(user=user)
        self._heard_numbers()
        self.entered.emit()

    def _heard_numbers(self) -> None:
        self._end()
        self.numbers_changed.emit()

    def _named(self, naming: Naming) -> None:
        if naming.sent:
            self.numbers_changed.emit()

    def _begin(self) -> None:
        self._busy, self._trouble = True, None
        self.tell()

    def _end(self) -> None:
        self._busy, self._trouble = False, None
        self.tell()

    def _failed(self, error: PhoneError) -> None:
        self._busy, self._trouble = False, error
        self.tell()
