"""What the relay counts, how it stands, and what is not well: for `relay.local`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_phone.relay.local import Count, Gauge

if TYPE_CHECKING:
    from desk_phone.relay.serving import Relay

_PATIENCE = timedelta(minutes=5)  # for broker and service after the start
_ROOM = 64 * 1024 * 1024  # bytes: what is left then goes fast


def counts(relay: Relay) -> tuple[Count, ...]:
    return (
        Count("notices", "What the service told", lambda: _notices(relay), "what"),
        Count("published", "Notices on their way to the broker", lambda: _published(relay), "what"),
        Count("forwarded", "Notices for the company's program", lambda: _forwarded(relay), "what"),
        Count("answers", "Answers to desks", lambda: _answers(relay), "status"),
        Count(
            "service_requests", "Requests to the service", lambda: relay.journal.outcomes, "what"
        ),
        Count("histories", "Histories told to desks, and asked for", lambda: _polls(relay), "what"),
    )


def gauges(relay: Relay) -> tuple[Gauge, ...]:
    return (
        Gauge("waiting", "Notices the broker lacks", lambda: relay.publishing.counted.waiting),
        Gauge(
            "forward_waiting",
            "Notices the company's program lacks",
            lambda: relay.forwarding.counted.waiting,
        ),
        Gauge("broker_connected", "1: it is", lambda: float(relay.publishing.connected)),
        Gauge("lines", "Numbers it speaks for", lambda: len(relay.lines.now)),
        Gauge("lines_without_notices", "Not surely told about", lambda: relay.targets.missing),
        Gauge("devices", "Computers that are enrolled", lambda: relay.upkeep.stand.devices),
        Gauge("last_notice_seconds", "When the last came, 0: never", lambda: _heard(relay)),
        Gauge("began_seconds", "When the relay was started", relay.began.timestamp),
        Gauge("locked", "1: the service refused the password", lambda: float(relay.company.locked)),
    )


def problems(relay: Relay) -> Mapping[str, str]:
    """By the part; for whoever watches, in English."""
    found = {}
    settled = relay.now() - relay.began > _PATIENCE
    if not relay.upkeep.database_answers:
        found["database"] = "it does not answer"
    if relay.receiving.loses or relay.room < _ROOM:
        found["disk"] = "what is told cannot be kept, or soon not any more"
    if relay.receiving.clocks_differ:
        found["clock"] = "this computer's differs from the service's"
    if not relay.publishing.connected:
        found["broker"] = relay.publishing.complaint or "not connected"
    if relay.company.locked:
        found["password"] = "refused by the service"  # noqa: S105 - a word about it
    if relay.reconciling.left:
        found["accounts"] = f"{relay.reconciling.left} revoked computers may still listen"
    if settled and not relay.lines.now:
        found["numbers"] = "none is known: the service did not tell them yet"
    if settled and relay.targets.missing:
        found["targets"] = f"{relay.targets.missing} lines without notices"
    return found


def _heard(relay: Relay) -> float:
    return relay.heard.timestamp() if relay.heard else relay.upkeep.stand.heard


def _notices(relay: Relay) -> dict[str, float]:
    counted = relay.receiving.counted
    return {
        "kept": counted.kept,
        "lost": counted.lost,
        "refused": counted.refused,
        "slow": counted.slow,
    }


def _published(relay: Relay) -> dict[str, float]:
    counted = relay.publishing.counted
    return {
        "sent": counted.sent,
        "acknowledged": counted.acknowledged,
        "again": counted.again,
        "refused": counted.refused,
    }


def _forwarded(relay: Relay) -> dict[str, float]:
    counted = relay.forwarding.counted
    return {"done": counted.done, "failed": counted.failed, "given_up": counted.given_up}


def _answers(relay: Relay) -> dict[str, float]:
    return {str(status): float(count) for status, count in relay.place.answers.items()}


def _polls(relay: Relay) -> dict[str, float]:
    return {"told": relay.company.counted.told, "asked": relay.company.counted.asked}
