"""The company over SOAP: zeep builds and signs, `wire` sends, `answers` reads.

The elements around the members stand in resources/wsdl alone; one of them is a guess there.

zeep is imported at the first request, in the worker that makes it: that costs a third of a second.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from lxml import etree

from desk_phone import assets
from desk_phone.errors import BadCredentials, BadInput, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.numbers import wire_other, wire_own
from desk_phone.telco.account import Account
from desk_phone.telco.answers import read_done, read_entries, read_history, read_numbers
from desk_phone.telco.journal import Journal
from desk_phone.telco.operations import Operation, when_in_doubt
from desk_phone.telco.reply import Reply
from desk_phone.telco.service import Entry, History, Listing
from desk_phone.telco.values import sendable, wire_name, wire_value
from desk_phone.telco.wire import Wire
from desk_phone.web.limits import LIMITS, Limits

if TYPE_CHECKING:
    from zeep.proxy import ServiceProxy

R = TypeVar("R")

_PHONEBOOK = (
    Operation.ADD_ENTRY,
    Operation.UPDATE_ENTRY,
    Operation.DELETE_ENTRY,
    Operation.ENTRIES,
)
_NO_ID = "?"  # the only documented id of an entry to be added


class SoapTelco:
    """`service.Telco` at the account's address; see there for what is promised.

    Sends nothing twice. For one thread at a time. Making one is cheap. ``journal`` hears what
    became of each request.
    """

    def __init__(
        self, account: Account, limits: Limits = LIMITS, journal: Journal | None = None
    ) -> None:
        self._account = account
        self._journal = journal or Journal()
        self._wire = Wire(account.proxy, limits)
        self._services: dict[str, ServiceProxy] = {}

    def call(self, own: str, other: str) -> None:
        self._do(Operation.CALL, {"Anumber": wire_own(own), "Bnumber": wire_other(other)})

    def numbers(self) -> tuple[str, ...]:
        return self._ask(Operation.NUMBERS, {}, read_numbers)

    def history(self, own: str, known: str = "") -> History:
        def read(reply: Reply) -> History:
            digest, same = _known(reply, known)
            return History(None if same else read_history(reply), digest, reply.wire_bytes)

        return self._ask(Operation.HISTORY, {"Anumber": wire_own(own)}, read)

    def name_line(self, own: str, first: str, last: str) -> None:
        names = {"FirstName": wire_name(first), "LastName": wire_name(last)}
        self._do(Operation.NAME_LINE, {"Anumber": wire_own(own), **names})

    def activate_notices(self, own: str, url: str) -> None:
        self._do(Operation.ACTIVATE_NOTICES, {"Anumber": wire_own(own), "TargetURL": url})

    def deactivate_notices(self, own: str) -> None:
        self._do(Operation.DEACTIVATE_NOTICES, {"Anumber": wire_own(own)})

    def entries(self, known: str = "") -> Listing:
        def read(reply: Reply) -> Listing:
            digest, same = _known(reply, known)
            return Listing(None if same else read_entries(reply), digest, reply.wire_bytes)

        return self._ask(Operation.ENTRIES, {}, read)

    def add_entry(self, name: str, number1: str, number2: str) -> None:
        self._do(Operation.ADD_ENTRY, _members(Entry(_NO_ID, name, number1, number2)))

    def update_entry(self, entry: Entry) -> None:
        self._do(Operation.UPDATE_ENTRY, _members(entry))

    def delete_entry(self, entry_id: str) -> None:
        self._do(Operation.DELETE_ENTRY, {"id": entry_id})

    def _do(self, operation: Operation, members: Mapping[str, str]) -> None:
        self._ask(operation, members, lambda reply: read_done(operation, reply))

    def _ask(
        self, operation: Operation, members: Mapping[str, str], read: Callable[[Reply], R]
    ) -> R:
        for value in members.values():
            wire_value(value)
        _check_login(self._account)
        send = self._service(operation)[operation.value]
        try:
            with self._journal.noting(operation) as asking:
                return read(asking.heard(send(members) if members else send()))
        except Uncertain as doubt:
            message = f"{doubt.message} {when_in_doubt(operation)}".strip()
            raise Uncertain(doubt.title, message, doubt.retry_after) from doubt

    def _service(self, operation: Operation) -> ServiceProxy:
        account = self._account
        if operation in _PHONEBOOK:
            name, url = "phonebook", account.phonebook_url
        else:
            name, url = "services", account.services_url
        if name not in self._services:
            self._services[name] = _service(name, url, _Carrier(self._wire), _Signature(account))
        return self._services[name]


def _known(reply: Reply, known: str) -> tuple[str, bool]:
    """The digest of an answer, and whether it is the one ``known`` is of."""
    digest = hashlib.sha256(reply.body).hexdigest()
    return digest, digest == known and reply.status == 200


def _members(entry: Entry) -> Mapping[str, str]:
    """All four, always: an empty PhoneNumber2 says that there is none."""
    return {
        "DisplayName": wire_name(entry.name),
        "PhoneNumber1": wire_other(entry.number1),
        "PhoneNumber2": wire_other(entry.number2),
        "id": entry.id,
    }


def _check_login(account: Account) -> None:
    if not (account.user.strip() and account.password):
        raise BadCredentials(
            tr("The user name or the password is missing"),
            tr("Enter them on the account page."),
        )
    if not (sendable(account.user) and sendable(account.password.reveal())):
        raise BadInput(
            tr("The user name or the password cannot be sent"),
            tr("One of them holds a control character. Type them anew on the account page."),
        )


def _service(name: str, url: str, carrier: _Carrier, signature: _Signature) -> ServiceProxy:
    """zeep's view of one service. Reads its shipped description and nothing else."""
    from zeep import Client, Settings

    # zeep.transports prints whole requests at DEBUG. Ours does not pass there; should that change:
    logging.getLogger("zeep").setLevel(logging.WARNING)
    settings = Settings(raw_response=True, forbid_external=True, forbid_dtd=True)
    with assets.resource("wsdl", f"{name}.wsdl").open("rb") as description:
        client = Client(description, wsse=signature, transport=carrier, settings=settings)
    (binding,) = client.wsdl.bindings
    return client.create_service(binding, url)


class _Carrier:
    """What zeep takes for its transport; it loads nothing, and knows no other way to the network.

    zeep's own follows redirects with the password, waits for ever and asks the environment.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def post_xml(self, address: str, envelope: etree._Element, headers: Mapping[str, str]) -> Reply:
        body = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        return self._wire.post(address, body, headers)


class _Signature:
    """What zeep takes for its wsse: reveals the password for the moment of signing."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def apply(
        self, envelope: etree._Element, headers: dict[str, str]
    ) -> tuple[etree._Element, dict[str, str]]:
        from zeep.wsse.username import UsernameToken

        user, password = self._account.user, self._account.password
        return UsernameToken(user, password.reveal()).apply(envelope, headers)
