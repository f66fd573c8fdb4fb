"""A screen reader of the tests' own: what a program tells of itself over AT-SPI, and its deeds.

It speaks D-Bus by itself, with the launcher and the registry of at-spi2-core on the test desktop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop import Desktop, until
from tests.desktop.waiting import PATIENCE

_FOLDERS = ("/usr/libexec", "/usr/lib/at-spi2-core")
_ATSPI = "org.a11y.atspi"
_REGISTRY = DBusAddress("/org/a11y/atspi/registry", f"{_ATSPI}.Registry", f"{_ATSPI}.Registry")
_DESKTOP = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_EVENTS = f"{_ATSPI}.Event.Object"

# Of AtspiStateType, by the numbers of its constants.
_STATES = {
    1: "active", 4: "checked", 7: "editable", 8: "enabled", 9: "expandable", 10: "expanded",
    11: "focusable", 12: "focused", 22: "selectable", 23: "selected", 25: "showing",
    30: "visible", 41: "checkable",
}  # fmt: skip

_LABELLED_BY = 2  # of AtspiRelationType

Where = tuple[str, str]  # whose bus name, and the object's path


class Gone(Exception):
    """The thing is not there any more."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One node of the tree as it was when asked."""

    where: Where
    role: str
    name: str
    description: str
    states: frozenset[str]
    above: tuple[str, ...] = ()  # roles and names, from the window down

    def __str__(self) -> str:
        said = f"{self.role} {self.name!r} ({', '.join(sorted(self.states))})"
        return " > ".join((*self.above[-1:], said))

    def is_(self, *states: str) -> bool:
        return self.states.issuperset(states)


