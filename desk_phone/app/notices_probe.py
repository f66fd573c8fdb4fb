"""Whether our own port answers as the service would find it: from this computer. For a lane."""

from __future__ import annotations

import socket

_PATIENCE = 2.0  # seconds
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what to call for what is bound


def answers(address: str, port: int) -> bool:
    """Whether a stranger's GET is answered there with our empty 404."""
    try:
        with socket.create_connection((_ANYWHERE.get(address, address), port), _PATIENCE) as there:
            there.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return there.recv(64).startswith(b"HTTP/1.1 404 ")
    except OSError:
        return False
