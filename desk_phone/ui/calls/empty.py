"""What the Calls page says when there is no call to show."""

from __future__ import annotations

from desk_phone.i18n import tr
from desk_phone.model.line import LineState, Link
from desk_phone.store.calls import CallFilter
from desk_phone.ui import words
from desk_phone.ui.empty_state import Emptiness


def emptiness(chosen: CallFilter, text: str, line: LineState, password_known: bool) -> Emptiness:
    """The reason nearest to the person: their own search first, then what is not set up yet.

    ``act`` is ``all`` (show all calls), ``account``, ``line`` or ``call`` (open the palette).
    """
    if text:
        return _nothing(
            tr("Nothing found for “%(text)s”") % {"text": words.plain(text, 40)},
            tr("Names and numbers are searched, in any spelling."),
        )
    if chosen is CallFilter.MISSED:
        return _nothing(tr("No missed calls"), tr("Calls that nobody answered appear here."))
    if chosen is CallFilter.CALL_BACK:
        return _nothing(
            tr("Nobody waits for a call"),
            tr("People whose calls you missed stay here until you call back or mark them done."),
        )
    if chosen is not CallFilter.ALL:
        return _nothing(tr("No such calls"), tr("Calls in this direction appear here."))
    return _not_yet(line, password_known)


def _nothing(title: str, text: str) -> Emptiness:
    return Emptiness("search", title, text, tr("Show all calls"), "all")


def _not_yet(line: LineState, password_known: bool) -> Emptiness:
    if line.link is Link.STARTING and line.own:  # the keyring may have the password
        return Emptiness("history", tr("Looking for calls..."), _whose(line), "", "")
    if not password_known:
        return Emptiness(
            "key-round",
            tr("No password yet"),
            tr("Once Desk Phone knows the company's user name and password, calls appear here."),
            tr("Enter the password"),
            "account",
        )
    if line.link is Link.LOCKED:
        return Emptiness(
            "key-round",
            tr("No calls yet"),
            tr("Once the service accepts the user name and password, calls appear here."),
            tr("Open account"),
            "account",
        )
    if line.link is Link.NO_LINE or not line.own:
        return Emptiness(
            "phone",
            tr("Your line is not chosen yet"),
            tr("Once you choose the number of the phone on your desk, its calls appear here."),
            tr("Choose my line"),
            "line",
        )
    return Emptiness(
        "history",
        tr("No calls yet"),
        _whose(line),
        tr("Make the first call"),
        "call",
        calls=True,
    )


def _whose(line: LineState) -> str:
    return tr("Calls to and from %(number)s appear here.") % {"number": words.number(line.own)}
