"""The devices' accounts at the broker: each may hear of its own numbers, and nothing else.

Mosquitto's dynamic security plugin is asked at a topic of its own
(https://mosquitto.org/documentation/dynamic-security/). Each act has a connection of its own, so
that it neither waits for the notices nor holds them up, and a command beside the running relay can
do the same.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from desk_phone.errors import Offline, Refused
from desk_phone.i18n import tr
from desk_phone.model.relayed import RELAY_TOPIC, notices_topic, state_topic
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean
from desk_phone.relay.broker.rhythm import RHYTHM
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.telco.feed_events import Why

if TYPE_CHECKING:
    from desk_phone.relay.broker.link import Answer

CONTROL = "$CONTROL/dynamic-security/v1"
RESPONSES = f"{CONTROL}/response"

_PATIENCE = 5.0  # seconds for all of an act
_ROLE = "desk-phone-device-"  # and the device: so its role is named, and no other account's
_LARGEST = 4 * 1024 * 1024  # bytes of an answer: the names of 10,000 devices are a tenth of it
_GONE = frozenset({"Client not found", "Role not found"})

Command = Mapping[str, object]


class Accounts(Protocol):
    """Raises PhoneError; Offline: the broker is not there, and the act may be repeated as it is."""

    async def create(self, device: str, password: Secret, numbers: Sequence[str]) -> None:
        """An account of the device's name, for one connection of that name, in place of an earlier
        one; it hears of these numbers."""

    async def allow(self, device: str, numbers: Sequence[str]) -> None:
        """It hears of these numbers from now on, and of no other. Nothing where it has none."""

    async def revoke(self, device: str) -> None:
        """Its connection ends at once and there is no other. Nothing where it has none."""

    async def known(self) -> frozenset[str]:
        """The devices that have one."""


class NoAccounts:
    """Somebody else looks after the broker's accounts."""

    async def create(self, device: str, password: Secret, numbers: Sequence[str]) -> None:
        """Theirs to do."""

    async def allow(self, device: str, numbers: Sequence[str]) -> None:
        """Theirs to do."""

    async def revoke(self, device: str) -> None:
        """Theirs to do."""

    async def known(self) -> frozenset[str]:
        return frozenset()


