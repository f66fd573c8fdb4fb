"""What travels in a hand-over, and how it is written: one request, one answer.

A frame is four bytes of length, big-endian, and a JSON object with the version. No password ever
travels this way: who changes it puts it into the keyring, and the running program reads it there.
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass
from typing import Any

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

VERSION = 1
HEAD = struct.Struct("!I")
GREETING_AT_MOST = 256
REQUEST_AT_MOST = 64 * 1024
ANSWER_AT_MOST = 16 * 1024 * 1024  # thousands of calls as JSON


@dataclass(frozen=True, slots=True)
class Request:
    """A command line without the program's name, and the desktop's leave to raise a window."""

    argv: tuple[str, ...]
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command ended with and printed."""

    status: int
    out: str = ""
    err: str = ""


class Garbled(ValueError):
    """Not a frame of ours, or one of another version."""


def activation_token() -> str:
    """The desktop's leave (XDG activation or startup notification) given to this process."""
    return os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""


def greeting() -> bytes:
    return _frame({"v": VERSION})


def request_frame(request: Request) -> bytes:
    """Raises BadInput for one that is too long to be handed over."""
    frame = _frame({"v": VERSION, "argv": request.argv, "token": request.activation_token})
    if len(frame) > HEAD.size + REQUEST_AT_MOST:
        raise BadInput(
            tr("The command is too long"), tr("It can be handed over up to 64 KiB of text.")
        )
    return frame


def answer_frame(answer: Answer) -> bytes:
    """A result that is too long becomes a failure that says so."""
    words = {"v": VERSION, "status": answer.status, "out": answer.out, "err": answer.err}
    frame = _frame(words)
    if len(frame) > HEAD.size + ANSWER_AT_MOST:
        return _frame({**words, "status": 1, "out": "", "err": tr("The result is too long.")})
    return frame


def check_greeting(body: bytes) -> None:
    """Raises Garbled."""
    _object(body)


def read_request(body: bytes) -> Request:
    """Raises Garbled."""
    match _object(body):
        case {"argv": list(argv), "token": str(token)} if all(isinstance(a, str) for a in argv):
            return Request(tuple(argv), token)
    raise Garbled("no request")


def read_answer(body: bytes) -> Answer:
    """Raises Garbled."""
    match _object(body):
        case {"status": int(status), "out": str(out), "err": str(err)}:
            return Answer(status, out, err)
    raise Garbled("no answer")


def _frame(words: dict[str, object]) -> bytes:
    body = json.dumps(words, separators=(",", ":")).encode("ascii")
    return HEAD.pack(len(body)) + body


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:  # a row of brackets is JSON and too deep
        raise Garbled(str(error)) from error
    if not isinstance(given, dict) or given.get("v") != VERSION:
        raise Garbled("another version")
    return given
