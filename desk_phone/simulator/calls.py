"""What a call of the company is, and what its record says at a given moment.

A call is a frozen value that knows its whole course; its record is a question asked of it with the
time. So a record appears, grows and stays without anybody changing anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from desk_phone.model.calls import CallRecord

NO_NAME = "# #"  # what the service's own sample shows where it knows no name


class Way(StrEnum):
    """Direction, in the service's words: only Terminating is documented."""

    INCOMING = "Terminating"
    OUTGOING = "Originating"


class Fate(StrEnum):
    MISSED = "missed"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One call of one own number. ``start`` is aware.

    ``own`` is ``372...``, ``other`` as records write it (empty when withheld), ``talks`` None when
    nobody answered. ``shows_early``: the record is there while the phone rings, with neither
    answer nor release, and grows; otherwise it appears when the call is over.
    """

    id: int
    own: str
    other: str
    name: str
    way: Way
    start: datetime
    rings: timedelta
    talks: timedelta | None = None
    shows_early: bool = False

    @property
    def answered_at(self) -> datetime | None:
        return None if self.talks is None else self.start + self.rings

    @property
    def over_at(self) -> datetime:
        return self.start + self.rings + (self.talks or timedelta())

    def record(self, now: datetime) -> CallRecord | None:
        """What getCallHistory says of it at ``now``; None while it says nothing yet."""
        appears = self.start if self.shows_early else self.over_at
        if now < appears:
            return None
        answered = self.answered_at
        if answered is not None and now < answered:
            answered = None
        over = answered is not None and now >= self.over_at
        own = national(self.own)
        incoming = self.way is Way.INCOMING
        return CallRecord(
            id=str(self.id),
            calling=self.other if incoming else own,
            called=own if incoming else self.other,
            answered="Yes" if answered else "No",
            direction=self.way.value,
            start=wall_time(self.start),
            name=self.name or NO_NAME,
            answer=wall_time(answered) if answered else "",
            release=wall_time(self.over_at) if over else "",
        )


def wall_time(moment: datetime) -> str:
    """As records write it: Tallinn's clock, whole seconds, no zone."""
    return moment.astimezone(tallinn()).strftime("%Y-%m-%dT%H:%M:%S")


def tallinn() -> ZoneInfo:
    return ZoneInfo("Europe/Tallinn")


def national(number: str) -> str:
    """``6401234`` of ``3726401234``; any other number as it is."""
    home = number.startswith("372") and len(number) >= 10
    return number.removeprefix("372") if home else number


def with_country(number: str) -> str:
    """``3726401234`` of ``6401234``, ``358...`` of ``00358...``; as notices write numbers."""
    digits = number.removeprefix("+").removeprefix("00")
    return f"372{digits}" if digits == number and len(digits) in (7, 8) else digits


def as_recorded(number: str) -> str:
    """The national form where there is one, as records write numbers; any other as it is."""
    home = with_country(number)
    short = national(home)
    return number if short == home else short
