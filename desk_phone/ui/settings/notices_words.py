"""How notices are said to stand. Pure but for the language."""

from __future__ import annotations

from datetime import datetime

from desk_phone.app.notices_state import NoticesState, Seen, Stage, Trial, why_refused
from desk_phone.i18n import tr
from desk_phone.model.notices import Finding, Heard, TurnedAway
from desk_phone.ui import words


def listening(state: NoticesState) -> str:
    if not state.on:
        return tr("Off: calls become known by looking every few minutes.")
    if state.listening:
        return tr("Listening at %(place)s.") % {"place": state.listening}
    return tr("Not listening.")


def service(state: NoticesState, now: datetime) -> str:
    """What the service was told, as far as we know."""
    if state.busy:
        return tr("Asking the phone service...")
    if state.waiting:
        return tr("The service is told as soon as it can be asked.")
    if not state.active:
        return tr("The service was not told to call this computer.")
    if state.outdated:
        return tr("The service calls another address than this one: tell it again.")
    values = {
        "numbers": ", ".join(words.number(active.own) for active in state.active),
        "when": words.since(max(active.at for active in state.active), now),
    }
    return tr("The service calls this address for %(numbers)s since %(when)s.") % values


def trouble(state: NoticesState) -> str:
    if state.trouble is not None:
        return f"{state.trouble.title}\n{state.trouble.message}".strip()
    if state.silent:
        return tr("Calls came that no notice told of. Test the way, or ask your IT person.")
    return ""


def event(seen: Seen | None, now: datetime) -> str:
    if seen is None or not isinstance(seen.arrival, Heard):
        return tr("Last notice: none yet.")
    notice = seen.arrival.notice
    named = words.plain(notice.name)
    who = ", ".join(part for part in (named, words.number(notice.other)) if part)
    values = {"when": words.moment(seen.at, now), "who": who}
    return tr("Last notice: %(when)s, %(who)s.") % values


def refused(seen: Seen | None, now: datetime) -> str:
    if seen is None or not isinstance(seen.arrival, TurnedAway):
        return tr("Last refused: nobody.")
    values = {
        "when": words.moment(seen.at, now),
        "why": why_refused(seen.arrival.why),
        "caller": words.plain(seen.arrival.caller, 45) or tr("an unknown address"),
    }
    return tr("Last refused: %(when)s, %(why)s, from %(caller)s.") % values


def trial(state: Trial, now: datetime) -> str:
    """What to do during a test, and what it found."""
    if state.stage is Stage.PROBING:
        return tr("Trying the own port...")
    if state.stage is Stage.WAITING and state.until is not None:
        return tr(
            "Now call your own desk phone from another phone. Waiting for the notice until"
            " %(time)s."
        ) % {"time": words.moment(state.until, now)}
    return "" if state.finding is None else finding(state.finding)


def finding(found: Finding) -> str:
    said = {
        Finding.WORKS: tr("It works: the notice came."),
        Finding.PORT: tr(
            "The own port does not answer. Switch listening on, or choose another address or port."
        ),
        Finding.TLS: tr(
            "Somebody spoke https to the port. The reverse proxy must hand on plain http."
        ),
        Finding.SECRET: tr(
            "A request came with another secret. Tell the service the address again; a proxy must"
            " hand on the whole path."
        ),
        Finding.CALLER: tr(
            "The notice came, but from an address that is none of the service's. Name the reverse"
            " proxy below, and let it send X-Forwarded-For."
        ),
        Finding.NUMBER: tr(
            "A notice about another line came. Is the right line chosen? Tell the service again."
        ),
        Finding.CLOCK: tr("The notice came, but this computer's clock is wrong."),
        Finding.PROXY: tr(
            "Something came through that was no notice of the service. A reverse proxy must hand on"
            " the whole address, with what follows the question mark."
        ),
        Finding.NOTHING: tr(
            "Nothing came. Either the public address does not lead to this port, or a firewall"
            " keeps the service out, or the service was not told the address."
        ),
    }
    return said[found]
