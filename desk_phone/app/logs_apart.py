"""The logs as they may leave this computer: with the names covered that the data has. No Qt.

They hold no password and no whole number to begin with (`desk_phone.logs`). Where nobody can say
which names there are, what was said is left out: when, how grave and where it happened stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from desk_phone.logs import CRASHES, LOG, redact
from desk_phone.model.hiding import MASK, Hiding
from desk_phone.store.examining import Unreadable, personal_texts

BYTES_AT_MOST = 1_000_000  # the last ones of a file
FILES = (f"{LOG}.1", LOG, f"{CRASHES}.1", CRASHES)

_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ [A-Z]+ [\w.]+:).*")
_FRAME = re.compile(
    r'\s+File "[^"]*?((?:desk_phone|site-packages|lib)[\\/][^"]*)", (line \d+, in \S+)'
)
_ERROR = re.compile(r"(\s+[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning))\b.*")
_PATH = re.compile(r"(://[^\s/?#\"'<>]+)[/?#][^\s\"'<>]*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def covered_logs(folder: Path, database: Path, words: Iterable[str]) -> dict[str, str]:
    """Each log file's last megabyte, covered; ``words`` are hidden beside what the data has."""
    texts = {name: redacted(text) for name in FILES if (text := _tail(folder / name))}
    hidings = {name: Hiding(_without_values(text)) for name, text in texts.items()}
    for hiding in hidings.values():
        hiding.hide(with_hosts(words))
    try:
        for name in with_hosts(personal_texts(database)):
            for hiding in hidings.values():
                hiding.hide((name,))
    except Unreadable:
        return {name: _bare(text) for name, text in texts.items()}
    return {name: hiding.text for name, hiding in hidings.items()}


def redacted(text: str) -> str:
    """As `logs.redact`, and addresses only as far as the host: a path may be short and secret."""
    return _PATH.sub(rf"\1/{MASK}", redact(text))


def with_hosts(texts: Iterable[str]) -> Iterable[str]:
    """The same, and of addresses who they lead to."""
    for text in texts:
        yield text
        if "://" in text:
            try:
                host = urlsplit(text.strip()).hostname
            except ValueError:
                host = ""
            if host:
                yield host


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - BYTES_AT_MOST))
            found = stream.read(BYTES_AT_MOST)
    except OSError:
        return ""
    if size > BYTES_AT_MOST:  # the first line may be half a line
        found = found.partition(b"\n")[2]
    return found.decode("utf-8", "replace")


def _without_values(text: str) -> str:
    """What an error says in quotes is a value: nobody knows whose."""
    lines = text.splitlines()
    return (
        "\n".join(_QUOTED.sub(MASK, line) if _ERROR.fullmatch(line) else line for line in lines)
        + "\n"
    )


def _bare(text: str) -> str:
    kept = []
    for line in text.splitlines():
        if head := _HEAD.fullmatch(line):
            kept.append(f"{head[1]} {MASK}")
        elif frame := _FRAME.match(line):
            kept.append(f"    {frame[1]}, {frame[2]}")
        elif error := _ERROR.fullmatch(line):
            kept.append(error[1])
    return "\n".join(kept) + "\n"
