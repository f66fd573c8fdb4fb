"""What travels over D-Bus, in our own words: calls, answers, signals, and which signals to hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney import Message

NO_BUS = "no bus"
NO_ANSWER = "no answer in time"
DAEMON = "org.freedesktop.DBus"  # the bus itself, as a name and as an interface


@dataclass(frozen=True, slots=True)
class Target:
    """What is called: an interface of an object of whoever owns ``name``."""

    name: str
    path: str
    interface: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the values, or the name of an error (NO_BUS and NO_ANSWER are our own)."""

    body: tuple[object, ...] = ()
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and the serial number of the call that it answers."""

    serial: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal that arrived. ``sender`` is a unique name, such as ``:1.7``."""

    sender: str
    path: str
    interface: str
    member: str
    body: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which signals to hear; what is empty matches all. Only the daemon looks at ``sender``."""

    interface: str
    member: str
    path: str = ""
    sender: str = ""
    first: str = ""  # the first value of the body

    def __str__(self) -> str:
        words = {
            "type": "signal",
            "interface": self.interface,
            "member": self.member,
            "path": self.path,
            "sender": self.sender,
            "arg0": self.first,
        }
        return ",".join(f"{name}='{word}'" for name, word in words.items() if word)

    def fits(self, heard: Heard) -> bool:
        return (
            heard.interface == self.interface
            and heard.member == self.member
            and self.path in ("", heard.path)
            and (not self.first or heard.body[:1] == (self.first,))
        )


THE_DAEMON = Target(DAEMON, "/org/freedesktop/DBus", DAEMON)


def text(value: object) -> str:
    """A value that should be a text; empty when it is none."""
    return value if isinstance(value, str) else ""


def first(body: tuple[object, ...]) -> str:
    """The first value, if it is a text."""
    return text(body[0]) if body else ""


def method_call(
    target: Target,
    method: str,
    signature: str,
    body: tuple[object, ...],
    *,
    wants_answer: bool,
    may_start: bool,
) -> Message:
    from jeepney import DBusAddress, MessageFlag, new_method_call

    address = DBusAddress(target.path, target.name, target.interface)
    message = new_method_call(address, method, signature or None, body)
    if not wants_answer:
        message.header.flags |= MessageFlag.no_reply_expected
    if not may_start:
        message.header.flags |= MessageFlag.no_auto_start
    return message


def read(message: Message) -> Reply | Heard | None:
    """What arrived; None for a call to us, since we offer nothing."""
    from jeepney import HeaderFields, MessageType

    fields, kind = message.header.fields, message.header.message_type
    if kind is MessageType.signal:
        wanted = (HeaderFields.sender, HeaderFields.path, HeaderFields.interface)
        sender, path, interface = (text(fields.get(field)) for field in wanted)
        return Heard(sender, path, interface, text(fields.get(HeaderFields.member)), message.body)
    serial = fields.get(HeaderFields.reply_serial)
    if not isinstance(serial, int):
        return None
    error = text(fields.get(HeaderFields.error_name)) if kind is MessageType.error else ""
    return Reply(serial, Answer(message.body, error))
