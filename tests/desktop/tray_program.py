"""A tiny tray program that uses everything in `desk_phone.system` that shows itself on a desktop.

It prints what happens, a line each, and does what it reads: ``show KEY TITLE``, ``close KEY``,
``presenting``, ``idle``, ``window``, ``full-screen``, ``field``, ``quit``. Run as a module; with
``--plain`` it is Qt alone, without watching for a tray.
"""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSystemTrayIcon

from desk_phone.system.bus import Bus
from desk_phone.system.full_screen import somebody_is_presenting
from desk_phone.system.notifications import Notification, Notifications
from desk_phone.system.presence import idle_seconds
from desk_phone.system.tray_watch import TrayWatch


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Program:
    def __init__(self, app: QApplication, watches: bool) -> None:
        self._app = app
        picture = QPixmap(24, 24)
        picture.fill(QColor("#1a5fd0"))
        self._picture = picture
        self._make_icon()
        self._bus = Bus()
        self._notifications = Notifications(self._bus)
        self._notifications.acted.connect(lambda key, action: say("acted", key, action))
        self._notifications.closed.connect(lambda key: say("closed", key))
        if watches:
            self._watch = TrayWatch(self._bus, QSystemTrayIcon.isSystemTrayAvailable())
            self._watch.appeared.connect(self._appeared)
            self._watch.gone.connect(lambda: say("tray gone"))
        self._window = QLabel("in front")
        self._window.setWindowTitle("A window")
        self._field = QLineEdit()
        self._field.returnPressed.connect(lambda: say("typed", self._field.text()))
        self._unread = b""
        self._input = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._input.activated.connect(self._read)
        say("ready", "with tray" if QSystemTrayIcon.isSystemTrayAvailable() else "without tray")

    def _make_icon(self) -> None:
        self._icon = QSystemTrayIcon(self._picture)
        self._icon.activated.connect(lambda reason: say("activated", reason.name))
        self._icon.show()

    def _appeared(self) -> None:
        self._icon.hide()
        self._make_icon()
        say("tray appeared", self._watch.kind)

    def _read(self) -> None:
        arrived = os.read(0, 4096)
        if not arrived:  # nobody will ask for anything
            self._input.setEnabled(False)
        self._unread += arrived
        *lines, self._unread = self._unread.split(b"\n")
        for line in lines:
            word, _, rest = line.decode().partition(" ")
            self._do(word, rest)

    def _do(self, word: str, rest: str) -> None:
        key, _, title = rest.partition(" ")
        match word:
            case "show":
                actions = (("default", "Open"), ("call", "Call back"))
                self._notifications.show(Notification(key, title, "<b>5 < 6</b>", actions))
            case "close":
                self._notifications.close(key)
            case "presenting":
                begun = time.perf_counter()
                presenting = somebody_is_presenting()
                say("presenting", presenting, f"{(time.perf_counter() - begun) * 1000:.2f} ms")
            case "idle":
                say("idle", f"{idle_seconds():.3f}")
            case "window":
                self._window.showNormal()
                self._window.activateWindow()
            case "full-screen":
                self._window.showFullScreen()
                self._window.activateWindow()
            case "field":
                self._field.setWindowTitle("A field")
                self._field.show()
            case "quit":
                self._app.quit()


def main() -> int:
    app = QApplication(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, "--plain" not in sys.argv)
    status = app.exec()
    del program
    return status


if __name__ == "__main__":
    sys.exit(main())
