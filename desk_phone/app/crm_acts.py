"""Telling a webhook of calls, and what a page or a program would get. Free of Qt."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.i18n import tr
from desk_phone.logs import hide
from desk_phone.model.calls import Call, Direction, NameSource, Outcome
from desk_phone.model.crm import CrmCall, Event, Happening
from desk_phone.model.crm_delivery import Delivery, Verdict, signature, stumbled, verdict
from desk_phone.model.crm_document import document
from desk_phone.model.crm_program import check_program, filled_program
from desk_phone.model.crm_template import check_url, filled_url
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.deliveries import Deliveries
from desk_phone.system.secrets import Keyring, NoKeyring

if TYPE_CHECKING:
    from desk_phone.web.posting import Heard

SECRET_NAME = "CRM webhook"  # noqa: S105 - under what it lies in the keyring
_WINDOWS = sys.platform == "win32"


class Post(Protocol):
    """As `web.posting.post`."""

    def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], proxy: str = ""
    ) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told. ``secret`` empty: nothing is signed."""

    url: str
    proxy: str
    secret: Secret


class Step(StrEnum):
    EMPTY = "empty"  # nothing waits
    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the first in the queue. ``retry_after`` in seconds, if they asked for it."""

    step: Step
    trouble: PhoneError | None = None
    retry_after: float | None = None


class Webhook:
    """The receiver as the settings name it; the keyring is asked once for its secret."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        keyring: Keyring | None,
        now: Callable[[], datetime],
        send: Post | None = None,
    ) -> None:
        self._settings, self._keyring = settings, keyring
        self._now, self._post = now, send or _post_for_real
        self._secret: Secret | None = None

    def deliver(self, deliveries: Deliveries) -> Act[Delivered]:
        """Send the first that waits. Raises PhoneError where the disk or the keyring refuses."""
        deliveries.expire(self._now())
        first = deliveries.first()
        if first is None:
            return Delivered(Step.EMPTY)
        try:
            heard = yield from self._send(first)
        except (Offline, Uncertain, BadInput) as trouble:
            return Delivered(Step.LATER, trouble)
        meaning = verdict(heard.status, first.stumbles)
        if meaning is Verdict.TAKEN:
            deliveries.done(first)
            return Delivered(Step.TAKEN)
        no = _no(self._settings().crm_webhook, heard.status)
        if meaning is Verdict.REFUSED:
            deliveries.refused(first)
            return Delivered(Step.REFUSED, no)
        if stumbled(heard.status):
            deliveries.stumbled(first)
        return Delivered(Step.LATER, no, heard.retry_after)

    def test(self, call: CrmCall) -> Act[int]:
        """Send a test event now, past the queue; gives the receiver's HTTP status.

        Raises PhoneError: whatever else became of it.
        """
        happening = Happening(Event.ENDED, call.call, self._now())
        delivery = new_delivery(happening, call.note, self._now(), test=True)
        heard = yield from self._send(delivery)
        if verdict(heard.status) is not Verdict.TAKEN:
            raise _no(self._settings().crm_webhook, heard.status)
        return heard.status

    def keep_secret(self, secret: Secret) -> Act[None]:
        """Sign with it from now on; an empty one: no more. Raises PhoneError."""
        keyring = self._keyring
        if keyring is None:
            raise _no_secret()
        try:
            yield from away(LaneName.CRM, lambda: keyring.keep(SECRET_NAME, secret))
        except NoKeyring:
            if secret:  # else it is nowhere anyway
                raise
        hide(secret.reveal())
        self._secret = secret

    def _send(self, delivery: Delivery) -> Act[Heard]:
        url = self._settings().crm_webhook
        check_webhook(url)
        secret = yield from self._read_secret()
        receiver = Receiver(url, self._settings().proxy, secret)
        at, send = self._now(), self._post
        return (yield from away(LaneName.CRM, lambda: _post(send, receiver, delivery, at)))

    def _read_secret(self) -> Act[Secret]:
        """What shall be signed is never sent unsigned. Raises PhoneError."""
        if not self._settings().crm_signed:
            return Secret("")
        keyring = self._keyring
        if not self._secret and keyring is not None:
            self._secret = yield from away(LaneName.CRM, lambda: keyring.read(SECRET_NAME))
        if not self._secret:
            raise _no_secret()
        return self._secret


def new_delivery(happening: Happening, note: str, now: datetime, test: bool = False) -> Delivery:
    """Of an event, under an id that no other delivery of any computer has."""
    key = secrets.token_hex(16)
    body = document(happening, key, note, test)
    return Delivery(key, happening.call.id, happening.event.value, body, now)


def check_webhook(address: str) -> None:
    """Raises BadInput for one that cannot be told anything."""
    from desk_phone.web.posting import posting_address

    posting_address(address)


def page_of(settings: Settings, call: CrmCall) -> str:
    """The address of the page for a call; empty where none is set. Raises BadInput."""
    return filled_url(check_url(settings.crm_url), call) if settings.crm_url.strip() else ""


def program_of(settings: Settings, call: CrmCall, windows: bool = _WINDOWS) -> tuple[str, ...]:
    """The program and its arguments for a call; none where none is set. Raises BadInput."""
    line = settings.crm_program.strip()
    return filled_program(check_program(line, windows), call) if line else ()


def example(now: datetime, own: str = "", other: str = "+3726403231", name: str = "") -> CrmCall:
    """A call that was never made: ended just now, with a name in which much must be escaped."""
    start = now - timedelta(minutes=3)
    call = Call(
        *(0, own or "+3726401234", other, other, Direction.INCOMING, Outcome.ANSWERED),
        *(start, start + timedelta(seconds=8), now - timedelta(seconds=5)),
        name=name or "Õie & Pojad",
        name_source=NameSource.PHONEBOOK,
    )
    return CrmCall(call, tr("Asked for the new price list"))


def _post(send: Post, receiver: Receiver, delivery: Delivery, at: datetime) -> Heard:
    """On the lane."""
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": delivery.id,
        "X-Desk-Phone-Event": delivery.event,
    }
    if receiver.secret:
        timestamp = str(int(at.timestamp()))
        headers["X-Desk-Phone-Timestamp"] = timestamp
        headers["X-Desk-Phone-Signature"] = signature(receiver.secret.reveal(), timestamp, body)
    return send(receiver.url, body, headers, receiver.proxy)


def _post_for_real(url: str, body: bytes, headers: Mapping[str, str], proxy: str = "") -> Heard:
    from desk_phone.web.posting import post  # long to import: on the lane, on first use

    return post(url, body, headers, proxy)


def _no(url: str, status: int) -> Refused:
    names = {"host": urlsplit(url).hostname, "status": status}
    code = f"HTTP {status}"
    if 300 <= status < 400:
        return Refused(
            tr("%(host)s sends us elsewhere (HTTP %(status)d)") % names,
            tr("Nothing is followed. Enter the address it leads to."),
            code,
        )
    if verdict(status) is Verdict.LATER:
        return Refused(
            tr("%(host)s cannot take it now (HTTP %(status)d)") % names,
            tr("Messages wait, and are sent again by themselves."),
            code,
        )
    return Refused(
        tr("%(host)s refused (HTTP %(status)d)") % names,
        tr("Check the address, and what the receiver expects."),
        code,
    )


def _no_secret() -> BadInput:
    return BadInput(
        tr("The webhook's secret is not to be found"),
        tr("Nothing is sent unsigned. Enter the secret again in the settings, or do without."),
    )
