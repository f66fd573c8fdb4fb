"""A hotkey by the desktop's own leave: the portal org.freedesktop.portal.GlobalShortcuts.

It is the only way under Wayland (KDE, GNOME 48, Hyprland). The person chooses or confirms the keys
in its dialog.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from desk_phone.i18n import tr
from desk_phone.model.shortcut import Modifier, Shortcut
from desk_phone.system.bus import Bus
from desk_phone.system.bus_message import Answer, Heard, Rule, Target, first, text
from desk_phone.system.hotkey import HotkeySignals, Standing

_NAME, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_PORTAL = Target(_NAME, _PATH, _INTERFACE)
# Since xdg-desktop-portal 1.20 a program outside a sandbox says who it is, before anything else.
_REGISTRY = Target(_NAME, _PATH, "org.freedesktop.host.portal.Registry")
_SESSION = "org.freedesktop.portal.Session"
_REQUEST = "org.freedesktop.portal.Request"
_APP = "desk-phone"
_OURS = "dial"  # the id of our one shortcut
_PERSON_MS = 600_000  # a dialog waits for the person
_WORDS = {Modifier.CTRL: "CTRL", Modifier.ALT: "ALT", Modifier.SHIFT: "SHIFT"}
_WORDS |= {Modifier.SUPER: "LOGO"}


def trigger(shortcut: Shortcut) -> str:
    """As the XDG shortcuts specification writes it: ``CTRL+SHIFT+F11``."""
    held = [_WORDS[modifier] for modifier in Modifier if modifier in shortcut.modifiers]
    key = shortcut.key.upper() if shortcut.key[:1] == "f" and shortcut.key[1:] else shortcut.key
    return "+".join((*held, key))


class PortalHotkey:
    """What the portal calls success may mean that nothing is bound: ASSIGNED is said only when it
    names a trigger."""

    def __init__(self, bus: Bus, signals: HotkeySignals) -> None:
        self.signals = signals
        self._bus = bus
        self._session = ""
        self._awaited: dict[str, Callable[[dict[str, object]], None]] = {}
        self._wanted: Shortcut | None = None
        self._listening = (
            (Rule(_REQUEST, "Response"), self._responded),
            (Rule(_INTERFACE, "Activated", _PATH), self._activated),
            (Rule(_INTERFACE, "ShortcutsChanged", _PATH), self._changed),
            (Rule(_SESSION, "Closed"), self._closed),
        )
        for rule, heard in self._listening:
            bus.listen(rule, heard)

    def assign(self, shortcut: Shortcut) -> None:
        """Ask the desktop; keys that it knows for us already are its own to change."""
        self._leave()
        self._wanted = shortcut
        self.signals.say(Standing.ASKED)
        self._bus.call(_REGISTRY, "Register", "sa{sv}", (_APP, {}), lambda _: self._begin())

    def release(self) -> None:
        self._leave()
        self._wanted = None
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        self._leave()
        for rule, heard in self._listening:
            self._bus.unlisten(rule, heard)

    # the conversation

    def _begin(self) -> None:
        session = _token()
        options = {"session_handle_token": ("s", session)}
        self._ask("CreateSession", "a{sv}", (), options, self._begun)

    def _begun(self, results: dict[str, object]) -> None:
        self._session = _value(results, "session_handle")
        if self._wanted is None or not self._session:
            self._leave()
            return
        about = {
            "description": ("s", tr("Call the number on the clipboard")),
            "preferred_trigger": ("s", trigger(self._wanted)),
        }
        words = (self._session, [(_OURS, about)], "")
        self._ask("BindShortcuts", "oa(sa{sv})sa{sv}", words, {}, self._bound)

    def _bound(self, results: dict[str, object]) -> None:
        found = results.get("shortcuts")
        self._tell(found[1] if isinstance(found, tuple) and len(found) == 2 else ())

    def _tell(self, shortcuts: object) -> None:
        shown = _trigger_of(shortcuts)
        self.signals.say(Standing.ASSIGNED if shown else Standing.ASKED, shown)

    def _ask(
        self,
        method: str,
        signature: str,
        words: tuple[object, ...],
        options: Mapping[str, tuple[str, object]],
        then: Callable[[dict[str, object]], None],
    ) -> None:
        """The answer is a handle; what was asked for comes in a signal of that handle."""
        token = _token()
        self._awaited[token] = then
        body = (*words, {**options, "handle_token": ("s", token)})

        def answered(answer: Answer) -> None:
            if not answer.ok and token in self._awaited:
                del self._awaited[token]
                self.signals.say(Standing.IMPOSSIBLE)

        self._bus.call(_PORTAL, method, signature, body, answered, limit_ms=_PERSON_MS)

    # what the portal says

    def _responded(self, heard: Heard) -> None:
        then = self._awaited.pop(heard.path.rpartition("/")[2], None)
        if then is None or len(heard.body) != 2:
            return
        code, results = heard.body
        if code == 0 and isinstance(results, dict):
            then(results)
        else:  # 1: the person said no; 2: something else
            self._leave()
            self.signals.say(Standing.OFF if code == 1 else Standing.IMPOSSIBLE)

    def _activated(self, heard: Heard) -> None:
        if self._session and heard.body[:2] == (self._session, _OURS):
            self.signals.pressed.emit()

    def _changed(self, heard: Heard) -> None:
        if self._session and first(heard.body) == self._session and len(heard.body) == 2:
            self._tell(heard.body[1])

    def _closed(self, heard: Heard) -> None:
        if self._session and heard.path == self._session:
            self._session = ""
            self.signals.say(Standing.IMPOSSIBLE)

    def _leave(self) -> None:
        self._awaited.clear()
        session, self._session = self._session, ""
        if session:
            self._bus.call(Target(_NAME, session, _SESSION), "Close")


def _token() -> str:
    return f"desk_phone_{secrets.token_hex(8)}"


def _value(results: dict[str, object], name: str) -> str:
    """A text in a variant; the session's handle comes as one, not as an object's path."""
    found = results.get(name)
    return text(found[1]) if isinstance(found, tuple) and len(found) == 2 else ""


def _trigger_of(shortcuts: object) -> str:
    """How the desktop writes the keys of our shortcut; empty where it has none for it."""
    if not isinstance(shortcuts, list | tuple):
        return ""
    for each in shortcuts:
        if isinstance(each, tuple) and len(each) == 2 and each[0] == _OURS:
            about = each[1]
            return _value(about, "trigger_description") if isinstance(about, dict) else ""
    return ""