class DynamicSecurity:
    """``place`` and ``password`` are the relay's own: its account may publish and subscribe at the
    plugin's topics, and must not be bound to one connection's name."""

    def __init__(
        self,
        place: BrokerPlace,
        password: Secret,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place, self._password, self._steady = place, password, steady
        self._pause = self._not_before = 0.0

    def read_anew(self, password: Secret) -> None:
        """Another one is tried at once."""
        if password != self._password:
            self._password = password
            self._pause = self._not_before = 0.0

    async def create(self, device: str, password: Secret, numbers: Sequence[str]) -> None:
        role = _ROLE + device
        await self._ask(
            *self._removal(device),
            {"command": "createRole", "rolename": role, "acls": _may(numbers)},
            {
                "command": "createClient",
                "username": device,
                "clientid": device,
                "password": password.reveal(),
                "roles": [{"rolename": role}],
            },
        )

    async def allow(self, device: str, numbers: Sequence[str]) -> None:
        role = {"rolename": _ROLE + device, "acls": _may(numbers)}
        await self._ask({"command": "modifyRole", **role})

    async def revoke(self, device: str) -> None:
        await self._ask(*self._removal(device))

    async def known(self) -> frozenset[str]:
        everything = {"verbose": False, "count": -1, "offset": 0}
        roles, clients = await self._ask(
            {"command": "listRoles", **everything}, {"command": "listClients", **everything}
        )
        named = frozenset(_names(clients, "clients"))
        ours = (role for role in _names(roles, "roles") if role.startswith(_ROLE))
        return named.intersection(role.removeprefix(_ROLE) for role in ours)

    def _note(self, why: Why) -> None:
        """A refused password is not tried every few seconds: brokers may lock accounts."""
        self._pause = RHYTHM.pause(why, self._pause) if why is Why.REFUSED else 0.0
        self._not_before = self._steady() + self._pause

    def _removal(self, device: str) -> tuple[Command, ...]:
        if device == self._place.user:
            raise ValueError("the relay's own account is no device's")
        return (
            {"command": "deleteClient", "username": device},  # ends its connections, too
            {"command": "deleteRole", "rolename": _ROLE + device},
        )

    async def _ask(self, *commands: Command) -> tuple[Command, ...]:
        """The plugin's answers, in the order of the commands; it does them in one go."""
        from desk_phone.relay.broker.link import Link, Login  # paho: long to import

        if self._steady() < self._not_before:
            raise _silent()
        asked = _Asked(commands)
        name = f"desk-phone-accounts-{secrets.token_hex(8)}"
        login = Login(self._place, self._password, name, largest=_LARGEST)
        link = Link(login, asked.heard, asked.came)
        try:
            async with asyncio.timeout(_PATIENCE):
                await link.open()
                await link.subscribe(RESPONSES)
                link.send(CONTROL, asked.message)
                answers = await asked.answers
                await link.leave()
        except TimeoutError as error:
            raise _silent() from error
        finally:
            link.cut()
            self._note(link.why)
        for answer in answers:
            _check(answer)
        return answers


class _Asked:
    """Commands, and the answers to them: others may hear of theirs at the same topic."""

    def __init__(self, commands: Sequence[Command]) -> None:
        mark = secrets.token_hex(8)
        self._marks = [f"{mark}-{n}" for n in range(len(commands))]
        marked = [
            {**command, "correlationData": mark}
            for command, mark in zip(commands, self._marks, strict=True)
        ]
        self.message = json.dumps({"commands": marked}).encode()
        self.answers: asyncio.Future[tuple[Command, ...]] = (
            asyncio.get_running_loop().create_future()
        )

    def heard(self, sent: Sequence[Answer]) -> None:
        """Of the message as a whole."""
        for answer in sent:
            if not answer.accepted and not self.answers.done():
                self.answers.set_exception(_refused(answer.code))

    def came(self, payload: bytes) -> None:
        answers = {answer.get("correlationData"): answer for answer in _read(payload)}
        if not self.answers.done() and all(mark in answers for mark in self._marks):
            self.answers.set_result(tuple(answers[mark] for mark in self._marks))


def _may(numbers: Sequence[str]) -> list[Command]:
    """Only what is named may be subscribed to, as the plugin's default is; and whatever a session
    had subscribed to before, nothing else is delivered."""
    topics = [RELAY_TOPIC]
    for own in numbers:
        topics += (notices_topic(own), state_topic(own))
    allowed = [
        {"acltype": kind, "topic": topic, "priority": 1, "allow": True}
        for topic in topics
        for kind in ("subscribeLiteral", "publishClientReceive")
    ]
    denied = [
        {"acltype": kind, "topic": "#", "priority": 0, "allow": False}
        for kind in ("subscribePattern", "publishClientReceive", "publishClientSend")
    ]
    return [*allowed, *denied]


def _read(payload: bytes) -> list[Command]:
    """Nothing where it is no answer of the plugin's."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return []
    answers = said.get("responses") if isinstance(said, dict) else None
    listed = answers if isinstance(answers, list) else []
    return [answer for answer in listed if isinstance(answer, dict)]


def _names(answer: Command, kind: str) -> list[str]:
    data = answer.get("data")
    listed = data.get(kind) if isinstance(data, dict) else None
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []


def _check(answer: Command) -> None:
    error = answer.get("error")
    if error is not None and error not in _GONE:
        raise _refused(str(error))


def _refused(why: str) -> Refused:
    return Refused(
        tr("The broker refused to change its accounts"),
        tr("It says: %(reason)s. Look at what the relay's account may do there.")
        % {"reason": clean(why)},
        "broker",
    )


def _silent() -> Offline:
    return Offline(
        tr("The broker does not answer about its accounts"),
        tr("Does it run with the dynamic security plugin? Then try again."),
    )
