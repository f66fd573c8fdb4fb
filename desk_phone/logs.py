"""What the program writes down about itself: no credential, no secret address, no whole number.

Only who holds the lock of a data directory writes into its ``logs``: the files are turned over.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

LOG = "desk-phone.log"
CRASHES = "crash.log"

_BYTES = 1_000_000  # a file
_FILES, _CRASH_FILES = 5, 2
_LETTERS_AT_MOST = 20_000  # of one record
_LIBRARIES = ("zeep", "urllib3", "requests", "keyring", "asyncio")
_MASK = "***"
_OTHER_MASKS = "#~_=+-.•·…"

_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), replacement)
    for pattern, replacement in (
        # WS-Security, also escaped as text, without an end, or without its beginning
        (
            (
                r"(?:<|&lt;)((?:[\w.-]+:)?(?:Security|UsernameToken|Password|Nonce))\b"
                r".*?(?:(?:<|&lt;)/\1\s*(?:>|&gt;)|\Z)"
            ),
            rf"<\1>{_MASK}</\1>",
        ),
        (
            r"(?:\A|(?<=>))[^<>]*(</(?:[\w.-]+:)?(?:Security|UsernameToken|Password|Nonce)\s*>)",
            rf"{_MASK}\1",
        ),
        # HTTP headers, as lines or as pairs, up to the line's end
        (
            r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-wsse)(\W{0,3}[:=,])[^\r\n]*",
            rf"\1\2 {_MASK}",
        ),
        (r"\b(Basic|Bearer|Digest)\s+[\w+/=.~-]{8,}", rf"\1 {_MASK}"),
        # password: ..., "api_key": "...", --token=..., up to the line's end
        (
            (
                r"(passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|parool|salasõna|пароль)"
                r"([\w-]{0,40}\W{0,2}\s{0,9}[:=])[^\r\n]*"
            ),
            rf"\1\2 {_MASK}",
        ),
        # http://user:password@host, queries, and whatever in a path is long enough for a secret
        (r"(://)[^\s\"'<>]{0,300}@", rf"\1{_MASK}@"),
        (r"(://[^\s?#\"'<>]{0,300})[?#][^\s\"'<>]*", rf"\1?{_MASK}"),
        (r"\b(GET|HEAD|POST|PUT|DELETE|OPTIONS) (/[^\s?#]*)[?#]\S*", rf"\1 \2?{_MASK}"),
        (r"/[\w-]{32,}", rf"/{_MASK}"),
    )
)
_NUMBER = re.compile(r"\d(?:[ \u00a0()./-]{0,2}\d){6,}")
_NO_NUMBER = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?: [0-2]\d)?|\d{1,3}(?:\.\d{1,3}){3}")
_NOT_DIGIT = re.compile(r"\D")


class _Hidden:
    """Texts that must not be seen, replaced by a mask that has no letter in common with them."""

    def __init__(self, texts: frozenset[str] = frozenset()) -> None:
        self.texts = texts
        longest_first = sorted(texts, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        letters = set().union(*texts)
        masks = (mark * 3 for mark in _MASK[0] + _OTHER_MASKS if mark not in letters)
        self._mask = next(masks, " ")

    def cover(self, text: str) -> str:
        return self._pattern.sub(lambda _: self._mask, text)


# One for the process, like the log itself.
_hidden = _Hidden()
_undo: list[Callable[[], object]] = []
_one_at_a_time = threading.Lock()
_crashes = logging.getLogger("desk_phone.crash")


def hide(secret_text: str) -> None:
    """From now on `redact` lets this text through nowhere, nor the ways it is usually escaped."""
    global _hidden
    if secret_text:
        with _one_at_a_time:
            _hidden = _Hidden(_hidden.texts | _spellings(secret_text))


def redact(text: str) -> str:
    """The text without credentials and secret addresses, its phone numbers as ``3726****01``."""
    text = _hidden.cover(text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    # Once more: what is hidden may only now stand there, made of a mask and what was beside it.
    return _hidden.cover(_NUMBER.sub(_without_its_middle, text))


def set_up(folder: Path | None, verbose: bool) -> None:
    """Log into ``folder`` (None: nowhere), and to stderr what is unexpected, or all if ``verbose``.

    Nobody hears of a full disk or a folder that is gone: the log is then lost, the work goes on.
    Exceptions that nobody handles go into a file of their own too. `shut_down` undoes all of it.
    """
    shut_down()
    root = logging.getLogger()
    _set_level(root, logging.DEBUG if verbose else logging.INFO)
    for name in _LIBRARIES:
        _set_level(logging.getLogger(name), logging.WARNING)
    _add(root, _Stderr(logging.DEBUG if verbose else logging.CRITICAL))
    if folder is not None:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _add(root, _File(folder / LOG, _FILES))
        _add(_crashes, _File(folder / CRASHES, _CRASH_FILES))
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    _undo.append(lambda: _set_hooks(*before))
    _set_hooks(_crashed, _thread_crashed, _unraisable)


def shut_down() -> None:
    """Close the files, and leave logging as it was before `set_up`."""
    while _undo:
        _undo.pop()()


def _spellings(text: str) -> frozenset[str]:
    from json import dumps
    from urllib.parse import quote, quote_plus

    xml = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    in_url = (quote(text, "", errors="surrogatepass"), quote_plus(text, errors="surrogatepass"))
    return frozenset(
        (text, xml, xml.replace('"', "&quot;"), *in_url, dumps(text)[1:-1], repr(text)[1:-1])
    )


def _without_its_middle(found: re.Match[str]) -> str:
    if _NO_NUMBER.fullmatch(found[0]):
        return found[0]
    digits = _NOT_DIGIT.sub("", found[0])
    shown = 2 if len(digits) >= 10 else 1
    return f"{digits[: 2 * shown]}****{digits[-shown:]}"


class _Redacted(logging.Formatter):
    """One line a record; what else it has, a traceback for one, follows indented."""

    def format(self, record: logging.LogRecord) -> str:
        said = _said(record)
        if record.exc_info:
            said += "\n" + self.formatException(record.exc_info)
        if record.stack_info:
            said += "\n" + record.stack_info
        said = redact(said)[:_LETTERS_AT_MOST].replace("\r", "").replace("\n", "\n    ")
        return f"{self.formatTime(record)} {record.levelname} {record.name}: {said}"


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, LookupError):  # the words and their values do not match
        return str(record.msg)


class _Stderr(logging.Handler):
    """Whatever stderr is by now; a program without a console has none."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                sys.stderr.write(self.format(record) + "\n")
                sys.stderr.flush()


