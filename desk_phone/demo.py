"""``desk-phone demo``: the whole program against a company that never existed.

Nothing real is touched: its data lies in a temporary directory, its password in memory, and its
service on this computer. Only the poll interval is shortened.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from desk_phone import logs
from desk_phone import settings as files
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths, paths
from desk_phone.settings import NO_PRESET, Settings
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD
from desk_phone.start import has_display
from desk_phone.system import plain_import
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring

if TYPE_CHECKING:
    from desk_phone.program import Program

POLL_SECONDS = 5
FIRST_CALL = 5.0  # seconds after the first look at the history
WITHOUT_DISPLAY = 40.0  # seconds
OWN = "+3726401234"


def run(options: Options) -> int:
    """The exit status; 0 after the end, by hand or by time."""
    logs.set_up(None, options.verbose)
    seconds = options.seconds
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        seconds = seconds or WITHOUT_DISPLAY
        _say(tr("There is no display here, so this runs unseen and tells what would show."))
    plain_import.keep()
    from desk_phone import desktop

    with (
        TemporaryDirectory(prefix="desk-phone-demo-", ignore_cleanup_errors=True) as folder,
        Simulator(seed=options.seed, first_call=FIRST_CALL) as simulator,
    ):
        place = _set_up(Path(folder), simulator)
        keyring = MemoryKeyring()
        keyring.keep(simulator.company.user, Secret(PASSWORD))
        _say(tr("A made-up company answers at %(url)s") % {"url": simulator.base_url})
        with InstanceLock(place.lock) as lock:
            lock.take()
            return desktop.run(
                replace(options, command=""),
                place,
                lock,
                Secret(""),
                keyring,
                watch=lambda program: _watch(program, simulator, seconds, options.pictures),
                fixed=NO_PRESET,  # a locked address of the real service is not for this
            )


def _set_up(folder: Path, simulator: Simulator) -> Paths:
    place = paths(str(folder))
    place.make()
    files.save(
        place.settings,
        Settings(
            service_url=simulator.base_url,
            user=simulator.company.user,
            own_number=OWN,
            own_name="Mari Maasikas",
            poll_seconds=POLL_SECONDS,
            notices_on=True,
            notices_port=0,  # any free one
            notices_callers="127.0.0.1",
        ),
    )
    return place


def _watch(program: Program, simulator: Simulator, seconds: float | None, pictures: str) -> None:
    """Tell in the terminal what shows, and end in time."""
    from desk_phone.narrator import Narrator

    program.begun.connect(lambda: _activate_notices(program))
    narrator = Narrator(program, _say)
    if pictures:
        from desk_phone.picturing import Picturing

        Picturing(program, Path(pictures), lambda: _let_ring(simulator), _say)
    elif seconds is not None:
        narrator.end_after(seconds)


def _activate_notices(program: Program) -> None:
    """The made-up company tells of each call as it rings, by real requests to our own port."""
    notices, (host, _, port) = program.controllers.notices, _place(program)
    if port:
        program.preferences.change(notices_url=f"http://{host}:{port}/desk-phone")
        notices.activate()


def _place(program: Program) -> tuple[str, str, str]:
    return program.controllers.notices.state.listening.rpartition(":")


def _let_ring(simulator: Simulator) -> None:
    """Somebody calls twice, and nobody answers."""
    for after in (1.5, 3.0):
        simulator.ring(
            OWN.removeprefix("+"), "51234567", name="Kristiina Õunapuu", after=after, ring_seconds=1
        )


def _say(words: str) -> None:
    sys.stdout.write(f"{datetime.now().astimezone():%H:%M:%S}  {words}\n")
    sys.stdout.flush()
