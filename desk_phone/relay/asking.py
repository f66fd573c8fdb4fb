"""``relay status``: what the running relay says of itself, for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException

from desk_phone.errors import Offline
from desk_phone.i18n import tr
from desk_phone.relay.configuration import Listen
from desk_phone.said import Said, Status, as_json

_PATIENCE = 3.0  # seconds
_AT_MOST = 1024 * 1024  # bytes
_FAR = 10.0**11  # seconds of the epoch: the year 5138


def status(local: Listen, with_json: bool) -> Said:
    """Ends with `Status.OFFLINE` where something is not well. Raises Offline where none answers."""
    told = _ask(local)
    well = told.get("well") is True
    ended = Status.DONE if well else Status.OFFLINE
    if with_json:
        return Said(ended, as_json(told))
    figures, problems = _mapping(told.get("figures")), _mapping(told.get("problems"))
    out = lines(_rows(figures))
    if well:
        return Said(ended, tr("The relay is well.") + "\n" + out)
    trouble = lines({str(part): str(why) for part, why in problems.items()})
    return Said(ended, out, tr("The relay has a problem.") + "\n" + trouble)


def lines(told: Mapping[str, str]) -> str:
    """One a row, the values below each other."""
    width = max(map(len, told), default=0)
    return "".join(f"{name:<{width}}  {value}\n" for name, value in told.items())


def _rows(figures: Mapping[str, object]) -> dict[str, str]:
    notices, forwarded = _mapping(figures.get("notices")), _mapping(figures.get("forwarded"))
    return {
        tr("Running since"): _when(figures.get("began_seconds")),
        tr("Numbers"): _count(figures.get("lines")),
        tr("Numbers without notices"): _count(figures.get("lines_without_notices")),
        tr("Computers"): _count(figures.get("devices")),
        tr("Notices since then"): _count(notices.get("kept")),
        tr("Last notice"): _when(figures.get("last_notice_seconds")),
        tr("Waiting for the broker"): _count(figures.get("waiting")),
        tr("Waiting for your own program"): _count(figures.get("forward_waiting")),
        tr("Not taken by your own program"): _count(forwarded.get("given_up")),
    }


def _mapping(told: object) -> Mapping[str, object]:
    return told if isinstance(told, dict) else {}


def _count(told: object) -> str:
    return str(int(told)) if isinstance(told, int | float) else "?"


def _when(told: object) -> str:
    """In this computer's time."""
    if not isinstance(told, int | float) or not 0 < told < _FAR:
        return tr("never")
    return f"{datetime.fromtimestamp(told, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def _ask(local: Listen) -> Mapping[str, object]:
    connection = HTTPConnection(local.address, local.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/status")
        text = connection.getresponse().read(_AT_MOST)
    except OSError as error:
        raise Offline(
            tr("The relay does not answer"), tr("Does it run? “systemctl status” says more.")
        ) from error
    except HTTPException as error:
        raise _no_relay() from error
    finally:
        connection.close()
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_relay() from error
    if not isinstance(told, dict) or not isinstance(told.get("figures"), dict):
        raise _no_relay()
    return told


def _no_relay() -> Offline:
    return Offline(tr("What answers is no relay"), tr("Another program has its port."))
