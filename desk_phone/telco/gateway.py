"""The company over its own relay: JSON over HTTPS, with this computer's token (docs/relay.md)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import quote

from desk_phone.errors import BadCredentials, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.calls import CallRecord
from desk_phone.model.numbers import from_service
from desk_phone.model.relayed import NotOurs, Page, Position, page_from_json
from desk_phone.model.text import clean
from desk_phone.telco.account import Account
from desk_phone.telco.enrolled import numbers_of
from desk_phone.telco.gateway_trouble import no_relay, trouble_of
from desk_phone.telco.journal import Asking, Journal
from desk_phone.telco.operations import Operation, when_in_doubt
from desk_phone.telco.reply import Reply
from desk_phone.telco.service import Entry, History, Listing
from desk_phone.telco.values import wire_name, wire_value
from desk_phone.telco.wire import Wire
from desk_phone.web.limits import LIMITS, Limits

_DONE, _UNCHANGED = (200, 201, 204), 304
_MEMBERS = tuple(field.name for field in fields(CallRecord))


@dataclass(frozen=True, slots=True)
class _Request:
    operation: Operation
    method: str
    path: str
    given: Mapping[str, str]
    headers: Mapping[str, str]


class GatewayTelco:
    """`service.Telco` by way of the account's relay; see there for what is promised.

    What changes something carries a key of its own, so that it can be sent once more when the
    answer is lost between here and the relay: there it is done once. For one thread at a time.
    """

    def __init__(
        self, account: Account, limits: Limits = LIMITS, journal: Journal | None = None
    ) -> None:
        self._account = account
        self._journal = journal or Journal()
        self._wire = Wire(account.proxy, limits)
        self._versions: dict[str, str] = {}  # of the entries, as listed last

    def call(self, own: str, other: str) -> None:
        self._do(Operation.CALL, "POST", "calls", {"own": own, "other": other})

    def numbers(self) -> tuple[str, ...]:
        with self._journal.noting(Operation.NUMBERS) as asking:
            reply = self._read(Operation.NUMBERS, "numbers", "", asking)
            found = _list(_object(reply, Operation.NUMBERS), "numbers", Operation.NUMBERS)
            return tuple(from_service(str(one)) for one in found)

    def history(self, own: str, known: str = "") -> History:
        operation = Operation.HISTORY
        with self._journal.noting(operation) as asking:
            reply = self._read(operation, f"numbers/{quote(own)}/history", known, asking)
            digest = _digest(reply, known)
            if digest == known:
                return History(None, digest, reply.wire_bytes)
            listed = _list(_object(reply, operation), "records", operation)
            records = tuple(CallRecord(*_texts(one, _MEMBERS, operation)) for one in listed)
            return History(records, digest, reply.wire_bytes)

    def name_line(self, own: str, first: str, last: str) -> None:
        names = {"first": wire_name(first), "last": wire_name(last)}
        self._do(Operation.NAME_LINE, "PUT", f"numbers/{quote(own)}/name", names)

    def activate_notices(self, own: str, url: str) -> None:
        path = f"numbers/{quote(own)}/target"
        self._do(Operation.ACTIVATE_NOTICES, "PUT", path, {"url": url})

    def deactivate_notices(self, own: str) -> None:
        self._do(Operation.DEACTIVATE_NOTICES, "DELETE", f"numbers/{quote(own)}/target")

    def entries(self, known: str = "") -> Listing:
        operation = Operation.ENTRIES
        with self._journal.noting(operation) as asking:
            reply = self._read(operation, "entries", known if self._versions else "", asking)
            digest = _digest(reply, known)
            if reply.status == _UNCHANGED:
                return Listing(None, digest, reply.wire_bytes)
            listed = _list(_object(reply, operation), "entries", operation)
            members = ("id", "name", "number1", "number2", "version")
            found = [_texts(one, members, operation) for one in listed]
            self._versions = {texts[0]: texts[4] for texts in found}
            entries = tuple(Entry(*texts[:4]) for texts in found)
            return Listing(None if digest == known else entries, digest, reply.wire_bytes)

    def add_entry(self, name: str, number1: str, number2: str) -> None:
        self._do(Operation.ADD_ENTRY, "POST", "entries", _entry(name, number1, number2))

    def update_entry(self, entry: Entry) -> None:
        given = _entry(entry.name, entry.number1, entry.number2)
        path, version = f"entries/{quote(entry.id, safe='')}", self._version(entry.id)
        try:
            reply = self._do(Operation.UPDATE_ENTRY, "PUT", path, given, {"If-Match": version})
        except Uncertain:  # it may be another by now, and by us
            self._versions.pop(entry.id, None)
            raise
        self._versions[entry.id] = _version_of(reply)

    def delete_entry(self, entry_id: str) -> None:
        path, version = f"entries/{quote(entry_id, safe='')}", self._version(entry_id)
        self._do(Operation.DELETE_ENTRY, "DELETE", path, {}, {"If-Match": version})

    def notices_after(self, own: str, known: Position) -> Page:
        """What the relay holds of a line after the known one; of another epoch from its first.

        Raises PhoneError.
        """
        path = f"numbers/{quote(own)}/notices?epoch={quote(known.epoch)}&after={known.seq}"
        with self._journal.noting(Operation.HISTORY) as asking:
            reply = self._read(Operation.HISTORY, path, "", asking)
            try:
                return page_from_json(_object(reply, Operation.HISTORY))
            except NotOurs as error:
                raise no_relay(Operation.HISTORY) from error

    def lines(self) -> tuple[str, ...]:
        """The numbers that this computer may use, as the relay's administrator says now.

        Raises PhoneError.
        """
        with self._journal.noting(Operation.NUMBERS) as asking:
            given = _object(self._read(Operation.NUMBERS, "me", "", asking), Operation.NUMBERS)
            try:
                return numbers_of(given)
            except NotOurs as error:
                raise no_relay(Operation.NUMBERS) from error

    # inside

    def _version(self, entry_id: str) -> str:
        """As it was when it was listed last: what others changed since is refused until then."""
        if entry_id not in self._versions:
            self.entries()
        return f'"{self._versions.get(entry_id, "")}"'

    def _read(self, operation: Operation, path: str, known: str, asking: Asking) -> Reply:
        match = {"If-None-Match": f'"{known}"'} if known else {}
        return self._send(_Request(operation, "GET", path, {}, match), asking)

    def _do(
        self,
        operation: Operation,
        method: str,
        path: str,
        given: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        for value in (given or {}).values():
            wire_value(value)
        key = {"Idempotency-Key": uuid.uuid4().hex}
        request = _Request(operation, method, path, given or {}, {**key, **(headers or {})})
        with self._journal.noting(operation) as asking:
            try:
                return self._send(request, asking)
            except _Lost as lost:  # on the way between here and the relay
                return self._send_again(request, asking, lost)

    def _send_again(self, request: _Request, asking: Asking, lost: _Lost) -> Reply:
        try:
            return self._send(request, asking)
        except _Lost as again:
            raise _doubt(again, request.operation) from again
        except PhoneError as trouble:
            if isinstance(trouble, Uncertain) or asking.reply is not None:
                raise
            raise _doubt(lost, request.operation) from trouble  # the first one left us

    def _send(self, request: _Request, asking: Asking) -> Reply:
        account = self._account
        if not account.password:
            raise BadCredentials(
                tr("This computer is no longer enrolled"),
                tr("Ask your administrator for a new code."),
            )
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {account.password.reveal()}",
            **({"Content-Type": "application/json"} if request.given else {}),
            **request.headers,
        }
        url = f"{account.relay_url.rstrip('/')}/v1/{request.path}"
        body = json.dumps(request.given).encode() if request.given else b""
        try:
            reply = asking.heard(self._wire.ask(request.method, url, body, headers))
        except Uncertain as doubt:
            if request.method == "GET":
                raise
            raise _Lost(doubt.title, doubt.message, doubt.retry_after) from doubt
        if reply.status in _DONE or reply.status == _UNCHANGED:
            return reply
        raise trouble_of(reply, request.operation)


class _Lost(Uncertain):
    """It left us, and no answer came back from the relay itself."""


def _doubt(lost: _Lost, operation: Operation) -> Uncertain:
    message = f"{lost.message} {when_in_doubt(operation)}".strip()
    return Uncertain(lost.title, message, lost.retry_after)


def _entry(name: str, number1: str, number2: str) -> dict[str, str]:
    return {"name": wire_name(name), "number1": number1, "number2": number2}


def _version_of(reply: Reply) -> str:
    """Of an entry that was changed; empty where the relay does not say: then it is as unknown."""
    try:
        given = json.loads(reply.body or b"{}")
    except (ValueError, RecursionError):
        return ""
    version = given.get("version") if isinstance(given, dict) else None
    return version if isinstance(version, str) else ""


def _digest(reply: Reply, known: str) -> str:
    if reply.status == _UNCHANGED:
        return known
    return reply.etag or hashlib.sha256(reply.body).hexdigest()


def _object(reply: Reply, operation: Operation) -> Mapping[str, object]:
    """Raises Uncertain: a page of a guest network, say."""
    try:
        given = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise no_relay(operation) from error
    if not isinstance(given, dict):
        raise no_relay(operation)
    return given


def _list(given: Mapping[str, object], name: str, operation: Operation) -> Sequence[object]:
    listed = given.get(name)
    if not isinstance(listed, list):
        raise no_relay(operation)
    return listed


def _texts(given: object, names: Sequence[str], operation: Operation) -> list[str]:
    """Cleaned, as whatever comes from outside; a member that is missing is none of ours."""
    values = [given.get(name) for name in names] if isinstance(given, dict) else [None]
    texts = [clean(value) for value in values if isinstance(value, str)]
    if len(texts) != len(names):
        raise no_relay(operation)
    return texts
