"""The socket to a D-Bus daemon: hand-shake, whole messages out and in, and nothing that waits."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

from jeepney import Message, Parser
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_connectable_addresses
from PySide6.QtCore import QObject, QSocketNotifier, Signal

_PIECE = 65536
_UNSENT_AT_MOST = 1 << 20  # a daemon that does not read for that long is as good as gone
# What jeepney raises on bytes that are no message; the daemon checks them, so this is no daemon.
_NO_MESSAGE = (ValueError, KeyError, IndexError, AssertionError, TypeError, struct.error)


class NoBus(OSError):
    """There is no daemon at that address, or it has gone."""


def session_address() -> str:
    """Where the session's bus is, empty when there is none.

    The variable first, then the place where systemd puts it (as sd-bus and libdbus do).
    """
    if given := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return given
    run = os.environ.get("XDG_RUNTIME_DIR")
    return f"unix:path={run}/bus" if run and Path(run, "bus").exists() else ""


def system_address() -> str:
    """Where the system's bus is (D-Bus specification, "Well-known Message Bus Instances")."""
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/var/run/dbus/system_bus_socket"


class BusLink(QObject):
    """One connection. What is sent before the hand-shake is done goes out right after it.

    ``arrived`` brings each whole message; ``broken`` comes once, when the daemon hangs up or talks
    nonsense, and nothing comes after it.
    """

    arrived = Signal(object)  # Message
    broken = Signal()

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        """Raises NoBus."""
        super().__init__(parent)
        self._socket = _connect(address)
        self._auth = Authenticator(inc_null_byte=True)
        self._parser = Parser()
        self._later = bytearray()  # until the hand-shake is done
        self._unsent = bytearray()
        kind = QSocketNotifier.Type
        self._reading = QSocketNotifier(self._socket.fileno(), kind.Read, self)
        self._writing = QSocketNotifier(self._socket.fileno(), kind.Write, self)
        self._writing.setEnabled(False)
        self._reading.activated.connect(self._read)
        self._writing.activated.connect(self._write)
        self._greet()
        if not self.is_open:
            raise NoBus

    @property
    def is_open(self) -> bool:
        return self._socket.fileno() >= 0

    def send(self, message: Message, serial: int) -> None:
        data = message.serialise(serial=serial)
        if self._auth.authenticated:
            self._put(data)
        else:
            self._later += data

    def close(self) -> None:
        """Hang up; nothing is heard any more."""
        self._reading.setEnabled(False)
        self._writing.setEnabled(False)
        self._socket.close()

    def _greet(self) -> None:
        while data := self._auth.data_to_send():
            self._put(data)
        if self._auth.authenticated:
            self._put(BEGIN + self._later)
            self._later.clear()

    def _put(self, data: bytes) -> None:
        if self.is_open:
            self._unsent += data
            self._write()

    def _write(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent[:_PIECE])]
        except BlockingIOError:
            if len(self._unsent) > _UNSENT_AT_MOST:
                self._break()
                return
        except OSError:
            self._break()
            return
        self._writing.setEnabled(bool(self._unsent))

    def _read(self) -> None:
        try:
            data = self._socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._break()
            return
        try:
            self._take(data)
        except _NO_MESSAGE:
            self._break()

    def _take(self, data: bytes) -> None:
        if not self._auth.authenticated:
            self._auth.feed(data)
            self._greet()
            return
        self._parser.add_data(data)
        while self.is_open and (message := self._parser.get_next_message()) is not None:
            self.arrived.emit(message)

    def _break(self) -> None:
        if self.is_open:
            self.close()
            self.broken.emit()


def _connect(address: str) -> socket.socket:
    try:
        place = next(get_connectable_addresses(address))
    except (ValueError, RuntimeError) as error:  # not an address, or not of a kind we speak
        raise NoBus(str(error)) from error
    link = socket.socket(socket.AF_UNIX)
    try:
        link.setblocking(False)
        link.connect(place)
    except OSError as error:
        link.close()
        raise NoBus(str(error)) from error
    return link
