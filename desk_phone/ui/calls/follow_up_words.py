"""How it is said what becomes of somebody's missed calls."""

from __future__ import annotations

from datetime import datetime

from desk_phone.i18n import ntr, tr
from desk_phone.model.follow_up import By, Deed, Reason, Reminder, What
from desk_phone.ui import words


def reminder(one: Reminder, now: datetime) -> str:
    """``Later: tomorrow 09:00``, and when that came: ``To call back since 09:00``"""
    if one.told or one.due <= now:
        return tr("To call back since %(when)s") % {"when": words.moment(one.due, now)}
    return tr("Later: %(when)s") % {"when": soon(one.due, now)}


def soon(at: datetime, now: datetime) -> str:
    """A moment to come, within a sentence: ``14:32``, ``tomorrow 09:00``, ``Thu 12 Nov 14:32``."""
    day, today = at.astimezone().date(), now.astimezone().date()
    if (day - today).days == 1:
        return tr("tomorrow %(time)s") % {"time": words.clock(at)}
    return words.moment(at, now)


def waiting(calls: int) -> str:
    return ntr("%(n)d missed call waits for you", "%(n)d missed calls wait for you", calls)


def reason(why: Reason, now: datetime) -> str:
    """Why nobody needs to call back."""
    if why.by is By.TALK and why.at is not None:
        return tr("Done by itself: you talked %(when)s") % {"when": words.moment(why.at, now)}
    if why.at is None:
        return tr("Done")
    return tr("You marked it done %(when)s") % {"when": words.moment(why.at, now)}


def deed(done: Deed, who: str, until: str) -> str:
    """What was done just now, beside an Undo. ``until`` in words, of what was put off."""
    said = {
        What.HANDLED: tr("Done: %(who)s"),
        What.SNOOZED: tr("Later, %(until)s: %(who)s") if until else tr("Later: %(who)s"),
        What.TAKEN_UP: tr("To call back again: %(who)s"),
        What.WOKEN: tr("To call back again: %(who)s"),
    }[done.what]
    return said % {"who": who, "until": until}
