"""``desk-phone simulate``: the simulator until somebody ends it."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TextIO

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.simulator.company import PASSWORD
from desk_phone.simulator.faults import UnknownFault
from desk_phone.simulator.simulator import Simulator
from desk_phone.simulator.tricks import TRICKS

SLOWEST, FASTEST = 0.001, 10_000.0
LATEST_FIRST_CALL = 86_400.0  # seconds
_LOOK = 0.5  # seconds; on Windows a wait without an end hears no Ctrl+C


def run(
    port: int,
    seed: int,
    speed: float,
    faults: Sequence[str],
    first_call: float | None,
    out: TextIO,
) -> int:
    """Serve until SIGINT or SIGTERM, then give 0. For the main thread.

    The first line, flushed, is ``Listening on http://127.0.0.1:PORT/external/``. ``first_call``:
    the first new call comes so many seconds after the first getCallHistory, for the number that
    was asked about; None: about 12 s after the start. Raises BadInput.
    """
    simulator = _made(port, seed, speed, faults, first_call)
    with _until_told_to_end() as told, simulator:
        company = simulator.company
        lines = (
            tr("Listening on %(url)s") % {"url": simulator.base_url},
            tr("User name %(user)s, password %(password)s")
            % {"user": company.user, "password": PASSWORD},
            tr("Numbers: %(numbers)s") % {"numbers": ", ".join(company.own)},
            tr("Faults and calls on demand: %(url)s") % {"url": simulator.control_url},
        )
        print(*lines, sep="\n", file=out, flush=True)
        _wait(told)
    return 0


def fault_help() -> str:
    """The names of all faults with what each does, for ``--help``."""
    lines = [tr("--fault NAME[=VALUE][@OPERATION][*TIMES], one or more:")]
    for name, trick in TRICKS.items():
        written = f"{name}={trick.usual}" if trick.usual else name
        lines.append(f"  {written:<30} {trick.does}")
    return "\n".join(lines)


def _made(
    port: int, seed: int, speed: float, faults: Sequence[str], first_call: float | None
) -> Simulator:
    if not SLOWEST <= speed <= FASTEST:
        raise BadInput(
            tr("That speed is no speed."), tr("Give a number from 0.001 to 10000, such as 10.")
        )
    if first_call is not None and not 0 <= first_call <= LATEST_FIRST_CALL:
        raise BadInput(
            tr("That is no time for a first call."), tr("Give seconds, 86400 at the most.")
        )
    try:
        return Simulator(seed=seed, port=port, speed=speed, faults=faults, first_call=first_call)
    except UnknownFault as error:
        raise BadInput(tr("There is no such fault."), str(error)) from None
    except (OSError, OverflowError) as error:
        raise BadInput(
            tr("Port %(port)d cannot be used.") % {"port": port},
            tr("Choose another one with --port: %(why)s") % {"why": str(error)},
        ) from None


@contextmanager
def _until_told_to_end() -> Iterator[SimpleQueue[int]]:
    told: SimpleQueue[int] = SimpleQueue()  # a signal that comes amid its `get` may `put`
    before = {
        number: signal.signal(number, lambda heard, _frame: told.put(heard))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(told: SimpleQueue[int]) -> None:
    while True:
        with suppress(Empty):
            told.get(timeout=_LOOK)
            return
