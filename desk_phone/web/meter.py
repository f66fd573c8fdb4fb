"""Stands between a socket and what reads HTTP from it: counts the bytes and keeps the deadline."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING, cast

from urllib3.connection import HTTPConnection

from desk_phone.web.limits import Deadline

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Meter:
    """What http.client takes for its socket.

    A socket's own timeout starts anew with every byte, and http.client reads a head line by line;
    so each single read gets what is left of the deadline. Reading past it raises TimeoutError. The
    socket stays its owner's, who closes it.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline, silence: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._silence = silence
        self.sent = 0
        self.received = 0

    def attach(self, connection: HTTPConnection) -> HTTPConnection:
        """Let ``connection`` speak through us; it is connected from here on."""
        connection.sock = cast("socket.socket", self)
        return connection

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.timeout(self._silence))
        self._sock.sendall(data)
        self.sent += len(data)

    def receive_into(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._deadline.timeout(self._silence))
        count = self._sock.recv_into(buffer)
        self.received += count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002  # always "rb"
        return io.BufferedReader(_Incoming(self))

    def settimeout(self, seconds: float | None) -> None:
        """Ours is set before each use."""

    def close(self) -> None:
        """http.client lets go of it before the body is read."""


class _Incoming(io.RawIOBase):
    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return self._meter.receive_into(buffer)
