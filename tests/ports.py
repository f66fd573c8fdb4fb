"""Ports for programs that are started later."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

_NOBODY_S = (20_000, 32_000)  # below those that the system gives to whoever asks for any


def free_port() -> int:
    """One at which nobody listens; no connection gets it between now and its use."""
    while True:
        port = random.randrange(*_NOBODY_S)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
