"""What is told of the phonebook, and what a person may answer to it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desk_phone.app.sync import Synced
from desk_phone.errors import PhoneError
from desk_phone.model.calls import Change


class What(StrEnum):
    EDITED = "edited"  # by a person
    BEGAN = "began"  # a sync
    MOVED = "moved"  # a sync brought or sent something
    ENDED = "ended"  # a sync
    RENAMED = "renamed"  # calls alone


@dataclass(frozen=True, slots=True)
class News:
    """``contacts`` are our ids of what changed; ``calls`` have other names now. ``outcome``: what a
    sync came to, and how many bytes each of its ``lists`` was on the wire."""

    what: What
    contacts: frozenset[int] = frozenset()
    calls: tuple[Change, ...] = ()
    outcome: Synced | PhoneError | None = None
    lists: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of bringing a snapshot back: ``refused`` are steps whose entries had changed
    meanwhile; ``left`` were not taken, because somebody stopped it."""

    done: int
    refused: int
    left: int


class Answer(StrEnum):
    """What a person may say to a list that is not believed, or to another account."""

    KEEP_WAITING = "keep waiting"
    ON_PURPOSE = "deleted on purpose"
    PUT_BACK = "put mine back"
    NEW_IDS = "new ids"
    SAME_COMPANY = "same company"  # its administrator has another name, say
    NEW_COPY = "new copy"  # another company: the copy we have is laid aside whole
