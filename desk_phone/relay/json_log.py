"""The log of the server: one JSON object a line on standard error, and no number in it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TextIO

from desk_phone.logs import redact

_LONGEST = 4000  # letters of one text
_NUMBER = re.compile(r"\d*\*{4}\d*")  # what `redact` leaves of one
_MASK = "***"
# uvicorn warns of whatever strangers send, a line each.
_QUIET = {
    "asyncio": logging.WARNING,
    "uvicorn": logging.ERROR,
    "zeep": logging.WARNING,
    "urllib3": logging.WARNING,
}


@contextmanager
def to_stderr(verbose: bool, stream: TextIO | None = None) -> Iterator[None]:
    """Meanwhile all that is logged goes there, as `line` writes it."""
    handler = _Lines(stream or sys.stderr)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    quiet = [logging.getLogger(name) for name in _QUIET]
    levels = [logger.level for logger in quiet]
    for logger, level in zip(quiet, _QUIET.values(), strict=True):
        logger.setLevel(level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for logger, level in zip(quiet, levels, strict=True):
            logger.setLevel(level)


def line(record: logging.LogRecord) -> str:
    """``{"at", "level", "of", "said"}``, and ``trace`` of an exception; never a number whole."""
    told = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "of": record.name.removeprefix("desk_phone."),
        # Cut afterwards: half a secret is none that is known.
        "said": without_numbers(_said(record))[:_LONGEST],
    }
    if record.exc_info:  # what it was stands at the end
        trace = without_numbers(logging.Formatter().formatException(record.exc_info))
        told["trace"] = trace[-_LONGEST:]
    return json.dumps(told, ensure_ascii=False)


def without_numbers(text: str) -> str:
    return _NUMBER.sub(_MASK, redact(text))


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, LookupError):  # the words and their values do not match
        return str(record.msg)


class _Lines(logging.Handler):
    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # nobody reads it any more: the work goes on
            self._stream.write(line(record) + "\n")
            self._stream.flush()
