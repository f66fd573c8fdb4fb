"""``calls --week``: the week that runs, in figures."""

from __future__ import annotations

from datetime import timedelta

from desk_phone.i18n import ntr, tr
from desk_phone.model.walltime import tallinn
from desk_phone.model.week import Count, Figures, Hour, Report, Span
from desk_phone.said import as_json


def week_as_json(report: Report) -> str:
    """Moments as those of ``calls --json``; seconds; ``hours`` are those with calls."""
    return as_json(
        {
            **_span(report.week.span),
            "running": report.running,
            **_figures(report.figures),
            "hours": [_hour(report, hour) for hour in report.figures.hours],
            "week_before": _figures(report.before),
        }
    )


def week_as_table(report: Report) -> str:
    """A line a figure; in brackets the week before, of a week that runs as far as it has come.
    What there was none of has no line, or no bracket."""
    days, now, before = report.week.days, report.figures, report.before
    quiet = not (before.count.total or before.waits.total)
    lines = [
        (tr("answered"), _answered(now.count), _answered(before.count)),
        (tr("missed"), str(now.count.missed), str(before.count.missed)),
        (tr("outgoing"), str(now.count.outgoing), str(before.count.outgoing)),
        (tr("called back"), _called_back(now), _called_back(before)),
        (tr("time to call back"), _time(now), _time(before)),
        (tr("busiest hour"), _busiest(report, now.busiest), ""),
    ]
    lines = [(name, value, "" if quiet else was) for name, value, was in lines if value]
    width = max(len(name) for name, _, _ in lines)
    said = [f"{name:{width}}  {value}{_in_brackets(was)}" for name, value, was in lines]
    return "".join(f"{line}\n" for line in (f"{days[0]} - {days[-1]}", *said))


def _in_brackets(was: str) -> str:
    return f"  ({tr('the week before')}: {was})" if was else ""


def _span(span: Span) -> dict[str, str]:
    since, until = (at.astimezone(tallinn()).isoformat() for at in (span.since, span.until))
    return {"since": since, "until": until}


def _figures(figures: Figures) -> dict[str, object]:
    count, waits = figures.count, figures.waits
    return {
        "incoming": count.incoming,
        "answered": count.answered,
        "missed": count.missed,
        "answered_percent": count.answered_percent if count.incoming else None,
        "outgoing": count.outgoing,
        "to_call_back": waits.total,
        "called_back": waits.called_back,
        "seconds_to_call_back": round(waits.median.total_seconds()) if waits.times else None,
        "busiest_hour": [
            {"day": hour.day + 1, "hour": hour.hour, "calls": hour.count.total}
            for hour in figures.busiest
        ],
    }


def _hour(report: Report, hour: Hour) -> dict[str, object]:
    return {
        "date": report.week.days[hour.day].isoformat(),
        "hour": hour.hour,
        "answered": hour.count.answered,
        "missed": hour.count.missed,
        "outgoing": hour.count.outgoing,
    }


def _answered(count: Count) -> str:
    if not count.incoming:
        return tr("no incoming call")
    values = {"n": count.answered, "of": count.incoming, "percent": count.answered_percent}
    return tr("%(n)d of %(of)d, %(percent)d %%") % values


def _called_back(figures: Figures) -> str:
    waits = figures.waits
    values = {"n": waits.called_back, "of": waits.total}
    return tr("%(n)d of %(of)d") % values if waits.total else tr("nobody waited")


def _time(figures: Figures) -> str:
    """``45 min``, ``11 h 05 min``; empty where nobody was called back."""
    if not figures.waits.times:
        return ""
    minutes = round(figures.waits.median / timedelta(minutes=1))
    if minutes < 60:
        return tr("%(minutes)d min") % {"minutes": minutes}
    return tr("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _busiest(report: Report, hours: tuple[Hour, ...]) -> str:
    if not hours:
        return ""
    (hour,) = hours
    calls = ntr("%(n)d call", "%(n)d calls", hour.count.total)
    return f"{report.week.days[hour.day]} {hour.hour:02d}:00, {calls}"
