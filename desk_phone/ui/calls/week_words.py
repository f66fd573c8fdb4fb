"""A week of calls in words: its days, its figures, an hour of it, and all of it in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QTime

from desk_phone.i18n import ntr, ptr, tr
from desk_phone.model.week import Count, Figures, Hour, Report, Week
from desk_phone.ui import words

NONE = "–"
_LONG = 10  # hours: the minutes say nothing any more


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, what it was the week before (empty: nobody asks), and what it is of."""

    value: str
    before: str
    caption: str


def title(week: Week, this: Week) -> str:
    """``This week, 23–29 Nov``"""
    names = {this: tr("This week"), this.before: tr("Last week")}
    this_year = ptr("date", "d MMM")
    form = this_year if week.days[-1].year == this.days[-1].year else ptr("date", "d MMM yyyy")
    one_month = week.days[0].month == week.days[-1].month
    begin = _date(week.days[0], ptr("date", "d") if one_month else this_year)
    dash = "–" if one_month else " – "
    days = f"{begin}{dash}{_date(week.days[-1], form)}"
    return ", ".join(part for part in (names.get(week, ""), days) if part)


def tiles(report: Report) -> tuple[Tile, ...]:
    now, before = report.figures, report.before
    return (
        Tile(_percent(now.count), _percent(before.count), _of_incoming(now.count)),
        Tile(_wait(now), _wait(before), _of_waits(now)),
        Tile(_busiest(now), "", _of_busiest(now)),
        Tile(
            QLocale().toString(now.count.outgoing),
            QLocale().toString(before.count.outgoing),
            tr("outgoing calls"),
        ),
    )


def before(tile: Tile) -> str:
    comparable = tile.before not in ("", NONE)
    return tr("before: %(value)s") % {"value": tile.before} if comparable else ""


def compared_with(report: Report) -> str:
    """What ``before`` means."""
    return tr("the week before, up to this hour") if report.running else tr("the week before")


def sentence(report: Report, this: Week) -> str:
    """The week as a screen reader speaks it."""
    said = [f"{title(report.week, this)}: {nothing()}"]
    if report.figures.count.total:
        said = [f"{title(report.week, this)}: {counted(report.figures.count)}"]
        for tile in tiles(report)[:3]:
            said.append(tile.caption if tile.value == NONE else f"{tile.value} {tile.caption}")
    if report.before.count.total:
        said.append(f"{compared_with(report)}: {counted(report.before.count)}")
    return ". ".join(said)


def nothing() -> str:
    return tr("No calls in this week")


def hour(report: Report, of: Hour) -> str:
    """``Tuesday 24 Nov, 10:00 – 11:00: 4 answered, 1 missed, 2 outgoing``"""
    day = _date(report.week.days[of.day], ptr("date", "dddd d MMM"))
    values = {"day": day, "since": clock(of.hour), "until": clock((of.hour + 1) % 24)}
    return f"{tr('%(day)s, %(since)s – %(until)s') % values}: {counted(of.count)}"


def counted(count: Count) -> str:
    return ", ".join(
        (
            ntr("%(n)d answered", "%(n)d answered", count.answered),
            ntr("%(n)d missed", "%(n)d missed", count.missed),
            ntr("%(n)d outgoing", "%(n)d outgoing", count.outgoing),
        )
    )


def clock(hour: int) -> str:
    return QLocale().toString(QTime(hour, 0), QLocale.FormatType.ShortFormat)


def day_name(day: date) -> str:
    """``Mon 23``"""
    return _date(day, ptr("date", "ddd d"))


def _date(day: date, form: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _percent(count: Count) -> str:
    return tr("%(n)d %%") % {"n": count.answered_percent} if count.incoming else NONE


def _of_incoming(count: Count) -> str:
    if not count.incoming:
        return tr("no incoming call")
    return ntr("of %(n)d answered", "of %(n)d answered", count.incoming)


def _wait(figures: Figures) -> str:
    if not figures.waits.times:
        return NONE
    hours = round(figures.waits.median / timedelta(hours=1))
    return words.duration(figures.waits.median) if hours < _LONG else tr("%(n)d h") % {"n": hours}


def _of_waits(figures: Figures) -> str:
    waits = figures.waits
    if not waits.total:
        return tr("nobody to call back")
    return tr("to call back, %(n)d of %(of)d") % {"n": waits.called_back, "of": waits.total}


def _busiest(figures: Figures) -> str:
    return "".join(
        f"{QLocale().standaloneDayName(of.day + 1, QLocale.FormatType.ShortFormat)}"
        f" {clock(of.hour)}"
        for of in figures.busiest
    ) or NONE  # fmt: skip


def _of_busiest(figures: Figures) -> str:
    for of in figures.busiest:
        return ntr("busiest hour, %(n)d call", "busiest hour, %(n)d calls", of.count.total)
    return tr("busiest hour")
