"""Plays a desktop's StatusNotifier watcher with a host: tells what icons register. Run as a module.

It prints ``host registered``, then a line ``item SENDER PATH`` an icon.
"""

from __future__ import annotations

import sys

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.kde.StatusNotifierWatcher"
_HERE = DBusAddress("/StatusNotifierWatcher", bus_name=NAME, interface=NAME)


class Watcher:
    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus
        self._items: list[str] = []

    def answer(self, call: Message) -> Message:
        member = call.header.fields.get(HeaderFields.member)
        if member == "RegisterStatusNotifierItem":
            return self._register(call)
        properties: dict[str, tuple[str, object]] = {
            "IsStatusNotifierHostRegistered": ("b", True),
            "RegisteredStatusNotifierItems": ("as", self._items),
            "ProtocolVersion": ("i", 0),
        }
        if member == "Get" and call.body[1] in properties:
            return new_method_return(call, "v", (properties[call.body[1]],))
        if member == "GetAll":
            return new_method_return(call, "a{sv}", (properties,))
        if member == "Introspect":
            return new_method_return(call, "s", (_INTERFACE,))
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (str(member),))

    def _register(self, call: Message) -> Message:
        sender = call.header.fields[HeaderFields.sender]
        path = call.body[0] if call.body[0].startswith("/") else "/StatusNotifierItem"
        self._items.append(f"{sender}{path}")
        say(f"item {sender} {path}")
        self._bus.send(new_signal(_HERE, "StatusNotifierItemRegistered", "s", (self._items[-1],)))
        return new_method_return(call)


# QDBusInterface believes only what it finds described.
_INTERFACE = f"""<node><interface name="{NAME}">
<method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
<property name="RegisteredStatusNotifierItems" type="as" access="read"/>
<property name="ProtocolVersion" type="i" access="read"/>
<signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
<signal name="StatusNotifierHostRegistered"/>
</interface></node>"""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    with open_dbus_connection() as bus:
        watcher = Watcher(bus)
        bus.send_and_get_reply(message_bus.RequestName(NAME))
        bus.send(new_signal(_HERE, "StatusNotifierHostRegistered"))
        say("host registered")
        while True:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call:
                bus.send(watcher.answer(message))


if __name__ == "__main__":
    main()
