"""What a call is, what reports of it say, and what a report changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    MISSED = "missed"  # incoming, over, nobody talked
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # outgoing, over, nobody talked
    RINGING = "ringing"  # neither answer nor release, and too fresh to say
    UNKNOWN = "unknown"


class Attention(StrEnum):
    """What became of a missed call in this program; empty for every other call."""

    NONE = ""
    NEW = "new"
    SEEN = "seen"
    SNOOZED = "snoozed"  # put off: it waits, and nobody counts it before its time
    HANDLED = "handled"


class NameSource(StrEnum):
    NONE = ""
    PHONEBOOK = "phonebook"
    RECORD = "record"
    NOTICE = "notice"
    COMPANY = "company"  # the display name of one of the company's own lines
    ELSEWHERE = "elsewhere"  # contacts of another program, file or directory; `Call.name_label`


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One CallDetaileRecord in the service's own words, cleaned; a member it did not send is empty.

    Times are wall time of Europe/Tallinn without a zone (``2011-11-29T12:19:18``).
    """

    id: str
    calling: str
    called: str
    answered: str
    direction: str
    start: str
    name: str
    answer: str
    release: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record of getCallHistory; its owner is the number that was *asked about*.

    ``own`` is canonical (see `model.numbers`). The key of a record is (own, record.id).
    """

    own: str
    record: CallRecord


@dataclass(frozen=True, slots=True)
class Notice:
    """What the service's notification said: fast, lossy, forgeable, without a call id.

    ``own`` and ``other`` are canonical, ``other`` empty when withheld; ``at`` is in UTC.
    """

    own: str
    other: str
    at: datetime
    name: str
    type: str
    answer: str


@dataclass(frozen=True, slots=True)
class Dialled:
    """Our own clickToCall, noted before it is sent."""

    own: str
    other: str
    at: datetime


Report = Record | Notice | Dialled


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as well as we know it. Times are aware, in UTC.

    ``other`` is the other party's canonical number, empty when withheld; ``other_text`` is how the
    service wrote it. ``id`` is ours and stays for life; notes hang on it. ``name_label`` says what
    a person calls the source of the name, where that is one of several (NameSource.ELSEWHERE).
    """

    id: int
    own: str
    other: str
    other_text: str
    direction: Direction
    outcome: Outcome
    start: datetime
    answered: datetime | None = None
    released: datetime | None = None
    record_id: str | None = None
    name: str = ""
    name_source: NameSource = NameSource.NONE
    attention: Attention = Attention.NONE
    name_label: str = ""

    @property
    def talked(self) -> timedelta | None:
        """How long the two talked; None when they did not, or still do."""
        if self.answered is None or self.released is None:
            return None
        return self.released - self.answered


@dataclass(frozen=True, slots=True)
class Change:
    """A call appeared (``before`` is None) or became better known.

    ``rang``: when, by a notice that came now and is the first of this call to say so, its phone
    began to ring; what is said twice is no news.
    """

    before: Call | None
    after: Call
    rang: datetime | None = None

    @property
    def became_missed(self) -> bool:
        was = self.before is not None and self.before.outcome is Outcome.MISSED
        return self.after.outcome is Outcome.MISSED and not was

    @property
    def ceased_missed(self) -> bool:
        """It was told as missed, and a later report says that somebody talked."""
        was = self.before is not None and self.before.outcome is Outcome.MISSED
        return was and self.after.outcome is not Outcome.MISSED
