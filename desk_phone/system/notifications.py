"""The desktop's own notifications (Desktop Notifications specification 1.3), over D-Bus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QObject, Signal

from desk_phone.system.bus import Bus
from desk_phone.system.bus_message import Answer, Heard, Rule, Target

APP_NAME = "Desk Phone"
DESKTOP_ENTRY = "desk-phone"
DEFAULT = "default"  # the action of a click on the notification itself

_NAME = "org.freedesktop.Notifications"
_SERVER = Target(_NAME, "/org/freedesktop/Notifications", _NAME)
_NOTIFY = "susssasa{sv}i"
_NORMAL, _CRITICAL = 1, 2


@dataclass(frozen=True, slots=True)
class Notification:
    """Plain texts, whoever wrote them; what would be markup is shown as it is written.

    ``key`` is ours: one more with the same key takes the place of the first. ``actions`` are (id,
    label); the id `DEFAULT` is a click on the notification. ``timeout_ms``: -1 leaves it to the
    desktop, 0 stays. ``category`` is a word of the specification. A ``transient`` one is not kept
    in the desktop's list of what was missed.
    """

    key: str
    title: str
    body: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    timeout_ms: int = -1
    category: str = "call"
    transient: bool = False


@dataclass(slots=True)
class _Showing:
    """A key that is shown or on its way: the server's number, and what is to be done next."""

    id: int = 0
    is_asked: bool = False  # sent, and the number is not known yet
    wanted: Notification | None = None  # the newest that was not sent yet
    is_unwanted: bool = False


class Notifications(QObject):
    """Shows, updates and closes notifications; nothing is asked of the bus before the first.

    ``closed`` comes once for each key that was shown: gone by itself, dismissed, acted on, closed
    by us, the server went, or it could not be shown at all. ``token`` is for raising a window under
    Wayland, right in the slot of ``acted`` (XDG_ACTIVATION_TOKEN); empty where there is none.
    """

    acted = Signal(str, str)  # key, action
    closed = Signal(str)  # key

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._listens = False
        self._owner = ""
        self._is_asking = False
        self._abilities: frozenset[str] | None = None  # None: not known
        self._showing: dict[str, _Showing] = {}
        self._tokens: dict[int, str] = {}
        self.token = ""

    @property
    def can_act(self) -> bool:
        """Whether the server shows buttons; not known, so no, before the first was shown."""
        return "actions" in (self._abilities or ())

    def show(self, notification: Notification) -> None:
        """Show it, in the place of the one with the same key if there is one."""
        if not self._listens:
            self._listen()
        showing = self._showing.setdefault(notification.key, _Showing())
        showing.wanted, showing.is_unwanted = notification, False
        self._send(notification.key)

    def close(self, key: str) -> None:
        """Take it away, also when it is still on its way; nothing happens when there is none."""
        showing = self._showing.get(key)
        if showing is None:
            return
        showing.wanted, showing.is_unwanted = None, True
        if showing.id and not showing.is_asked:
            self._call("CloseNotification", "u", (showing.id,))
        if not showing.is_asked:
            self._forget(key)

    # talking

    def _listen(self) -> None:
        self._listens = True
        for member, heard in (
            ("ActionInvoked", self._heard_action),
            ("NotificationClosed", self._heard_closed),
            ("ActivationToken", self._heard_token),
        ):
            self._bus.listen(Rule(_NAME, member, _SERVER.path, _NAME), heard)
        self._bus.watch_name(_NAME, self._owner_changed)

    def _owner_changed(self, owner: str) -> None:
        """Another server knows nothing of what the last one showed."""
        if owner == self._owner:
            return
        had_one, self._owner, self._abilities = bool(self._owner), owner, None
        if had_one:
            for key in tuple(self._showing):
                self._forget(key)

    def _send(self, key: str) -> None:
        showing = self._showing[key]
        if showing.wanted is None or showing.is_asked:
            return
        if self._abilities is None:
            self._ask_abilities()
            return
        values = self._values(showing.wanted, showing.id, self._abilities)
        showing.is_asked, showing.wanted = True, None
        self._call("Notify", _NOTIFY, values, lambda answer: self._shown(key, showing, answer))

    def _ask_abilities(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._call("GetCapabilities", "", (), self._told_abilities)

    def _told_abilities(self, answer: Answer) -> None:
        self._is_asking = False
        match answer.body:
            case (list(words),) if answer.ok:
                self._abilities = frozenset(word for word in words if isinstance(word, str))
        for key in tuple(self._showing):
            if self._abilities is None:
                self._forget(key)
            else:
                self._send(key)

    def _shown(self, key: str, showing: _Showing, answer: Answer) -> None:
        if self._showing.get(key) is not showing:  # that server has gone
            return
        showing.is_asked = False
        match answer.body:
            case (int(number),) if answer.ok and number > 0:
                showing.id = number
                if showing.is_unwanted:
                    self.close(key)
                else:
                    self._send(key)
            case _:
                self._forget(key)

    def _values(
        self, note: Notification, replaces: int, abilities: frozenset[str]
    ) -> tuple[object, ...]:
        body = escape(note.body, quote=False) if "body-markup" in abilities else note.body
        title = note.title
        if "body" not in abilities and body:
            title, body = f"{note.title}: {note.body}", ""
        buttons = note.actions if "actions" in abilities else ()
        words = [_sendable(word) for action in buttons for word in action]
        hints: dict[str, tuple[str, object]] = {
            "urgency": ("y", _CRITICAL if note.urgent else _NORMAL),
            "category": ("s", note.category),
            "desktop-entry": ("s", DESKTOP_ENTRY),
        }
        if note.transient:
            hints["transient"] = ("b", True)
        texts = (_sendable(title), _sendable(body))
        return (APP_NAME, replaces, "", *texts, words, hints, note.timeout_ms)

    def _call(
        self,
        method: str,
        signature: str,
        body: tuple[object, ...],
        answered: Callable[[Answer], None] | None = None,
    ) -> None:
        self._bus.call(_SERVER, method, signature, body, answered)

    # hearing

    def _heard_action(self, heard: Heard) -> None:
        match heard.body:
            case (int(number), str(action)) if key := self._key_of(number, heard):
                self.token = self._tokens.pop(number, "")
                self.acted.emit(key, action)
                showing = self._showing.get(key)
                # Some servers leave it standing. What the slot has shown in its place stays.
                if showing and showing.id == number and not (showing.is_asked or showing.wanted):
                    self.close(key)

    def _heard_closed(self, heard: Heard) -> None:
        match heard.body:
            case (int(number), int()) if key := self._key_of(number, heard):
                self._tokens.pop(number, None)
                showing = self._showing[key]
                if showing.is_asked or showing.wanted:  # an update is on its way and will stand
                    showing.id = 0
                else:
                    self._forget(key)

    def _heard_token(self, heard: Heard) -> None:
        match heard.body:
            case (int(number), str(token)) if self._key_of(number, heard):
                self._tokens[number] = token

    def _key_of(self, number: int, heard: Heard) -> str:
        """Whose notification the server speaks of; empty when it is none of ours.

        Anybody on the bus can send us such a signal, and an action may dial: only the server
        counts.
        """
        if heard.sender != self._owner:
            return ""
        return next((key for key, showing in self._showing.items() if showing.id == number), "")

    def _forget(self, key: str) -> None:
        showing = self._showing.pop(key)
        self._tokens.pop(showing.id, None)
        self.closed.emit(key)


def _sendable(text: str) -> str:
    """A daemon hangs up on a zero, and half a character cannot be written."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
