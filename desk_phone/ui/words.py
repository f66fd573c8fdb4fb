"""How calls are said: times, durations, outcomes, people, numbers. Pure but for the language.

Dates follow ``QLocale()``, which `speak` sets beside `i18n.use`. Moments are aware; they are said
in the computer's own time zone, so that they agree with the clock on the same screen.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape

from PySide6.QtCore import QDate, QLocale, QTime

from desk_phone.app.dial import why_unreadable
from desk_phone.i18n import ntr, ptr, tr
from desk_phone.model import numbers
from desk_phone.model.calls import Attention, Call, Direction, NameSource, Outcome
from desk_phone.model.outcomes import Became, OwnOutcome, own_outcome
from desk_phone.model.reading import Kind, Problem, Reading, of_key
from desk_phone.model.text import AT_MOST as NAME_AT_MOST
from desk_phone.model.text import clean

_LOCALES = {"en": "en_GB", "et": "et_EE", "ru": "ru_RU"}


def locale(language: str) -> QLocale:
    """How dates are written in one of our languages; English is British."""
    return QLocale(_LOCALES.get(language, "en_GB"))


def speak(language: str) -> None:
    """Write dates as this language does from now on."""
    QLocale.setDefault(locale(language))


def plain(text: str, at_most: int = NAME_AT_MOST) -> str:
    """Text from outside as one harmless line: no control or direction marks, not endless."""
    shown = clean(text[: NAME_AT_MOST * 4])
    return shown if len(shown) <= at_most else shown[: at_most - 1].rstrip() + "…"


def tooltip(text: str) -> str:
    """Text for a tooltip, which Qt would otherwise read as markup where it looks like markup."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def menu(text: str) -> str:
    """Text for a menu or a button, where Qt would otherwise underline what follows an ampersand."""
    return text.replace("&", "&&")


def clock(at: datetime) -> str:
    """``14:32``"""
    local = at.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def heading(day: date, today: date) -> str:
    """``Today``, ``Yesterday``, ``Monday 23 November``, with the year when it is another one."""
    if day == today:
        return tr("Today")
    if day == today - timedelta(days=1):
        return tr("Yesterday")
    this_year, other_year = ptr("date", "dddd d MMMM"), ptr("date", "dddd d MMMM yyyy")
    form = this_year if day.year == today.year else other_year
    said = _date(day, form)
    return said[:1].upper() + said[1:]


def gap(since: datetime, until: datetime, today: date) -> str:
    """What stands in a list of calls where the service had forgotten what came."""
    first, last = (heading(at.astimezone().date(), today) for at in (since, until))
    return tr("Not known: %(since)s to %(until)s") % {"since": first, "until": last}


def moment(at: datetime, now: datetime) -> str:
    """A moment within a sentence: ``14:32``, ``yesterday 14:32``, ``Thu 12 Nov 14:32``."""
    day, today = at.astimezone().date(), now.astimezone().date()
    if day == today:
        return clock(at)
    if day == today - timedelta(days=1):
        return tr("yesterday %(time)s") % {"time": clock(at)}
    this_year, other_year = ptr("date", "ddd d MMM"), ptr("date", "d MMM yyyy")
    form = this_year if day.year == today.year else other_year
    return f"{_date(day, form)} {clock(at)}"


