"""What a running program says of itself in a report: states and counts. Free of Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from desk_phone.app.access import Access
from desk_phone.app.notices_state import NoticesState
from desk_phone.app.relay_state import RelayState
from desk_phone.errors import PhoneError
from desk_phone.model.diagnostics import Part
from desk_phone.model.elsewhere import SourceState
from desk_phone.model.line import LineState
from desk_phone.store.deliveries import Losses
from desk_phone.telco.journal import Asked

_ODD = re.compile(r"[^\w.: -]", re.ASCII)
_CODE_AT_MOST = 40  # letters: the service chooses the code of a refusal


def requests_part(asked: Iterable[Asked]) -> Part:
    facts = [
        (
            _when(one.at),
            (
                f"{one.operation} {one.seconds:.2f} s, {one.wire_bytes} bytes,"
                f" {_ODD.sub('?', one.outcome)[:_CODE_AT_MOST]}"
            ),
        )
        for one in asked
    ]
    return Part("Last requests", tuple(facts) or (("requests", "none since the start"),))


def clock_part(asked: Iterable[Asked]) -> Part:
    clocks = [one.clock for one in asked if one.clock is not None]
    said = f"the service is {clocks[-1]:+.0f} s ahead" if clocks else "unknown"
    return Part("Clock", (("difference", said),))


def account_part(access: Access) -> Part:
    facts = (
        ("password in hand", str(access.password_known)),
        ("password in the keyring", str(access.stored)),
        ("keyring trouble", _trouble(access.keyring_trouble)),
        ("keeping trouble", _trouble(access.keeping_trouble)),
        ("refused", str(access.refusal is not None)),
        ("company's numbers", str(len(access.numbers))),
    )
    return Part("Account", facts)


def line_part(line: LineState) -> Part:
    facts = (
        ("link", str(line.link)),
        ("line chosen", str(bool(line.own))),
        ("last look", _when(line.updated)),
        ("next look", _when(line.next_try)),
        ("thrifty", str(line.thrifty)),
        ("trouble", _trouble(line.trouble)),
    )
    return Part("Line", facts)


def notices_part(state: NoticesState) -> Part:
    here = state.listening.startswith(("127.", "[::1]", "localhost"))
    listening = ("this computer alone" if here else "the network") if state.listening else "nowhere"
    event, refused = state.last_event, state.last_refused
    facts = (
        ("on", str(state.on)),
        ("listening for", listening),
        ("the service was told", str(len(state.active))),
        ("of these sure", str(sum(one.sure for one in state.active))),
        ("outdated", str(state.outdated)),
        ("waiting to be told", str(state.waiting)),
        ("silent", str(state.silent)),
        ("trouble", _trouble(state.trouble)),
        ("last one believed", _when(event.at if event else None)),
        ("last one refused", _when(refused.at if refused else None)),
        ("test", str(state.trial.stage or "none")),
    )
    return Part("Notices", facts)


def relay_part(state: RelayState) -> Part:
    heard = state.heard
    facts = (
        ("enrolled", str(state.enrolled)),
        ("numbers", str(len(state.numbers))),
        ("trouble", _trouble(state.trouble)),
        ("notices wanted", str(state.notices)),
        ("listening", str(heard.listening)),
        ("trouble listening", _trouble(heard.trouble)),
        ("last one told", _when(heard.at)),
        ("behind", str(heard.behind)),
        ("silent", str(heard.silent)),
    )
    return Part("Relay", facts)


def queue_part(
    waiting: int, losses: Losses, trouble: PhoneError | None, next_try: datetime | None
) -> Part:
    facts = (
        ("waiting", str(waiting)),
        ("given up", str(losses.all)),
        ("trouble", _trouble(trouble)),
        ("next try", _when(next_try)),
    )
    return Part("CRM queue", facts)


def sources_part(states: Iterable[SourceState]) -> Part:
    facts = [
        (
            f"source {state.source.id}",
            (
                f"{state.source.kind}, {state.entries} people, {state.left_out} left out, read"
                f" {_when(state.read_at)}, {'trouble' if state.trouble else 'no trouble'}"
            ),
        )
        for state in states
    ]
    return Part("Sources", tuple(facts) or (("sources", "none"),))


def _trouble(error: PhoneError | None) -> str:
    """Its kind: its words may name a person or a host."""
    return "none" if error is None else type(error).__name__


def _when(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"
