"""What belongs to the terminal alone: a file's whole path, and the patience of ``sync --wait``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import TypeVar, cast

from desk_phone.app.acts import Act
from desk_phone.options import Options
from desk_phone.said import Said, Status, as_json

_TIME_HELPS = (Status.OFFLINE, Status.UNKNOWN)
_PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds
_LONG_PAUSE = 15.0  # from then on
_LAST_TRY = 1.0  # seconds that the try at the very end is given
_SUMMED = ("sent", "received")

T = TypeVar("T")


def with_whole_path(options: Options, given: Sequence[str]) -> tuple[Options, tuple[str, ...]]:
    """The tray program that may do it stands in another directory."""
    if not options.file:
        return options, tuple(given)
    whole = str(Path(options.file).absolute())
    words = list(given)
    words[len(words) - 1 - words[::-1].index(options.file)] = whole
    return replace(options, file=whole), tuple(words)


def patiently(
    run: Callable[[float], Said],
    seconds: float,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Said:
    """Run until nothing waits any more, or time is over, or time does not help; all that was
    said. ``run`` is told how many seconds it has; 0: as many as it likes."""
    end = clock() + seconds
    pauses = chain(_PAUSES, repeat(_LONG_PAUSE))
    said = run(seconds)
    while said.status in _TIME_HELPS and (left := end - clock()) > 0:
        sleep(min(next(pauses), left))
        said = _after(said, run(max(end - clock(), _LAST_TRY)))
    return said


def within(
    seconds: float,
    act: Act[T],
    stop: Callable[[], object],
    clock: Callable[[], float] = time.monotonic,
) -> Act[T]:
    """``act``; once ``seconds`` are over it is told to `stop`, and ends when it likes."""
    end = clock() + seconds
    step = partial(next, act)
    while True:
        try:
            errand = step()
        except StopIteration as ended:
            return cast("T", ended.value)
        if clock() >= end:
            stop()
        try:
            answer = yield errand
        except BaseException as error:  # whatever it is belongs to the act, Ctrl+C too
            step = partial(act.throw, error)
        else:
            step = partial(act.send, answer)


def _after(before: Said, said: Said) -> Said:
    if not before.out or not said.out:
        return replace(said, out=before.out + said.out)
    if before.out.startswith("{") and said.out.startswith("{"):
        first, last = json.loads(before.out), json.loads(said.out)
        return replace(said, out=as_json({**last, **{n: first[n] + last[n] for n in _SUMMED}}))
    if before.out.endswith(said.out):
        return replace(said, out=before.out)
    return replace(said, out=before.out + said.out)
