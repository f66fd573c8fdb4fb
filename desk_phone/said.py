"""What a command says in the end: its output, its words of trouble, its exit status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from desk_phone.errors import (
    BadCredentials,
    BadInput,
    Offline,
    PhoneError,
    Refused,
    Uncertain,
)
from desk_phone.i18n import tr


class Status(IntEnum):
    DONE = 0
    BUG = 1
    BAD_INPUT = 2
    REFUSED = 3
    OFFLINE = 4  # surely not sent
    UNKNOWN = 5  # sent, and no answer to trust
    CREDENTIALS = 6
    ASKS = 64  # inside the program alone: ``out`` is a question a person must answer first
    AGAIN = 65  # inside the program alone: it is to begin anew, with its window
    AGAIN_UNSEEN = 66  # the same, in the tray


@dataclass(frozen=True, slots=True)
class Said:
    """``out`` and ``err`` end with a line's end unless they are empty."""

    status: int = Status.DONE
    out: str = ""
    err: str = ""


def of_error(error: PhoneError, out: str = "") -> Said:
    """One line what is so, one line what to do; a refusal begins with the service's own code."""
    title = error.title
    if isinstance(error, Refused) and error.code and error.code not in title:
        title = f"{error.code}: {title}"
    lines = [" ".join(part.split()) for part in (title, error.message) if part]
    return Said(status_of(error), out, "".join(f"{line}\n" for line in lines))


def of_bug(log: Path | None = None) -> Said:
    """One line: the rest is in the crash log at ``log``."""
    words = tr("Desk Phone has made a mistake, not you.")
    if log is not None:
        words += " " + tr("What happened stands in %(log)s") % {"log": log}
    return Said(Status.BUG, "", words + "\n")


def status_of(error: PhoneError) -> Status:
    kinds = (
        (BadInput, Status.BAD_INPUT),
        (Refused, Status.REFUSED),
        (Offline, Status.OFFLINE),
        (Uncertain, Status.UNKNOWN),
        (BadCredentials, Status.CREDENTIALS),
    )
    return next((status for kind, status in kinds if isinstance(error, kind)), Status.BUG)


def as_json(value: object) -> str:
    import json  # only some commands print it

    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
