"""What came back, before anybody believes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whole and unpacked.

    ``wire_bytes`` is what travelled both ways: heads and bodies as they were packed.
    ``etag`` names this very answer, empty where the server gives it no name.
    ``retry_after`` is the pause in seconds that was asked for, see `web.pause`. ``clock`` is how
    many seconds the service's clock is ahead of ours; None: it did not say.
    """

    status: int
    content_type: str
    body: bytes
    wire_bytes: int = 0
    retry_after: float | None = None
    clock: float | None = None
    etag: str = ""
