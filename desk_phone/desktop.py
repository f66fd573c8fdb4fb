"""The tray program, wired: the one place where its objects meet.

The tray icon comes first and everything else after it; nothing heavy is imported before it shows.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desk_phone.assets import resource
from desk_phone.errors import PhoneError
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.said import status_of

if TYPE_CHECKING:
    from desk_phone.program import Program
    from desk_phone.settings import Preset
    from desk_phone.system.lock import InstanceLock
    from desk_phone.system.secrets import Keyring

log = logging.getLogger(__name__)

_YOUNG_ONLY = (700, 10, 1_000_000)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(
    options: Options,
    place: Paths,
    lock: InstanceLock,
    password: Secret,
    keyring: Keyring | None = None,
    watch: Callable[[Program], None] = lambda _: None,
    prepare: Callable[[], None] = lambda: None,
    fixed: Preset | None = None,
    file: Path | None = None,
) -> int:
    """Run until somebody quits; gives the exit status. ``lock`` is held. For the main thread.

    ``keyring`` None: the system's. ``prepare`` is done once the icon is there, away from the main
    thread; ``watch`` is handed the program once it is whole. ``fixed`` None: what this computer's
    administrator set for everybody. ``file``: when an upgrade puts another there, the status is
    `Status.AGAIN` or `AGAIN_UNSEEN`.
    """
    app = _application()
    icon = _first_icon()
    made: list[Program] = []

    def build() -> Generator[None]:
        from desk_phone.app.garbage import Collector
        from desk_phone.program import Program

        Collector(app)
        program = Program(app, options)
        try:
            yield from program.make(place, lock, password, keyring, icon, fixed, file)
        except PhoneError as error:  # most of all a database that cannot be opened
            _say_why(app, error)
            return
        made.append(program)
        watch(program)
        yield
        program.begin()

    warming = _Warming(lambda: _in_turns(app, build()), options.verbose, prepare)
    QTimer.singleShot(0, warming.start)
    with _Signals(app):
        status = app.exec()
    warming.wait()
    for program in made:
        program.close()
    return status


def _in_turns(app: QApplication, work: Generator[None]) -> None:
    """A piece a turn, on the main thread: whoever else waits for it comes in between."""
    turn = QTimer(app, interval=0)

    def go_on() -> None:
        try:
            next(work)
        except StopIteration:
            turn.stop()
            turn.deleteLater()

    turn.timeout.connect(go_on)
    turn.start()


class _Warming(QObject):
    """Imports the program beside the event loop, which goes on answering meanwhile; then calls
    ``then`` on the main thread."""

    _warm = Signal()

    def __init__(
        self, then: Callable[[], None], verbose: bool, prepare: Callable[[], None]
    ) -> None:
        super().__init__()
        self._verbose, self._prepare = verbose, prepare
        self._then = then
        self._thread = threading.Thread(target=self._import, name="warming")

    def start(self) -> None:
        if self._verbose:
            sys.stderr.write("tray icon shown\n")  # the log is not set up yet, and this is timed
            sys.stderr.flush()
        # What importing leaves is young and found soon; a full round would hold everybody up.
        gc.set_threshold(*_YOUNG_ONLY)
        gc.enable()
        from PySide6.QtCore import Qt  # ten milliseconds, which the icon need not wait for

        self._warm.connect(self._then, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def wait(self) -> None:
        """No thread of ours is alive afterwards."""
        if self._thread.ident is not None:
            self._thread.join()

    def _import(self) -> None:
        self._prepare()
        import_module("desk_phone.program")
        import_module("desk_phone.app.garbage")
        from desk_phone.system.x11 import is_x11

        if sys.platform.startswith("linux"):
            import_module("desk_phone.system.bus_link")
        if is_x11():
            from desk_phone.system import x11_link

            x11_link.warm()
        gc.freeze()  # what was imported stays: each full collection would go through it in vain
        self._warm.emit()


def _application() -> QApplication:
    qInstallMessageHandler(_log_qt)
    app = QApplication([sys.argv[0]])  # no word of ours, or of a link, is for Qt
    app.setApplicationName("Desk Phone")
    app.setDesktopFileName("desk-phone")
    app.setQuitOnLastWindowClosed(False)
    return app


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s: %s", context.category, message)


def _first_icon() -> QSystemTrayIcon:
    """An icon that says "starting", from a picture: painting one takes modules that take time."""
    icon = QSystemTrayIcon(QIcon(str(resource("icons", "tray-starting.png"))))
    icon.setToolTip("Desk Phone")
    icon.show()
    return icon


def _say_why(app: QApplication, error: PhoneError) -> None:
    """The program cannot begin: tell the person, then end."""
    sys.stderr.write(f"{error}\n")
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Critical, "Desk Phone", "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(error.title)
    box.setInformativeText(error.message)
    box.finished.connect(lambda: app.exit(status_of(error)))
    box.open()
    app.aboutToQuit.connect(lambda: box.close())  # which keeps it until then


class _Signals:
    """Ends the event loop at SIGINT and SIGTERM, without waking up to look for them."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._woken = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._woken.activated.connect(self._drain)

    def __enter__(self) -> None:
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, self._quit) for number in (signal.SIGINT, signal.SIGTERM)
        }

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._woken.setEnabled(False)
        self._ours.close()
        self._theirs.close()

    def _drain(self) -> None:
        """Python runs the handler by itself once its code runs again, which is now."""
        self._ours.recv(512)

    def _quit(self, _number: int, _frame: FrameType | None) -> None:
        self._app.exit(0)