class Reader:
    """A context manager: assistive technology is on from now on; start the program after that."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop, self._at_end = desktop, ExitStack()
        self._announced: list[str] = []

    def __enter__(self) -> Self:
        launcher = next(
            str(file)
            for folder in _FOLDERS
            if (file := Path(folder) / "at-spi-bus-launcher").exists()
        )
        self._desktop.start([launcher, "--launch-immediately", "--a11y=1"])
        until(lambda: self._desktop.has_name("org.a11y.Bus"), "a bus for screen readers")
        said = self._desktop.short(
            *("gdbus", "call", "--session", "-d", "org.a11y.Bus", "-o", "/org/a11y/bus"),
            *("-m", "org.a11y.Bus.GetAddress"),
        )
        (address,) = re.findall(r"'(.*?)'", said)
        self._bus = self._open(address)
        self._call(_REGISTRY, "RegisterEvent", "s", ("object:announcement",))
        self._ears = self._open(address)  # its own connection: what it hears waits there
        rule = MatchRule(type="signal", interface=_EVENTS, member="Announcement")
        self._ears.send_and_get_reply(message_bus.AddMatch(rule), timeout=PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._at_end.close()

    def _open(self, address: str) -> DBusConnection:
        bus = open_dbus_connection(address)
        self._at_end.callback(bus.close)
        return bus

    # eyes

    def windows(self) -> list[Thing]:
        """The windows of all programs that show."""
        programs = self._children(_DESKTOP)
        found = [self._look(window) for program in programs for window in self._children(program)]
        return [thing for thing in found if thing is not None]

    def window(self, name: str, role: str = "") -> Thing:
        """Wait for a window of that role whose name has those words, a pattern."""

        def found() -> list[Thing]:
            return [w for w in self.windows() if re.search(name, w.name) and role in ("", w.role)]

        return until(found, f"a window {name!r}", shown=self.windows)[-1]

    def inside(self, window: Thing) -> list[Thing]:
        """What shows in it, itself first, in the order of the tree."""
        return list(self._walk(window))

    def find(self, window: Thing, name: str, role: str = "", *states: str) -> Thing:
        """Wait for something that shows there: its name holds those words."""

        def found() -> list[Thing]:
            return [
                thing
                for thing in self.inside(window)
                if re.search(name, thing.name) and role in ("", thing.role) and thing.is_(*states)
            ]

        def seen() -> str:
            return "\n".join(map(str, self.inside(window)))

        return until(found, f"{role} {name!r} {states}", shown=seen)[0]

    def now(self, thing: Thing) -> Thing:
        """The same thing as it is now; raises Gone."""
        return self._whole(thing.where, self._states(thing.where), thing.above)

    def _walk(self, thing: Thing) -> Iterator[Thing]:
        yield thing
        above = (*thing.above, f"{thing.role} {thing.name!r}")
        for where in self._children(thing.where):
            seen = self._look(where, above)
            if seen is not None:
                yield from self._walk(seen)

    def _look(self, where: Where, above: tuple[str, ...] = ()) -> Thing | None:
        """What shows there; of the many that do not, no more is asked."""
        try:
            states = self._states(where)
            return self._whole(where, states, above) if "showing" in states else None
        except Gone:
            return None

    def _states(self, where: Where) -> frozenset[str]:
        numbers: list[int] = self._ask(where, "Accessible", "GetState")
        bits = numbers[0] | numbers[1] << 32
        return frozenset(word for bit, word in _STATES.items() if bits >> bit & 1)

    def _whole(self, where: Where, states: frozenset[str], above: tuple[str, ...]) -> Thing:
        role = self._ask(where, "Accessible", "GetRoleName")
        name, more = (self._property(where, what) for what in ("Name", "Description"))
        return Thing(where, role, name, more, states, above)

    def _children(self, where: Where) -> list[Where]:
        try:
            return [(bus, path) for bus, path in self._ask(where, "Accessible", "GetChildren")]
        except Gone:
            return []

    def labels(self, thing: Thing) -> list[str]:
        """The names of what labels it."""
        told = self._ask(thing.where, "Accessible", "GetRelationSet")
        others = [(bus, path) for kind, ends in told if kind == _LABELLED_BY for bus, path in ends]
        return [self._property(where, "Name") for where in others]

    def text(self, field: Thing) -> str:
        """What can be read in it."""
        return str(self._ask(field.where, "Text", "GetText", "ii", (0, -1)))

    # hands

    def do(self, thing: Thing, action: str) -> None:
        """Do one of its actions, by Qt's name for it."""
        offered = self._names(thing)
        assert action in offered, f"{thing} offers {offered}"
        at = offered.index(action)
        assert self._ask(thing.where, "Action", "DoAction", "i", (at,)), thing

    def _names(self, thing: Thing) -> list[str]:
        count = int(self._property(thing.where, "NActions", "Action"))
        return [self._ask(thing.where, "Action", "GetName", "i", (n,)) for n in range(count)]

    def press(self, thing: Thing) -> None:
        self.do(thing, "Press")

    def write(self, field: Thing, text: str) -> None:
        """Go into a field and replace what stands there."""
        self.do(field, "SetFocus")
        until(lambda: self.now(field).is_("focused"), f"{field} has the keyboard")
        assert self._ask(field.where, "EditableText", "SetTextContents", "s", (text,)), field

    # ears

    def announced(self) -> list[str]:
        """What programs asked to be spoken so far."""
        try:
            while True:
                message = self._ears.receive(timeout=0)
                if message.header.fields.get(HeaderFields.member) == "Announcement":
                    self._announced.append(_plain(str(message.body[3][1])))
        except TimeoutError:
            return self._announced

    def wait_announced(self, words: str, times: int = 1) -> str:
        """Wait until something was spoken, so often, in which the words, a pattern, are."""

        def heard() -> list[str]:
            found = [text for text in self.announced() if re.search(words, text)]
            return found if len(found) >= times else []

        return until(heard, f"{words!r} is spoken", shown=self.announced)[-1]

    # the bus

    def _property(self, where: Where, name: str, interface: str = "Accessible") -> Any:
        bus, path = where
        at = DBusAddress(path, bus, "org.freedesktop.DBus.Properties")
        value = self._call(at, "Get", "ss", (f"{_ATSPI}.{interface}", name))[1]
        return _plain(value) if isinstance(value, str) else value

    def _ask(
        self,
        where: Where,
        interface: str,
        method: str,
        signature: str | None = None,
        body: tuple[object, ...] = (),
    ) -> Any:
        bus, path = where
        return self._call(DBusAddress(path, bus, f"{_ATSPI}.{interface}"), method, signature, body)

    def _call(
        self, at: DBusAddress, method: str, signature: str | None, body: tuple[object, ...]
    ) -> Any:
        """The answer's first value, None where it has none; raises Gone."""
        answer = self._bus.send_and_get_reply(
            new_method_call(at, method, signature, body), timeout=PATIENCE
        )
        if answer.header.message_type is MessageType.error:
            raise Gone(f"{at.object_path} {method}: {answer.body}")
        return answer.body[0] if answer.body else None


def _plain(text: str) -> str:
    """Spaces that do not break are no matter of speech."""
    return text.replace("\u00a0", " ")
