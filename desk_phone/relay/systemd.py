"""What systemd is told: that the relay is ready, still there, ending (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"

_MICROSECONDS = 1e6


def tell(word: str, environment: Mapping[str, str] = os.environ) -> None:
    """Nothing where systemd did not start us."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address[0] == "@":  # an address of Linux alone, without a file
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.send(word.encode())


def watched_every(environment: Mapping[str, str] = os.environ) -> float:
    """Seconds between two signs of life that systemd waits for; 0: it waits for none."""
    text = environment.get("WATCHDOG_USEC", "")
    return int(text) / _MICROSECONDS if text.isascii() and text.isdecimal() else 0.0
