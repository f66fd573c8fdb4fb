"""An HTTP answer as a value, before it is sent."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from enum import Enum, auto

COMPRESSED_ABOVE = 1024  # bytes; NuSOAP's own limit
XML = "text/xml"
HTML = "text/html; charset=UTF-8"


class Framing(Enum):
    """How the other side knows where the body ends."""

    LENGTH = auto()
    CHUNKED = auto()
    OPEN = auto()  # no Content-Length: the end of the connection is the end of the body


@dataclass(frozen=True, slots=True)
class Answer:
    """``delay`` and ``byte_pause`` are seconds; ``silent`` closes without a byte.

    ``sent`` cuts the body: a part of it below 1, a number of bytes from 1 on. The head still
    announces all of it.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = XML
    headers: tuple[tuple[str, str], ...] = ()
    framing: Framing = Framing.LENGTH
    sent: float | None = None
    delay: float = 0.0
    byte_pause: float = 0.0
    silent: bool = False

    @property
    def complete(self) -> bool:
        """Whether the connection can be used again afterwards."""
        return not self.silent and self.sent is None and self.framing is not Framing.OPEN

    @property
    def sent_body(self) -> bytes:
        if self.sent is None:
            return self.body
        return self.body[: int(self.sent if self.sent >= 1 else len(self.body) * self.sent)]

    def compressed(self, accepted: str) -> Answer:
        """Above 1 KiB and where it is asked for; the same body always gives the same bytes."""
        codings = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
        if len(self.body) <= COMPRESSED_ABOVE:
            return self
        if "gzip" in codings:
            return self._coded("gzip", gzip.compress(self.body, mtime=0))
        if "deflate" in codings:
            raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)  # NuSOAP's deflate has no zlib header
            return self._coded("deflate", raw.compress(self.body) + raw.flush())
        return self

    def _coded(self, coding: str, body: bytes) -> Answer:
        headers = (*self.headers, ("Content-Encoding", coding), ("Vary", "Accept-Encoding"))
        return replace(self, body=body, headers=headers)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How XML becomes bytes; empty words are left out.

    The company answers UTF-8 and says so twice, so that Cyrillic names arrive. What ISO-8859-1
    cannot carry becomes ``?``, as in PHP.
    """

    codec: str = "utf-8"
    declared: str = "UTF-8"
    charset: str = "UTF-8"

    def answer(self, xml: str) -> Answer:
        head = f'<?xml version="1.0" encoding="{self.declared}"?>' if self.declared else ""
        charset = f"; charset={self.charset}" if self.charset else ""
        return Answer((head + xml).encode(self.codec, "replace"), content_type=XML + charset)
