"""A desktop of its own for tests: X server, bus, window manager, tray, notifications, and a person.

Nothing of the person who runs the tests is touched: the display, the bus, the home directory and
all other folders are made anew, and everything that was started is ended, whatever happened.
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import Literal

from tests.desktop import notes
from tests.desktop.notes import Note
from tests.desktop.private_bus import PrivateBus, read_once
from tests.desktop.processes import Program
from tests.desktop.sandbox import Sandbox
from tests.desktop.screen import Screen, Window
from tests.desktop.waiting import PATIENCE, until, until_still

_CONFIG = Path(__file__).with_name("config")
_NOTIFICATIONS = "org.freedesktop.Notifications"

# "tint2": a panel with an XEmbed tray; "notifier": a StatusNotifier host without a picture;
# "late" (tint2) and "late notifier": none until `start_tray`; "none": never one.
Tray = Literal["tint2", "late", "notifier", "late notifier", "none"]
Notifications = Literal["dunst", "none"]


class Desktop(Sandbox):
    """Use it as a context manager: ``with Desktop(tray="late") as desktop``."""

    bus: PrivateBus
    screen: Screen
    _dunst: Program
    _tray_program: Program
    _host: Program
    _server: Program
    _window_manager: Program

    def __init__(
        self,
        tray: Tray = "tint2",
        notifications: Notifications = "dunst",
        size: tuple[int, int] = (1280, 800),
    ) -> None:
        super().__init__()
        self._tray, self._notifications, self._size = tray, notifications, size

    def begin(self) -> None:
        self.bus = PrivateBus(self.run, self.env)
        self._at_end.callback(self.bus.close)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.address
        self._start_server()
        self.screen = Screen(self.env["DISPLAY"])
        self._at_end.callback(self.screen.close)
        self._window_manager = self.start(
            ["openbox", "--config-file", str(_CONFIG / "openbox.xml")]
        )
        until(self.screen.has_window_manager, "a window manager", shown=self.said)
        if self._notifications == "dunst":
            self.start_notifications()
        if not self._tray.startswith(("late", "none")):
            self.start_tray()

    def _start_server(self) -> None:
        width, height = self._size
        reading, writing = os.pipe()
        try:
            server = self._server = Program(
                [
                    *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
                    *("-dpi", "96", "-nolisten", "tcp", "-noreset"),
                ],
                self.logs / "Xvfb.log",
                self.env,
                pass_fds=(writing,),
            )
            self._at_end.callback(server.end)
            self.env["DISPLAY"] = ":" + read_once(reading, server, writing)
        finally:
            os.close(reading)

    def stop_server(self) -> None:
        """Let the X server die, and with it every program that shows something."""
        self._server.kill_all()

    def stop_window_manager(self) -> None:
        """Let it die as in a crash, its last words on the display stay."""
        self._window_manager.kill_all()
        until(lambda: not self.screen.has_window_manager(), "the display has noticed")

    def start_tray(self) -> None:
        """Have the tray that was asked for; returns when programs can see it."""
        if self._tray.endswith("notifier"):
            self.start_notifier_host()
            return
        self._tray_program = self.start(["tint2", "-c", str(_CONFIG / "tint2rc")])
        until(self.screen.tray, "a tray", shown=self.said)
        until(self._panel_has_its_place, "room for the panel", shown=self.said)

    def start_notifier_host(self) -> None:
        """Have a StatusNotifier host, beside another tray if there is one."""
        self._host = self._tray_program = self.start_python("-m", "tests.desktop.notifier_host")
        self._host.wait_for("host registered")

    def tray_host_said(self, text: str) -> str:
        """Wait for what the StatusNotifier host says, such as ``item``."""
        return self._host.wait_for(text)

    def stop_tray(self) -> None:
        self._tray_program.end()

    def _panel_has_its_place(self) -> bool:
        return 0 < self.screen.work_area()[3] < self._size[1]

    def start_notifications(self) -> None:
        choose = shutil.copy(_CONFIG / "choose.sh", self.run)
        config = (_CONFIG / "dunstrc").read_text(encoding="utf-8")
        (self.run / "dunstrc").write_text(config.replace("DUNST_CHOOSE", str(choose)))
        self._dunst = self.start(["dunst", "-print", "-config", str(self.run / "dunstrc")])
        until(lambda: self.has_name(_NOTIFICATIONS), "dunst", shown=self.said)

    def stop_notifications(self) -> None:
        self._dunst.end()

    def has_name(self, name: str) -> bool:
        """Whether somebody on the bus owns that name."""
        asked = self.short(
            *("gdbus", "call", "--session", "-d", "org.freedesktop.DBus"),
            *("-o", "/org/freedesktop/DBus", "-m", "org.freedesktop.DBus.NameHasOwner", name),
        )
        return "true" in asked

    # eyes

    def windows(self) -> list[Window]:
        """All visible windows, from the lowest to the topmost."""
        return self.screen.windows()

    def find_window(
        self, title: str = "", cls: str = "", pid: int = 0, seconds: float = PATIENCE
    ) -> Window:
        """Wait for a window whose title and class hold the given words, and until it stays where it
        is; the topmost of several."""

        def found() -> list[Window]:
            return [
                window
                for window in self.windows()
                if title in window.title and cls in window.cls and pid in (0, window.pid)
            ]

        def seen() -> str:
            return "\n".join(str(window) for window in self.windows())

        return until_still(found, f"a window {title!r} {cls!r}", seconds, seen)[-1]

    def wait_closed(self, window: Window, seconds: float = PATIENCE) -> None:
        until(lambda: self.screen.window(window.id) is None, f"{window} closes", seconds)

    def screenshot(self, path: Path | str) -> None:
        """Keep a picture of the whole screen (PNG)."""
        self.short("import", "-window", "root", f"png:{path}")

    def notifications(self) -> list[Note]:
        """Every showing of a notification so far, the oldest first; an update is one more."""
        return notes.read(self._dunst.said())

    def notifications_by_now(self) -> list[Note]:
        """The same, and none that was sent before this is on its way any more."""
        mark = f"mark {uuid.uuid4().hex}"
        self.short(
            *("gdbus", "call", "--session", "-d", _NOTIFICATIONS),
            *("-o", "/org/freedesktop/Notifications", "-m", f"{_NOTIFICATIONS}.Notify"),
            *(mark, "0", "", mark, "", "[]", "{}", "1"),
        )
        until(
            lambda: mark in (note.app for note in self.notifications()), "the mark", shown=self.said
        )
        return [note for note in self.notifications() if not note.app.startswith("mark ")]

    def tray_icon(self, seconds: float = PATIENCE) -> Window:
        """Wait for an icon in tint2's tray and until it stays where it is."""
        return until_still(self.screen.tray_icons, "an icon in the tray", seconds, self.said)[0]

    # hands

    def click(
        self, window: Window, x: int | None = None, y: int | None = None, button: int = 1
    ) -> None:
        """Click at x, y counted from the window's own corner; into its middle without them."""
        now = self.screen.window(window.id) or window
        at = (
            now.x + (now.width // 2 if x is None else x),
            now.y + (now.height // 2 if y is None else y),
        )
        self.short("xdotool", "mousemove", *map(str, at), "click", str(button))

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place on the screen."""
        self.short("xdotool", "mousemove", str(x), str(y))

    def click_tray(self, button: int = 1) -> None:
        self.click(self.tray_icon(), button=button)

    def focus(self, window: Window) -> None:
        """Give a window the keyboard, and wait until it has it."""
        self.short("xdotool", "windowactivate", str(window.id))
        until(lambda: self.screen.active() == window.id, f"{window} is active")

    def key(self, *keys: str) -> None:
        """Press keys by their X names, such as ``key("ctrl+k", "Return")``."""
        self.short("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self.screen.teach(text)
        self.short("xdotool", "type", "--delay", "8", "--", text)

    def invoke(self, label: str) -> None:
        """Choose the action with that label of the notification that is shown."""
        (self.run / "choose").write_text(label, encoding="utf-8")
        self.short("dunstctl", "context")

    def click_notification(self) -> None:
        """Click the topmost notification, which means its action ``default``."""
        self.click(self.find_window(cls="Dunst"))

    # clipboard

    def copy(self, text: str, selection: str = "clipboard") -> None:
        """Hold ``text`` for others to paste; ``selection`` may be "primary"."""
        given = self.run / f"copied-{selection}"
        given.write_text(text, encoding="utf-8")
        before = self.screen.owner(selection.upper())
        with given.open("rb") as file:
            self.start(["xclip", "-quiet", "-selection", selection, "-i"], stdin=file)
        until(lambda: self.screen.owner(selection.upper()) not in (0, before), "xclip holds it")

    def pasted(self, selection: str = "clipboard") -> str:
        """What the clipboard holds; raises CalledProcessError when it holds no text."""
        return self.short("xclip", "-selection", selection, "-o")