def ago(at: datetime, now: datetime) -> str:
    """How long ago, within a sentence: ``just now``, ``2 min ago``; from an hour on the moment."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:  # a clock that was set back, too
        return tr("just now") if at - now < timedelta(minutes=1) else moment(at, now)
    if minutes < 60:
        return ntr("%(n)d min ago", "%(n)d min ago", minutes)
    return moment(at, now)


def since(at: datetime, now: datetime) -> str:
    """The beginning of a while: ``yesterday 17:20``, ``Friday 17:20``, ``Thu 12 Nov 17:20``."""
    days = (now.astimezone().date() - at.astimezone().date()).days
    if 1 < days < 7:
        return f"{_date(at.astimezone().date(), ptr('date', 'dddd'))} {clock(at)}"
    return moment(at, now)


def _date(day: date, form: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def duration(length: timedelta) -> str:
    """``46 s``, ``3 min``, ``1 h 04 min``; a begun minute does not count."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return tr("%(seconds)d s") % {"seconds": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return tr("%(minutes)d min") % {"minutes": minutes}
    return tr("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def country(region: str) -> str:
    """The country of an ISO code (``FI``: Finland); empty for none in particular (``001``)."""
    if len(region) != 2 or not region.isalpha():
        return ""
    territory = QLocale.codeToTerritory(region)
    if territory == QLocale.Country.AnyTerritory:
        return ""
    named = ptr("country", region)  # the catalogues get them by their codes as they are compiled
    return named if named != region else QLocale.territoryToString(territory)


def number(key: str) -> str:
    """A canonical number as people write it; ``Number withheld`` for none."""
    return plain(numbers.shown(key)) if key else tr("Number withheld")


def whole(key: str) -> str:
    """The same within a sentence that is wrapped: no line ends inside it."""
    return number(key).replace(" ", "\u00a0")


def who(call: Call) -> str:
    """The other party: the name if one is known, else the number as people write it."""
    return plain(call.name) or number(call.other)


def kind(reading: Reading) -> str:
    """What sort of number it is: the country for a number abroad, ``Mobile``, ``Landline`` ..."""
    if reading.kind is Kind.ABROAD:
        return country(reading.region) or tr("Abroad")
    words = {
        Kind.FIXED: tr("Landline"),
        Kind.MOBILE: tr("Mobile"),
        Kind.FREE: tr("Free number"),
        Kind.PREMIUM: tr("Premium rate"),
        Kind.SHORT: tr("Short number"),
        Kind.SERVICE: tr("Service number"),
        Kind.SATELLITE: tr("Satellite or international premium rate"),
        Kind.EMERGENCY: tr("Emergency number"),
    }
    return words.get(reading.kind, "")


def kind_of(key: str) -> str:
    """The `kind` of a canonical number; empty where nothing is known."""
    return kind(_reading(key)) if key else ""


@lru_cache(maxsize=4096)
def _reading(key: str) -> Reading:
    return of_key(key)


def source(name_source: NameSource, label: str = "") -> str:
    """Where a name comes from, as a remark beside it; ``label`` as in `Call.name_label`."""
    if name_source is NameSource.ELSEWHERE and plain(label):
        return tr("from %(label)s") % {"label": plain(label)}
    words = {
        NameSource.PHONEBOOK: tr("phonebook"),
        NameSource.RECORD: tr("from the call record"),
        NameSource.NOTICE: tr("sent with the call"),
        NameSource.COMPANY: tr("company line"),
        NameSource.ELSEWHERE: tr("from other contacts"),
    }
    return words.get(name_source, "")


def about(call: Call) -> str:
    """The line under the name: the number and what sort of number it is, as far as known."""
    if not call.other:
        return tr("The caller sent no number") if call.direction is Direction.INCOMING else ""
    sort = kind_of(call.other)
    if plain(call.name):
        abroad = sort if not numbers.is_home(call.other) else ""
        return " · ".join(part for part in (number(call.other), abroad, _elsewhere(call)) if part)
    return sort


def _elsewhere(call: Call) -> str:
    """``from My phone``, where others' contacts say the name."""
    outside = call.name_source is NameSource.ELSEWHERE
    return source(call.name_source, call.name_label) if outside else ""


def outcome(call: Call, looked: datetime | None = None) -> str:
    """``Missed``, ``Missed, done``, ``No answer``, ``Ringing``, or how long the two talked.

    ``looked`` is when the history of the call's own line was last asked for.
    """
    if call.direction is Direction.OUTGOING:
        return _own_outcome(own_outcome(call, looked))
    if call.outcome is Outcome.ANSWERED:
        return tr("Answered") if call.talked is None else duration(call.talked)
    if call.outcome is Outcome.MISSED:
        return _missed(call)
    words = {Outcome.UNANSWERED: tr("No answer"), Outcome.RINGING: tr("Ringing")}
    return words.get(call.outcome, "")


def _missed(call: Call) -> str:
    words = {Attention.HANDLED: tr("Missed, done"), Attention.SNOOZED: tr("Missed, later")}
    return words.get(call.attention, ptr("one call", "Missed"))


def _own_outcome(own: OwnOutcome) -> str:
    words = {
        Became.OPEN: tr("Ringing"),
        Became.TALKED: tr("Answered") if own.length is None else duration(own.length),
        Became.NOT_ANSWERED: tr("No answer"),
        Became.NOT_LIFTED: tr("You did not lift"),
    }
    return words.get(own.became, "")


def became(call: Call, looked: datetime | None) -> str:
    """What became of a call, in a sentence where the list has a word: ``Talked 3:12``."""
    if call.outcome is Outcome.ANSWERED and call.talked is not None:
        return tr("Talked %(length)s") % {"length": length(call.talked)}
    if call.outcome is Outcome.ANSWERED:
        return tr("Answered: perhaps still talking")
    if call.direction is Direction.OUTGOING:
        words = {
            Became.NOT_ANSWERED: tr("Not answered"),
            Became.NOT_LIFTED: tr("You did not lift your phone, or the call still goes on"),
            Became.UNKNOWN: tr("Nothing is known yet"),
        }
        own = own_outcome(call, looked).became
        return words.get(own, outcome(call, looked))
    return outcome(call, looked)


def is_open(call: Call) -> bool:
    """A missed call that waits for somebody now."""
    done = (Attention.HANDLED, Attention.SNOOZED)
    return call.outcome is Outcome.MISSED and call.attention not in done


def length(talked: timedelta) -> str:
    """``3:12``, ``1:04:09``"""
    minutes, seconds = divmod(max(0, int(talked.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def sentence(call: Call, today: date, looked: datetime | None = None) -> str:
    """A call as a screen reader speaks it, whole."""
    named = plain(call.name)
    told = (named, number(call.other), _elsewhere(call))
    values = {
        "who": ", ".join(filter(None, told)) if named and call.other else who(call),
        "day": heading(call.start.astimezone().date(), today),
        "time": clock(call.start),
    }
    if call.outcome is Outcome.MISSED:
        return _missed_sentence(call) % values
    said = _sentence(call) % values
    return f"{said}, {state}" if (state := outcome(call, looked)) else said


def _missed_sentence(call: Call) -> str:
    if call.attention is Attention.HANDLED:
        return tr("Missed call from %(who)s, %(day)s %(time)s, done")
    if call.attention is Attention.SNOOZED:
        return tr("Missed call from %(who)s, %(day)s %(time)s, put off")
    return tr("Missed call from %(who)s, %(day)s %(time)s")


def _sentence(call: Call) -> str:
    if call.direction is Direction.INCOMING:
        return tr("Call from %(who)s, %(day)s %(time)s")
    if call.direction is Direction.OUTGOING:
        return tr("Call to %(who)s, %(day)s %(time)s")
    return tr("Call with %(who)s, %(day)s %(time)s")


def problem(reading: Reading) -> str:
    """Why a text cannot be dialled; empty when it can, and for no text."""
    silent = reading.problem in (Problem.NONE, Problem.EMPTY)
    return "" if silent else why_unreadable(reading.problem)
