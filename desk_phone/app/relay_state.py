"""How it stands with the company's relay, for whoever shows it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.errors import PhoneError


class Listening(StrEnum):
    """What we do about what the relay tells by itself."""

    OFF = "off"  # not enrolled, or a person wants none
    TRYING = "trying"  # to connect
    UP = "up"
    NO_RELAY = "no relay"  # the broker is there, the relay is not


@dataclass(frozen=True, slots=True)
class Heard:
    """Of the feed. ``trouble`` is why it is not up; ``at`` is when a notice came last, to the hour
    over restarts. ``behind``: the relay holds notices that did not come yet. ``silent``: calls came
    that no notice told of."""

    listening: Listening = Listening.OFF
    trouble: PhoneError | None = None
    at: datetime | None = None
    behind: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class RelayState:
    """``url`` without ``device``: the address is known and this computer is not enrolled there.

    ``busy``: it is being enrolled, or leaves. ``trouble`` is why the last try failed, or why
    nothing is sent. ``stored``: the token lies in the system's keyring. ``refused``: the relay
    takes it no more, or it is gone: a new code helps.
    """

    url: str = ""
    device: str = ""
    numbers: tuple[str, ...] = ()
    busy: bool = False
    stored: bool = False
    trouble: PhoneError | None = None
    notices: bool = True
    heard: Heard = Heard()
    refused: bool = False

    @property
    def enrolled(self) -> bool:
        return bool(self.url and self.device)
