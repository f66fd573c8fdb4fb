"""A D-Bus connection on Qt's event loop: no thread, no wake-ups, and no trouble without a bus."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk_phone.system.bus_message import (
    DAEMON,
    NO_ANSWER,
    NO_BUS,
    THE_DAEMON,
    Answer,
    Heard,
    Reply,
    Rule,
    Target,
    first,
    method_call,
    read,
    text,
)

if TYPE_CHECKING:
    from jeepney import Message

    from desk_phone.system.bus_link import BusLink

_RETRY = 30.0  # seconds between two tries to connect ...
_RETRY_AT_MOST = 600.0  # ... doubled up to this while a daemon that was there stays away
_LIMIT_MS = 5000


class Which(StrEnum):
    SESSION = "session"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class _Waiting:
    answered: Callable[[Answer], None]
    until: float  # by time.monotonic()


class _Watch:
    """Who owns a name, asked anew whenever there is a bus again."""

    def __init__(self, bus: Bus, name: str, told: Callable[[str], None]) -> None:
        self._bus, self._name, self._told = bus, name, told

    def ask(self) -> None:
        self._bus.call(THE_DAEMON, "GetNameOwner", "s", (self._name,), self._answered)

    def lose(self) -> None:
        self._told("")

    def changed(self, heard: Heard) -> None:
        if len(heard.body) == 3:
            self._told(text(heard.body[2]))

    def _answered(self, answer: Answer) -> None:
        self._told(first(answer.body) if answer.ok else "")


class Bus(QObject):
    """The session's or the system's bus; on other systems than Linux never one.

    Nothing here raises or waits. It connects at the first use; without a daemon calls are answered
    with NO_BUS and nothing is heard. A daemon that goes away is looked for again, sparingly, and
    what was listened to is listened to again. Values from the bus are untrusted: check their types.
    """

    opened = Signal()  # connected, also after a loss
    lost = Signal()

    def __init__(self, which: Which = Which.SESSION, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._which = which
        self._link: BusLink | None = None
        self._greeted = False
        self._serial = 0
        self._waiting: dict[int, _Waiting] = {}
        self._listening: list[tuple[Rule, Callable[[Heard], None]]] = []
        self._closed = not sys.platform.startswith("linux")
        self._not_before = 0.0
        self._pause = _RETRY
        self._unasked: list[Callable[[Answer], None]] = []
        self._watches: list[_Watch] = []
        self._again = self._timer(self._try_again)
        self._limit = self._timer(self._give_up)
        self._soon = self._timer(self._tell_unasked)

    @property
    def is_open(self) -> bool:
        """Whether the daemon has greeted us and is still there."""
        return self._greeted

    def call(
        self,
        target: Target,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
        answered: Callable[[Answer], None] | None = None,
        *,
        limit_ms: int = _LIMIT_MS,
        may_start: bool = True,
    ) -> None:
        """Call a method; ``answered`` is called exactly once, never before this returns.

        ``may_start``: whether the daemon may start a service for it. ``body`` must fit
        ``signature``, or it is a bug of the caller (ValueError, TypeError, struct.error).
        """
        if self._open():
            message = method_call(
                *(target, method, signature, body),
                wants_answer=answered is not None,
                may_start=may_start,
            )
            serial = self._send(message)
            if answered is not None and self._link is not None:
                self._wait(serial, answered, limit_ms)
                return
        if answered is not None:
            self._unasked.append(answered)
            self._soon.start(0)

    def listen(self, rule: Rule, heard: Callable[[Heard], None]) -> None:
        """Hear the signals that fit, for as long as this bus lives or until `unlisten`."""
        connected = self._link is not None
        self._listening.append((rule, heard))
        if connected:
            self._tell_daemon("AddMatch", rule)
        else:
            self._open()

    def unlisten(self, rule: Rule, heard: Callable[[Heard], None]) -> None:
        self._listening.remove((rule, heard))
        self._tell_daemon("RemoveMatch", rule)

    def watch_name(self, name: str, told: Callable[[str], None]) -> None:
        """Tell who owns ``name``, soon and at each change: a unique name, or "" for nobody."""
        watch = _Watch(self, name, told)
        self._watches.append(watch)
        self.listen(Rule(DAEMON, "NameOwnerChanged", sender=DAEMON, first=name), watch.changed)
        if self._greeted or self._link is None:
            watch.ask()

    def close(self) -> None:
        """Hang up for good: from now on there is no bus."""
        self._closed = True
        self._again.stop()
        if self._link is not None:
            self._link.close()
            self._drop()

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        """A timer that lives as long as we do.

        A slot that is a function holding us would make us die inside the end of our own timer,
        and the process with us; a method of ours does not.
        """
        timer = QTimer(self, singleShot=True)
        timer.timeout.connect(slot)
        return timer

    # connecting

    def _open(self) -> bool:
        """Have a connection, if that can be; who was not there is not asked again at once."""
        if self._link is not None:
            return True
        if self._closed or time.monotonic() < self._not_before:
            return False
        from desk_phone.system import bus_link

        session = self._which is Which.SESSION
        address = bus_link.session_address() if session else bus_link.system_address()
        try:
            link = bus_link.BusLink(address, self)
        except bus_link.NoBus:
            self._not_before = time.monotonic() + _RETRY
            return False
        self._begin(link)
        return self._link is not None

    def _begin(self, link: BusLink) -> None:
        self._link = link
        self._again.stop()
        link.arrived.connect(self._arrived)
        link.broken.connect(self._broken)
        hello = self._send(
            method_call(THE_DAEMON, "Hello", "", (), wants_answer=True, may_start=False)
        )
        self._wait(hello, self._hello, _LIMIT_MS)
        for rule, _ in self._listening:
            self._tell_daemon("AddMatch", rule)

    def _hello(self, answer: Answer) -> None:
        if answer.ok:
            self._pause = _RETRY
            self._greeted = True
            for watch in self._watches:
                watch.ask()
            self.opened.emit()
        elif self._link is not None:  # somebody took the connection and says nothing
            self._link.close()
            self._broken()

    def _broken(self) -> None:
        self._not_before = time.monotonic() + _RETRY
        self._put_off()
        self._drop()

    def _try_again(self) -> None:
        self._not_before = 0.0
        if not self._open():
            self._put_off()

    def _put_off(self) -> None:
        self._again.start(int(self._pause * 1000))
        self._pause = min(self._pause * 2, _RETRY_AT_MOST)

    def _drop(self) -> None:
        link, self._link, self._greeted = self._link, None, False
        if link is not None:
            link.deleteLater()
        waiting, self._waiting = self._waiting, {}
        self._limit.stop()
        for one in waiting.values():
            one.answered(Answer(error=NO_BUS))
        for watch in self._watches:
            watch.lose()
        self.lost.emit()

    # messages

    def _tell_daemon(self, method: str, rule: Rule) -> None:
        if self._link is not None:
            self._send(
                method_call(
                    *(THE_DAEMON, method, "s", (str(rule),)), wants_answer=False, may_start=False
                )
            )

    def _send(self, message: Message) -> int:
        self._serial += 1
        if self._link is not None:
            self._link.send(message, self._serial)
        return self._serial

    def _wait(self, serial: int, answered: Callable[[Answer], None], limit_ms: int) -> None:
        self._waiting[serial] = _Waiting(answered, time.monotonic() + limit_ms / 1000)
        self._await_next()

    def _await_next(self) -> None:
        """Wake up when the next of those who wait has waited for too long, if anybody waits."""
        if not self._waiting:
            self._limit.stop()
            return
        left = min(one.until for one in self._waiting.values()) - time.monotonic()
        self._limit.start(max(0, math.ceil(left * 1000)))

    def _give_up(self) -> None:
        now = time.monotonic()
        late = [serial for serial, one in self._waiting.items() if one.until <= now]
        for serial in late:
            self._answer(serial, Answer(error=NO_ANSWER))
        self._await_next()

    def _answer(self, serial: int, answer: Answer) -> None:
        waiting = self._waiting.pop(serial, None)
        if waiting is not None:
            self._await_next()
            waiting.answered(answer)

    def _tell_unasked(self) -> None:
        unasked, self._unasked = self._unasked, []
        for answered in unasked:
            answered(Answer(error=NO_BUS))

    def _arrived(self, message: Message) -> None:
        arrival = read(message)
        if isinstance(arrival, Reply):
            self._answer(arrival.serial, arrival.answer)
        elif arrival is not None:
            for rule, tell in tuple(self._listening):
                if rule.fits(arrival):
                    tell(arrival)
