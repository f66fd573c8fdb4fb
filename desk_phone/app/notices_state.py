"""How it stands with notices, for whoever shows it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.notices import Arrival, Finding, Refusal


@dataclass(frozen=True, slots=True)
class Active:
    """The service calls ``url``, with its secret, when ``own`` is called: since ``at``, as far as
    we know. ``sure`` is False where it was told so and gave no answer."""

    own: str
    url: str
    at: datetime
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody came to the door."""

    at: datetime
    arrival: Arrival


class Stage(StrEnum):
    """Of a test of the whole way."""

    NONE = ""
    PROBING = "probing"  # our own port
    WAITING = "waiting"  # for a person to call, and the service to tell us
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Trial:
    """``until``: so long a test waits. ``finding``: what it found, once it is done."""

    stage: Stage = Stage.NONE
    until: datetime | None = None
    finding: Finding | None = None

    @property
    def under_way(self) -> bool:
        return self.stage in (Stage.PROBING, Stage.WAITING)


@dataclass(frozen=True, slots=True)
class NoticesState:
    """``on`` is what was chosen, ``listening`` where we do (``127.0.0.1:8507``), empty: nowhere.

    ``url`` is what the service is to call, with the secret; ``active`` what it was told to call.
    ``outdated``: they differ. ``waiting``: a person said that it is to be told, and it could not be
    asked yet. ``busy``: it is being told. ``trouble`` is why we do not listen, or
    why the last try to tell it failed. ``silent``: calls came that no notice told of.
    """

    on: bool = False
    listening: str = ""
    url: str = ""
    active: tuple[Active, ...] = ()
    outdated: bool = False
    busy: bool = False
    trouble: PhoneError | None = None
    last_event: Seen | None = None
    last_refused: Seen | None = None
    silent: bool = False
    trial: Trial = Trial()
    waiting: bool = False


def why_refused(why: Refusal) -> str:
    """In words, to stand within a sentence."""
    said = {
        Refusal.TLS: tr("https instead of http"),
        Refusal.NOT_HTTP: tr("no HTTP"),
        Refusal.TOO_LONG: tr("too long a request"),
        Refusal.LATE: tr("too slow"),
        Refusal.CROWDED: tr("too many at once"),
        Refusal.TOO_MANY: tr("too often"),
        Refusal.METHOD: tr("something else than a GET"),
        Refusal.PATH: tr("a stranger's path"),
        Refusal.SECRET: tr("a wrong secret"),
        Refusal.CALLER: tr("the right secret from a wrong address"),
        Refusal.FIELDS: tr("words that make no sense"),
        Refusal.NUMBER: tr("about another line"),
        Refusal.TOO_OLD: tr("about a call long ago"),
        Refusal.FUTURE: tr("about a call to come"),
    }
    return said[why]
