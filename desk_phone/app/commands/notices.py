"""``notices on | off | status``: being told of calls by the service itself.

``listen`` goes on until it is interrupted: see `app.notices_listen`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.notices_activation import Activation, no_address
from desk_phone.app.notices_address import public_problem
from desk_phone.app.notices_state import Active, NoticesState, Seen, why_refused
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.i18n import tr
from desk_phone.model.calls import Notice
from desk_phone.model.judging import opens, says_yes
from desk_phone.model.notices import Heard, TurnedAway
from desk_phone.model.numbers import is_e164, shown
from desk_phone.options import Options
from desk_phone.said import Said, Status, as_json

_ZONE = "Europe/Tallinn"


def notices(desk: Desk, options: Options) -> Act[Said]:
    match options.deed:
        case "on":
            return (yield from _on(desk, options))
        case "off":
            return (yield from _off(desk, options))
        case "status":
            return _status(desk, options)
    raise BadInput(
        tr("Desk Phone is running, and listens by itself"),
        tr("Switch it on with: desk-phone notices on"),
    )


def _on(desk: Desk, options: Options) -> Act[Said]:
    activation, own = _activation(desk), desk.own
    url = options.url or desk.settings().notices_url
    if not url:
        raise no_address()
    if problem := public_problem(url):
        raise BadInput(tr("The service cannot call %(url)s") % {"url": url[:80]}, problem)
    if not options.yes:
        return Said(Status.ASKS, warning(own) + "\n", _unanswered())
    before = desk.settings()
    desk.keep(notices_url=url, notices_on=True)
    try:
        yield from activation.activate(own)
    except (Offline, BadCredentials) as trouble:  # surely not sent
        return _waits(activation, trouble, options)
    except (Refused, BadInput):
        desk.keep(notices_url=before.notices_url, notices_on=before.notices_on)
        raise
    if options.json:
        return Said(out=_as_json(_state(desk)))
    told = tr("The service tells of calls to %(number)s at %(url)s") % {
        "number": shown(own),
        "url": activation.target,
    }
    return Said(out=f"{told}\n{tr('Listening is done by Desk Phone while it runs.')}\n")


def _waits(activation: Activation, trouble: PhoneError, options: Options) -> Said:
    """It could not be told yet: what is missing, and that nobody need say so again."""
    said = of_trouble(trouble, _as_json(activation.state) if options.json else "")
    return replace(said, err=f"{said.err}{_waiting()}\n") if activation.waiting else said


def _waiting() -> str:
    return tr("The service was told nothing yet. Desk Phone tells it as soon as it can be asked.")


def warning(own: str) -> str:
    """What a person must know before saying yes."""
    return tr(
        "The service keeps one address for %(number)s. If the company's CRM is told of calls there,"
        " it will not be any more, and nobody can look up what was set. Go on?"
    ) % {"number": shown(own)}


def _unanswered() -> str:
    """For whoever cannot be asked."""
    said = (
        tr("Nothing was sent: nobody answered the question."),
        tr("Add %(options)s to answer it beforehand.") % {"options": "--yes"},
    )
    return "".join(f"{line}\n" for line in said)


def _off(desk: Desk, options: Options) -> Act[Said]:
    """Listening ends whatever the service says; what it did not take back stays in the status."""
    activation = _activation(desk)
    desk.change(notices_on=False)
    yield from activation.deactivate_all()
    if options.json:
        return Said(out=_as_json(_state(desk)))
    return Said(out=tr("The service tells nobody of calls any more.") + "\n")


def _status(desk: Desk, options: Options) -> Said:
    state = _state(desk)
    return Said(out=_as_json(state) if options.json else _as_lines(state))


def _activation(desk: Desk) -> Activation:
    if desk.notices is None:
        raise BadInput(tr("There are no notices here"), tr("Nothing was done."))
    return desk.notices


def _state(desk: Desk) -> NoticesState:
    return _activation(desk).state


def _as_json(state: NoticesState) -> str:
    return as_json(
        {
            "on": state.on,
            "listening": state.listening or None,
            "url": state.url or None,
            "active": [_active(active) for active in state.active],
            "outdated": state.outdated,
            "waiting": state.waiting,
            "silent": state.silent,
            "trouble": state.trouble.title if state.trouble else None,
            "last_notice": _seen(state.last_event),
            "last_refused": _seen(state.last_refused),
        }
    )


def _active(active: Active) -> dict[str, object]:
    return {
        "own": active.own,
        "url": active.url,
        "since": iso(active.at),
        "sure": active.sure,
    }


def _seen(seen: Seen | None) -> dict[str, object] | None:
    if seen is None:
        return None
    if isinstance(seen.arrival, TurnedAway):
        return {"at": iso(seen.at), "why": str(seen.arrival.why), "caller": seen.arrival.caller}
    return {"at": iso(seen.at), **record(seen.arrival.notice)}


def record(notice: Notice) -> dict[str, object]:
    """``other`` is E.164 or null."""
    return {
        "own": notice.own,
        "other": notice.other if is_e164(notice.other) else None,
        "start": iso(notice.at),
        "name": notice.name,
        "type": notice.type,
        "answer": notice.answer,
    }


def iso(at: datetime) -> str:
    return at.astimezone(ZoneInfo(_ZONE)).isoformat()


def _as_lines(state: NoticesState) -> str:
    none = tr("none")
    lines = [
        tr("Notices: %(state)s") % {"state": tr("on") if state.on else tr("off")},
        tr("Listening at: %(place)s") % {"place": state.listening or tr("nowhere now")},
        tr("Address for the service: %(url)s") % {"url": state.url or none},
    ]
    for active in state.active:
        told = (
            tr("%(number)s: the service calls %(url)s")
            if active.sure
            else tr("%(number)s: the service may call %(url)s")
        )
        lines.append(told % {"number": shown(active.own), "url": active.url})
    if state.waiting:
        lines.append(_waiting())
    elif state.outdated:
        lines.append(tr("The service knows another address. Tell it: desk-phone notices on"))
    if state.silent:
        lines.append(tr("Calls came that no notice told of."))
    if state.trouble:
        lines.append(state.trouble.title)
    if state.last_event is not None and isinstance(state.last_event.arrival, Heard):
        lines.append(tr("Last notice: %(line)s") % {"line": line(state.last_event.arrival.notice)})
    if state.last_refused is not None and isinstance(state.last_refused.arrival, TurnedAway):
        turned = state.last_refused.arrival
        lines.append(
            tr("Last refused: %(why)s, from %(caller)s")
            % {"why": why_refused(turned.why), "caller": turned.caller or tr("nobody knows whom")}
        )
    return "".join(f"{text}\n" for text in lines)


def line(notice: Notice) -> str:
    """A notice on a terminal; its texts are clean."""
    at = notice.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    number = shown(notice.other) if notice.other else tr("Number withheld")
    return "  ".join((at, f"{_what(notice):12}", f"{number:16}", notice.name)).rstrip()


def _what(notice: Notice) -> str:
    """What it tells; in the service's own words, quoted, where those are not documented."""
    if opens(notice):
        return tr("ringing")
    if says_yes(notice.answer):
        return tr("answered")
    told = " ".join(part for part in (notice.type, notice.answer) if part)
    return tr("“%(text)s”") % {"text": told} if told else ""
