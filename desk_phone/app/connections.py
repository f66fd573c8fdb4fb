"""The connections to the company: one a lane, made on its thread. Free of Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from desk_phone.app.acts import LaneName
from desk_phone.errors import BadCredentials
from desk_phone.telco.account import Account
from desk_phone.telco.service import Telco

R = TypeVar("R")


class NotAsked(BadCredentials):
    """The request stood behind one whose password was refused."""


class Connections:
    """`put` is for the lanes, the rest for the owner of the data."""

    def __init__(self, connect: Callable[[Account], Telco]) -> None:
        self._connect = connect
        self._telcos: dict[LaneName, tuple[Account, Telco]] = {}
        self._just_refused: dict[Account, BadCredentials] = {}  # written on the lanes

    def put(self, lane: LaneName, account: Account, question: Callable[[Telco], R]) -> R:
        """Raises NotAsked for an account that was refused a moment ago, of which the owner of the
        data has not heard yet."""
        if (before := self._just_refused.get(account)) is not None:
            raise NotAsked(before.title, before.message)
        try:
            return question(self._telco(lane, account))
        except BadCredentials as refusal:
            self._just_refused[account] = refusal
            raise

    def forgive(self) -> None:
        """What was refused may be asked once more."""
        self._just_refused.clear()

    def forget(self) -> None:
        """Connect anew for the next question."""
        self._telcos.clear()

    def _telco(self, lane: LaneName, account: Account) -> Telco:
        """It is for one thread, and its imports are long. No lane looks at another one's."""
        if lane not in self._telcos or self._telcos[lane][0] != account:
            self._telcos[lane] = (account, self._connect(account))
        return self._telcos[lane][1]
