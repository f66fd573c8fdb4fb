"""Somebody else on a private bus: owns names, answers calls, sends signals; all when told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageFlag,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

# A signature and the values that fit it, or the name of an error.
Answer = tuple[str, tuple[Any, ...]] | str


class Peer:
    """``answers`` maps a member to what it answers, or to a function of the call's values.

    Calls are only answered in `pump`, which a test puts where it waits; ``calls`` are all of them.
    """

    def __init__(self, address: str, *names: str) -> None:
        self._bus = open_dbus_connection(address)
        self.answers: dict[str, Answer | Callable[..., Answer]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.senders: set[str] = set()  # who called
        self.unique_name = str(self._bus.unique_name)
        for name in names:
            self.own(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._bus.close()

    def own(self, name: str) -> None:
        self._bus.send_and_get_reply(message_bus.RequestName(name))

    def disown(self, name: str) -> None:
        self._bus.send_and_get_reply(message_bus.ReleaseName(name))

    def signal(
        self,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        *values: object,
        to: str = "",
    ) -> None:
        """Tell everybody, or only the unique name ``to``."""
        source = DBusAddress(path, interface=interface)
        message = new_signal(source, member, signature or None, values)
        if to:
            message.header.fields[HeaderFields.destination] = to
        self._bus.send(message)

    def pump(self) -> None:
        """Answer what has come."""
        while True:
            try:
                message = self._bus.receive(timeout=0)
            except TimeoutError:
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def called(self, member: str) -> list[tuple[Any, ...]]:
        """The values of each call of that member so far."""
        self.pump()
        return [values for name, values in self.calls if name == member]

    def _answer(self, call: Message) -> None:
        member = call.header.fields[HeaderFields.member]
        self.calls.append((member, call.body))
        self.senders.add(call.header.fields[HeaderFields.sender])
        if call.header.flags & MessageFlag.no_reply_expected:
            return
        answer = self.answers.get(member, "org.freedesktop.DBus.Error.UnknownMethod")
        if callable(answer):
            answer = answer(*call.body)
        if isinstance(answer, str):
            self._bus.send(new_error(call, answer))
        else:
            self._bus.send(new_method_return(call, answer[0] or None, answer[1]))
