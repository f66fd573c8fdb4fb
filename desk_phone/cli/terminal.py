"""Reading from and writing to whoever runs the command: a person, a script, a pipe that ended."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.said import Said, Status


def prepare(as_json: bool) -> None:
    """No letter that a terminal cannot show ends a command; JSON is UTF-8 wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if as_json and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def show(said: Said) -> int:
    """Print it; the exit status. That nobody reads the output changes nothing about the deed."""
    status = said.status
    try:
        _write(sys.stdout, said.out)
    except BrokenPipeError:  # somebody reads only the head of a long list
        _let_go(sys.stdout)
    except OSError as error:
        _let_go(sys.stdout)
        why = error.strerror or type(error).__name__
        _complain(tr("The output could not be written (%(why)s).") % {"why": why} + "\n")
        status = status or Status.BUG
    _complain(said.err)
    return status


def read_code() -> Secret:
    """One line of standard input."""
    code = _read_line()
    if not code:
        raise BadInput(tr("There is no code on standard input"), tr("Write it there as one line."))
    return Secret(code)


def ask_code() -> Secret:
    """On a terminal; it works once, so it may be seen."""
    if not _is_terminal(sys.stdin):
        raise BadInput(
            tr("There is no terminal to ask for the code on"),
            tr("Write it to standard input, with --code-stdin."),
        )
    _complain(tr("Code: "))
    return Secret(_read_line())


def read_password() -> Secret:
    """One line of standard input; the line's end does not belong to it."""
    password = _read_line()
    if not password:
        raise BadInput(
            tr("There is no password on standard input"), tr("Write it there as one line.")
        )
    return Secret(password)


def _read_line() -> str:
    try:
        line = sys.stdin.readline() if sys.stdin else ""
    except UnicodeDecodeError:
        raise BadInput(  # without the cause, which holds what was written
            tr("The password on standard input is not text"), tr("Write it there in UTF-8.")
        ) from None
    return line.rstrip("\r\n")


def ask_password() -> Secret:
    """On a terminal, unseen."""
    if not _is_terminal(sys.stdin):
        raise BadInput(
            tr("There is no terminal to ask for the password on"),
            tr("Write it to standard input, with --password-stdin."),
        )
    import getpass

    try:
        password = getpass.getpass(tr("Password: "))
    except EOFError:
        password = ""
    if not password:
        raise BadInput(tr("No password was entered"), tr("Nothing was changed."))
    return Secret(password)


def can_be_asked() -> bool:
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def says_yes(question: str) -> bool:
    """Everything but a plain yes is no."""
    _complain(f"{question.strip()} {tr('[y/N]')} ")
    return sys.stdin.readline().strip().lower() in ("y", "yes", tr("y"), tr("yes"))


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _write(stream: TextIO | None, text: str) -> None:
    """A program without a console has no streams; what it says is lost."""
    if stream is not None and text:
        stream.write(text)
        stream.flush()


def _complain(text: str) -> None:
    try:
        _write(sys.stderr, text)
    except OSError:
        _let_go(sys.stderr)


def _let_go(stream: TextIO | None) -> None:
    """Python writes what is left over once more at the end: let that go nowhere."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
