"""What the banners of the Phonebook page say. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from desk_phone.app.contacts import PhonebookState
from desk_phone.i18n import ntr, tr
from desk_phone.model.company import AnotherCompany
from desk_phone.model.verdict import Trust
from desk_phone.ui import words
from desk_phone.ui.trouble import Act, Kind, Message, until_next_try

_NAMED_AT_MOST = 3  # of those that are gone


class Deed(StrEnum):
    """What a button of these banners does."""

    UNLOCK = "unlock"
    SYNC = "sync"
    STOP = "stop"
    KEEP_WAITING = "keep waiting"
    ON_PURPOSE = "on purpose"
    PUT_BACK = "put back"
    NEW_IDS = "new ids"
    SAME_COMPANY = "same company"
    NEW_COPY = "new copy"
    DECIDE = "decide"
    SHOW_UNSAVED = "show unsaved"
    GO_ON = "go on"
    UNDO = "undo"
    CLOSE = "close"


def of_lock(state: PhonebookState) -> Message | None:
    if state.unlocked:
        return None
    return Message(
        Kind.INFO,
        tr("The whole company sees this phonebook"),
        tr("What you change here appears on every desk phone, so nothing can be changed yet."),
        tr("Allow changes"),
        Deed.UNLOCK,
    )


def of_connection(state: PhonebookState, now: datetime) -> Message | None:
    """While the last sync failed; edits are kept meanwhile, and it says so."""
    if state.locked:
        title = state.trouble.title if state.trouble else tr("There is no password yet")
        return Message(
            Kind.BAD,
            title,
            _sentences(_kept(state), tr("Enter the password to see the company's phonebook.")),
            tr("Open account"),
            Act.ACCOUNT,
        )
    if state.trouble is None:
        return None
    as_of = ""
    if state.updated is not None:
        as_of = tr("Showing the phonebook as of %(time)s.") % {
            "time": words.moment(state.updated, now)
        }
    said = (state.trouble.message, as_of, _kept(state), until_next_try(state.next_try, now))
    return Message(Kind.BAD, state.trouble.title, _sentences(*said), tr("Try now"), Deed.SYNC)


def of_stranger(state: PhonebookState, now: datetime) -> Message | None:
    """While the account is another company's than the copy."""
    stranger = state.stranger
    if stranger is None:
        return None
    title = words.plain(AnotherCompany(stranger.kept, stranger.now).title, 160)
    if stranger.aside is None:
        anew = tr("Start a new copy")
    else:
        anew = tr("Take the copy of %(time)s") % {"time": words.moment(stranger.aside, now)}
    said = (
        tr("Nothing is asked or sent until you decide."),
        tr("With another copy this one is laid aside whole, with what waits to be sent."),
        _waiting(state),
    )
    other = (tr("It is the same company"), Deed.SAME_COMPANY)
    return Message(Kind.WARN, title, _sentences(*said), anew, Deed.NEW_COPY, (other,))


def of_list(state: PhonebookState, gone: Sequence[str], now: datetime) -> Message | None:
    """A list that is not believed; ``gone`` are names of the entries it lacks."""
    if state.trust is Trust.RENUMBERED:
        return Message(
            Kind.WARN,
            tr("The service shows the entries under other numbers of its own"),
            tr(
                "Usually that means somebody restored the phonebook. Nothing is changed or sent"
                " until you say that it is right."
            ),
            tr("Take the new numbers"),
            Deed.NEW_IDS,
        )
    if state.trust is Trust.REJECTED:
        return Message(
            Kind.WARN,
            tr("The last list of the service cannot be read"),
            _sentences(tr("Nothing of it is used."), until_next_try(state.next_try, now)),
            tr("Try now"),
            Deed.SYNC,
        )
    if state.suspicion is None:
        return None
    count = len(state.suspicion.missing)
    title = ntr(
        "%(n)d entry is gone from the service's list",
        "%(n)d entries are gone from the service's list",
        count,
    )
    if not state.suspicion.asks:
        said = tr(
            "That may be a fault of the service: nothing is removed here and nothing is sent."
        )
        text = _sentences(_names(gone, count), said, until_next_try(state.next_try, now))
        return Message(Kind.WARN, title, text, tr("Look now"), Deed.SYNC)
    said = tr("Three lists in a row lacked them. Nothing is removed or sent until you decide.")
    return Message(
        Kind.WARN,
        title,
        _sentences(_names(gone, count), said),
        tr("Keep waiting"),
        Deed.KEEP_WAITING,
        (
            (tr("They were deleted on purpose"), Deed.ON_PURPOSE),
            (tr("Put mine back"), Deed.PUT_BACK),
        ),
    )


def of_decisions(state: PhonebookState) -> Message | None:
    """Conflicts, and what is held: both wait for a person."""
    if not state.conflicts and not state.held:
        return None
    titles = []
    if state.conflicts:
        text = ntr("%(n)d conflict", "%(n)d conflicts", state.conflicts)
        titles.append(text)
    if state.held:
        titles.append(ntr("%(n)d parked change", "%(n)d parked changes", state.held))
    title = tr("%(what)s to decide") % {"what": ", ".join(titles)}
    return Message(Kind.WARN, title, _why(state), tr("Decide"), Deed.DECIDE)


def of_unsaved(count: int, problem: str) -> Message | None:
    """Cells whose texts cannot be saved; ``problem`` is the first one's."""
    if not count:
        return None
    title = ntr("%(n)d entry is not saved", "%(n)d entries are not saved", count)
    text = _sentences(problem, tr("Mend it and it is saved by itself."))
    return Message(Kind.WARN, title, text, tr("Show"), Deed.SHOW_UNSAVED)


def sync_words(state: PhonebookState, now: datetime) -> str:
    """How the copy stands, in a few words beside the title."""
    if state.busy:
        return tr("looking...")
    if state.waiting:
        return ntr("%(n)d change waits", "%(n)d changes wait", state.waiting)
    if state.updated is None:
        return ""
    return tr("as of %(time)s") % {"time": words.moment(state.updated, now)}


def _why(state: PhonebookState) -> str:
    parts = []
    if state.conflicts:
        parts.append(tr("Somebody else changed the same entries: theirs stays until you choose."))
    if state.held:
        parts.append(tr("Parked ones were not taken, or no list shows them."))
    return " ".join(parts)


def _kept(state: PhonebookState) -> str:
    if not state.waiting:
        return ""
    return ntr(
        "%(n)d change is kept here and sent later.",
        "%(n)d changes are kept here and sent later.",
        state.waiting,
    )


def _waiting(state: PhonebookState) -> str:
    if not state.waiting:
        return ""
    return ntr("%(n)d change waits.", "%(n)d changes wait.", state.waiting)


def _names(gone: Sequence[str], count: int) -> str:
    """``Anna, Bob, Chef and 4 more.``"""
    named = ", ".join(gone[:_NAMED_AT_MOST])
    more = count - len(gone[:_NAMED_AT_MOST])
    if not named:
        return ""
    if more <= 0:
        return f"{named}."
    others = ntr("and %(n)d more", "and %(n)d more", more)
    return f"{named} {others}."


def _sentences(*said: str) -> str:
    return " ".join(filter(None, said))