class _File(RotatingFileHandler):
    """Made with the first record, readable for this person alone."""

    def __init__(self, file: Path, files: int) -> None:
        super().__init__(
            file,
            maxBytes=_BYTES,
            backupCount=files - 1,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )

    def _open(self) -> TextIOWrapper:
        return open(
            self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=_private
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.shouldRollover(record):
                self.doRollover()
            stream = self._opened()
            stream.write(self.format(record) + "\n")
            stream.flush()
        except (OSError, ValueError):
            self._begin_anew()

    def close(self) -> None:
        with suppress(OSError, ValueError):
            super().close()

    def _opened(self) -> TextIOWrapper:
        if self.stream is None:
            self.stream = self._open()
        return self.stream

    def _begin_anew(self) -> None:
        """With the next record: by then there may be room again."""
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()


def _private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _set_level(logger: logging.Logger, level: int) -> None:
    before = logger.level
    logger.setLevel(level)
    _undo.append(lambda: logger.setLevel(before))


def _add(logger: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(_Redacted())
    logger.addHandler(handler)
    _undo.extend((handler.close, lambda: logger.removeHandler(handler)))


def _set_hooks(
    main: Callable[..., object], thread: Callable[..., object], unraisable: Callable[..., object]
) -> None:
    sys.excepthook, threading.excepthook, sys.unraisablehook = main, thread, unraisable


def _crashed(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
    else:
        _crashes.critical("Unexpected error", exc_info=(kind, error, where))


def _thread_crashed(args: threading.ExceptHookArgs) -> None:
    if not issubclass(args.exc_type, SystemExit):
        name = args.thread.name if args.thread else "?"
        where = _info(args.exc_type, args.exc_value, args.exc_traceback)
        _crashes.critical("Unexpected error in thread %s", name, exc_info=where)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    where = _info(args.exc_type, args.exc_value, args.exc_traceback)
    whose = type(args.object).__qualname__  # not itself: its text may be anything
    _crashes.critical("%s (%s)", args.err_msg or "Exception ignored", whose, exc_info=where)


def _info(
    kind: type[BaseException], error: BaseException | None, where: TracebackType | None
) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    return kind, kind() if error is None else error, where
