"""A connection to the running program: a Unix socket, on Windows a named pipe."""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
import time
from collections.abc import Callable
from functools import partial
from io import FileIO
from typing import Protocol, TypeVar

T = TypeVar("T")

_LOOK_AGAIN = 0.02  # seconds
_PIPE_BUSY = 231


class Wire(Protocol):
    """``by`` is a time of the monotonic clock; past it TimeoutError is raised."""

    def send(self, data: bytes, by: float) -> None: ...

    def receive(self, at_most: int, by: float) -> bytes:
        """At least one byte; none at the end."""

    def close(self) -> None: ...


class RawFile(Protocol):
    """What we need of an unbuffered file that is open for both."""

    def read(self, size: int, /) -> bytes | None: ...

    def write(self, data: bytes, /) -> int | None: ...

    def close(self) -> None: ...


def reach(endpoint: str, by: float) -> Wire | None:
    """None when nobody is there; raises TimeoutError when somebody is, too busy to take us."""
    return _reach_pipe(endpoint, by) if sys.platform == "win32" else _reach_socket(endpoint, by)


def peer_uid(sock: socket.socket) -> int:
    """The user at the other end of a Unix socket; raises OSError when it cannot be told.

    Linux: SO_PEERCRED gives pid, uid, gid. macOS: LOCAL_PEERCRED gives version, uid, groups
    (sys/un.h, sys/ucred.h).
    """
    if sys.platform == "darwin":
        sol_local, local_peercred, size = 0, 1, 76
        found = sock.getsockopt(sol_local, local_peercred, size)
        return int(struct.unpack_from("=II", found)[1])
    if sys.platform == "linux":
        found = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", found)[1])
    raise OSError("peer unknown")


class SocketWire:
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, data: bytes, by: float) -> None:
        self._sock.settimeout(left(by))
        self._sock.sendall(data)

    def receive(self, at_most: int, by: float) -> bytes:
        self._sock.settimeout(left(by))
        return self._sock.recv(at_most)

    def close(self) -> None:
        self._sock.close()


class PipeWire:
    """A file whose calls know no time limit, so each runs where it may hang."""

    def __init__(self, file: RawFile) -> None:
        self._file = file
        self._hangs = False

    def send(self, data: bytes, by: float) -> None:
        while data:
            written = self._within(partial(self._file.write, data), by)
            data = data[written or 0 :]

    def receive(self, at_most: int, by: float) -> bytes:
        return self._within(partial(self._file.read, at_most), by) or b""

    def close(self) -> None:
        if not self._hangs:  # else closing would wait for the call that hangs
            self._file.close()

    def _within(self, call: Callable[[], T], by: float) -> T:
        from desk_phone.system.attempt import Attempt  # threads cost start time: only where needed

        attempt = Attempt(call)
        try:
            return attempt.outcome(left(by))
        finally:
            self._hangs = attempt.is_unfinished


def left(by: float) -> float:
    """Seconds until then, a little more than none: none would mean not to wait at all."""
    return max(by - time.monotonic(), 0.001)


def _reach_socket(endpoint: str, by: float) -> SocketWire | None:
    """A socket of another user is nobody: it may lie in a directory that all can write to."""
    if not _is_our_socket(endpoint):
        return None
    while True:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(left(by))
            sock.connect(endpoint)
            if peer_uid(sock) == os.geteuid():
                return SocketWire(sock)
        except BlockingIOError:  # a full queue: Linux does not wait for a place in it
            sock.close()
            _pause(by)
            continue
        except TimeoutError:
            sock.close()
            raise
        except OSError:  # nobody listens, or it is just ending
            pass
        sock.close()
        return None


def _is_our_socket(endpoint: str) -> bool:
    try:
        found = os.lstat(endpoint)
    except OSError:
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.geteuid()


def _reach_pipe(name: str, by: float) -> PipeWire | None:
    while True:
        try:
            return PipeWire(FileIO("\\\\.\\pipe\\" + name, "r+"))
        except OSError as error:
            if getattr(error, "winerror", 0) != _PIPE_BUSY:
                return None
        _pause(by)


def _pause(by: float) -> None:
    if time.monotonic() >= by:
        raise TimeoutError
    time.sleep(_LOOK_AGAIN)
