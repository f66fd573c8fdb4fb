"""What we know of one entry of the company's phonebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from desk_phone.model.names import Problem, problems, wire_name
from desk_phone.model.numbers import from_service, wire_other

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says: its name in the wire's letters, and canonical numbers.

    ``number2`` is empty when there is none. `same` compares contents, ``==`` does not.
    """

    name: str
    number1: str
    number2: str = ""

    @property
    def key(self) -> Key:
        """Equal for contents that mean the same: the numbers are an unordered pair."""
        first, second = sorted((self.number1, self.number2))
        return self.name, first, second


def same(one: Content | None, other: Content | None) -> bool:
    """Whether both say the same; nothing is the same as nothing."""
    if one is None or other is None:
        return one is other
    return one.key == other.key


def akin(one: Content | None, other: Content | None) -> bool:
    """Whether one may have become the other by a single edit: the same name or numbers."""
    if one is None or other is None:
        return False
    return one.name == other.name or one.key[1:] == other.key[1:]


def respelled(content: Content) -> Content:
    """``content`` with its name in the wire's letters: somebody else may have written others."""
    if Problem.LETTERS not in problems(content.name):
        return content
    return replace(content, name=wire_name(content.name).text)


def listed_number(key: str) -> str:
    """The number as a list will show it after it was sent.

    A few keys do not survive the wire: of ``+372123456`` only ``123456`` comes back.
    """
    sent = wire_other(key)
    return from_service(sent) or sent


class Kind(StrEnum):
    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


class FlightState(StrEnum):
    SENT = "sent"  # no answer yet
    UNKNOWN = "unknown"
    ACKNOWLEDGED = "acknowledged"  # not done until a list shows it


@dataclass(frozen=True, slots=True)
class Flight:
    """One request whose outcome no list has shown yet.

    ``payload`` is what was sent (for a delete: what it deletes), ``against`` the base at that time.
    ``at`` is when it left, ``lists`` how many trusted lists since then have not shown it.
    """

    kind: Kind
    payload: Content
    against: Content | None
    state: FlightState
    at: datetime
    lists: int = 0


class Hold(StrEnum):
    """Why nothing is sent for an entry until a person says so."""

    NONE = ""
    NOT_FOUND = "not found"  # an add that no list shows
    REFUSED = "refused"  # the service's words are kept
    ALREADY_THERE = "already there"  # an add of what another entry says
    GONE = "gone"  # the service, or a person, said that it is no more: the next list decides


class GoneHow(StrEnum):
    """How an entry came into the local trash; empty for one that is not there."""

    NONE = ""
    ABSENT = "absent"  # it vanished from the lists
    TOLD = "told"  # the service or a person said so before
    DELETED = "deleted"  # by a person here
    DISCARDED = "discarded"  # an add that never came about


class Standing(StrEnum):
    """An entry in a word, for the window."""

    ON_SERVER = "on the server"
    WAITING = "waiting"  # to be sent, or to be seen on a list
    HELD = "held"
    MISSING = "missing"  # from the last list: nothing is done about it yet
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Contact:
    """Our record of one entry; docs/sync.md says what each member is for.

    ``id`` is ours and stays for life (0: not stored yet); notes hang on it. ``server_id`` is empty
    while no list has shown the entry. Times are aware.
    """

    id: int
    server_id: str = ""
    base: Content | None = None
    want: Content | None = None
    want_deleted: bool = False
    may_add: bool = False
    flight: Flight | None = None
    hold: Hold = Hold.NONE
    words: str = ""
    missing_since: datetime | None = None
    gone_at: datetime | None = None
    gone_how: GoneHow = GoneHow.NONE

    @property
    def live(self) -> bool:
        return self.gone_at is None

    @property
    def shown(self) -> Content | None:
        """What the window shows; None only for an entry that nobody ever described."""
        return self.want or self.base

    @property
    def wanted(self) -> Content | None:
        """The person's text that the service has not, and that is not deleted."""
        return None if self.want_deleted else self.want

    @property
    def effective(self) -> Content | None:
        """What the entry says once everything is done; None when it will be gone."""
        return self.shown if self.live and not self.want_deleted else None

    @property
    def quiet(self) -> bool:
        """Nobody here asked for anything, and nothing is under way."""
        asked = self.want is not None or self.want_deleted or self.may_add
        return not asked and self.flight is None and self.hold is Hold.NONE

    @property
    def standing(self) -> Standing:
        if not self.live:
            return Standing.GONE
        if self.hold not in (Hold.NONE, Hold.GONE):
            return Standing.HELD
        if self.missing_since is not None:
            return Standing.MISSING
        return Standing.ON_SERVER if self.quiet else Standing.WAITING
