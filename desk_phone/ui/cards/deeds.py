"""What a card can have done beside calling back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.pause import tomorrow

_MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Deeds:
    """Of whoever keeps notes and reminders. Numbers are canonical, empty for withheld ones.

    ``write_note`` is durable when it says True; False: it could not be kept.
    """

    call_note: Callable[[int], str]  # of a call, by its id
    last_note: Callable[[str], str]  # about a person
    write_note: Callable[[int, str], bool]
    snooze: Callable[[str, datetime], object]
    handle: Callable[[str], object]


def later(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """When a person may want to be reminded, in words."""
    morning = tomorrow(now, _MORNING)
    return (
        (tr("In 30 min"), now + timedelta(minutes=30)),
        (tr("In 2 h"), now + timedelta(hours=2)),
        (tr("Tomorrow %(time)s") % {"time": words.clock(morning)}, morning),
    )
