"""What a banner says: the state of the line, of the password, of the pop-ups. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desk_phone.app.presets import faults
from desk_phone.errors import Offline, PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Preset
from desk_phone.store.database import Opened, Recovery
from desk_phone.ui import words

_FAULTS_SHOWN = 3


class Kind(StrEnum):
    BAD = "bad"
    WARN = "warn"
    INFO = "info"


class Act(StrEnum):
    """What a banner's one button does."""

    NONE = ""
    TRY_NOW = "try now"
    ACCOUNT = "account"
    CHOOSE_LINE = "choose line"
    SOURCES = "sources"
    RESUME_POPUPS = "resume pop-ups"
    CLOSE = "close"
    QUIT = "quit"
    BEGIN_ANEW = "begin anew"


@dataclass(frozen=True, slots=True)
class Message:
    """What is so, what to do, one button; ``button`` is empty where there is nothing to do.

    ``act`` is `Act`, or another page's own word. ``more`` are further buttons, for a question that
    has more than one answer.
    """

    kind: Kind
    title: str
    text: str = ""
    button: str = ""
    act: StrEnum = Act.NONE
    more: tuple[tuple[str, StrEnum], ...] = ()


def of_line(state: LineState, now: datetime) -> Message | None:
    """The banner of the connection; none while it is ready or not yet asked."""
    if state.link is Link.TROUBLE:
        return Message(
            Kind.BAD,
            state.trouble.title if state.trouble else tr("No connection to the phone service"),
            " ".join(filter(None, _trouble_text(state, now))),
            tr("Try now"),
            Act.TRY_NOW,
        )
    if state.link is Link.LOCKED:
        title = state.trouble.title if state.trouble else tr("There is no password yet")
        text = state.trouble.message if state.trouble else _unlock()
        return Message(Kind.BAD, title, text, tr("Open account"), Act.ACCOUNT)
    if state.link is Link.NO_LINE:
        return Message(
            Kind.WARN,
            tr("Your line is not chosen yet"),
            tr("Choose the number of the phone on your desk."),
            tr("Choose my line"),
            Act.CHOOSE_LINE,
        )
    return None


def _unlock() -> str:
    return tr("Enter the password to see calls and to dial.")


def _trouble_text(state: LineState, now: datetime) -> tuple[str, ...]:
    message = state.trouble.message if state.trouble else ""
    as_of = ""
    if state.updated is not None:
        as_of = tr("Showing calls as of %(time)s.") % {"time": words.moment(state.updated, now)}
    return message, as_of, next_try(state, now)


def next_try(state: LineState, now: datetime) -> str:
    """``Next try in 20 s.``; empty when none is planned."""
    return until_next_try(state.next_try, now)


def until_next_try(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    seconds = round((at - now).total_seconds())
    if seconds <= 0:
        return tr("Trying now.")
    if seconds < 90:
        return tr("Next try in %(seconds)d s.") % {"seconds": seconds}
    return ntr("Next try in %(n)d minute.", "Next try in %(n)d minutes.", round(seconds / 60))


def of_error(trouble: PhoneError) -> Message:
    """A dial that was not made, or may have been."""
    return Message(Kind.BAD, trouble.title, trouble.message, tr("Close"), Act.CLOSE)


def of_dial(trouble: PhoneError) -> Message:
    """Without a connection the line says what is wrong: here it is what became of the call."""
    if not isinstance(trouble, Offline):
        return of_error(trouble)
    text = f"{trouble.title}. {trouble.message}"
    return Message(Kind.BAD, tr("The call could not be made"), text, tr("Close"), Act.CLOSE)


def of_ringing(own: str) -> Message:
    return Message(Kind.INFO, ringing(own), tr("To cancel, do not lift it."))


def ringing(own: str) -> str:
    """What to do once the service rings the own phone."""
    return tr("Your phone %(number)s is ringing: lift the handset.") % {"number": words.number(own)}


def of_memory_only() -> Message:
    return Message(
        Kind.WARN,
        tr("The password is kept in memory only"),
        tr("This computer has no keyring to keep it in, so it is asked for at each start."),
        tr("Close"),
        Act.CLOSE,
    )


def of_pause(until: datetime, now: datetime) -> Message:
    return Message(
        Kind.INFO,
        tr("Pop-ups are paused until %(time)s") % {"time": words.moment(until, now)},
        tr("Missed calls still appear in this list."),
        tr("Resume"),
        Act.RESUME_POPUPS,
    )


def of_no_tray() -> Message:
    return Message(
        Kind.INFO,
        tr("This desktop shows no tray icons"),
        tr("Closing this window makes it small; Desk Phone keeps watching for calls."),
        tr("Quit"),
        Act.QUIT,
    )


def of_upgrade() -> Message:
    """While something is open; else it begins anew by itself."""
    return Message(
        Kind.WARN,
        tr("Desk Phone was upgraded"),
        tr(
            "It starts again by itself once its windows are closed. Until then some parts may fail."
        ),
        tr("Start again"),
        Act.BEGIN_ANEW,
    )


def of_no_tray_yet() -> Message:
    """The same, before there is a window to close."""
    return Message(
        Kind.INFO,
        tr("This desktop shows no tray icons"),
        tr("Closing the window of Desk Phone makes it small; it keeps watching for calls."),
    )


def of_recovery(opened: Opened, now: datetime) -> Message | None:
    """What was done about a damaged database; None when it was sound."""
    if opened.recovery is Recovery.NONE:
        return None
    aside = tr("The damaged file is kept as %(file)s.") % {"file": str(opened.aside or "")}
    if opened.recovery is Recovery.RESTORED and opened.restored_from is not None:
        text = tr(
            "The copy of %(time)s is in use; calls of the last month come again by themselves."
        )
        when = words.moment(opened.restored_from, now)
        said = (text % {"time": when}, aside if opened.aside else "")
    else:
        said = (tr("There was no good copy, so the list began anew with the last month."), aside)
    title = tr("The list of calls was damaged")
    return Message(Kind.WARN, title, " ".join(filter(None, said)), tr("Close"), Act.CLOSE)


def of_settings_aside(file: Path) -> Message:
    return Message(
        Kind.WARN,
        tr("The settings could not be read"),
        tr("The usual ones hold. The old file is kept as %(file)s.") % {"file": str(file)},
        tr("Close"),
        Act.CLOSE,
    )


def of_preset(preset: Preset) -> Message | None:
    """What an administrator set for everybody and makes no sense; None where all does."""
    told = faults(preset)
    if not told:
        return None
    more = len(told) - _FAULTS_SHOWN
    rest = (ntr("and %(n)d more", "and %(n)d more", more),) if more > 0 else ()
    what = "; ".join((*(words.plain(fault) for fault in told[:_FAULTS_SHOWN]), *rest))
    return Message(
        Kind.WARN,
        tr("A setting for everybody on this computer makes no sense, and the usual one holds"),
        tr("Whoever looks after the computers should look at %(file)s (%(why)s).")
        % {"file": preset.file, "why": what},
        tr("Close"),
        Act.CLOSE,
    )
