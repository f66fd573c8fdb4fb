"""The whole simulator in one object: a company, its life and its server, on threads of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from desk_phone.simulator.calls import Fate, PhoneCall
from desk_phone.simulator.company import Company
from desk_phone.simulator.control import Control
from desk_phone.simulator.faults import fault, read_fault
from desk_phone.simulator.living import Living
from desk_phone.simulator.server import CONTROL_PATH, LOOPBACK, Server
from desk_phone.simulator.service import Service
from desk_phone.simulator.world import Clock, Ring, World


def _now() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """``with Simulator(seed=1, quiet=True) as sim:`` serves at ``sim.base_url`` until the end.

    The port is bound at once (0: any free one), threads run between `start` and `stop`. ``records``
    replaces the month of history by so many records for each own number. ``first_call``: see
    `living.Living`. ``clock`` gives aware moments; waiting is done in real time. Raises OSError for
    a port that is taken, UnknownFault for a fault that is none.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        port: int = 0,
        speed: float = 1.0,
        quiet: bool = False,
        first_call: float | None = None,
        records: int | None = None,
        faults: Sequence[str] = (),
        company: Company | None = None,
        clock: Clock = _now,
    ) -> None:
        self.company = company or Company()
        self._world = World(self.company, seed, speed, clock)
        for text in faults:
            self._world.faults.switch_on(read_fault(text))
        if records is None:
            self._world.fill_month()
        else:
            self._world.set_records(records)
        self._living = Living(self._world, first_call, quiet)
        self._control = Control(self._world, self._living)
        service = Service(self._world, self._living.history_asked)
        self._server = Server(port, service.answer, self._control.answer)

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def base_url(self) -> str:
        """What ``--service`` wants."""
        return f"http://{LOOPBACK}:{self.port}/external/"

    @property
    def control_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}{CONTROL_PATH}"

    def start(self) -> None:
        self._world.notices.start()
        self._living.start()
        self._server.start()

    def stop(self) -> None:
        """No thread of the simulator is alive afterwards. Raises what a request handler raised."""
        self._living.stop()
        self._server.stop()
        self._world.notices.stop()
        if self._server.bugs:
            raise self._server.bugs[0]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # what the control address does, for tests in the same process

    def fault(
        self, name: str, value: object = "", *, operation: str = "", times: int | None = None
    ) -> None:
        """Switch a fault on; raises UnknownFault."""
        with self._world.lock:
            self._world.faults.switch_on(fault(name, str(value), operation, times))

    def clear(self, name: str = "") -> None:
        """Switch all faults off, or those of one name."""
        with self._world.lock:
            self._world.faults.clear(name)

    def ring(
        self,
        own: str,
        other: str,
        *,
        name: str = "",
        fate: str = Fate.MISSED,
        after: float = 0.0,
        visible_while_ringing: bool = False,
        ring_seconds: float = 0.0,
        talk_seconds: float = 60.0,
    ) -> PhoneCall:
        """Somebody calls; see `control` for the words."""
        return self._world.ring(
            Ring(
                own,
                other,
                name,
                Fate(fate),
                after,
                visible_while_ringing,
                ring_seconds,
                talk_seconds,
            )
        )

    def set_records(self, count: int) -> None:
        self._world.set_records(count)

    def set_dials(self, fate: str | None) -> None:
        """What becomes of clickToCalls: ``answered``, ``missed`` or None for chance."""
        with self._world.lock:
            self._world.dial_fate = None if fate is None else Fate(fate)

    def be_quiet(self, quiet: bool = True) -> None:
        self._living.be_quiet(quiet)

    def requests(self, operation: str) -> int:
        """How many requests for this operation came."""
        with self._world.lock:
            return self._world.requests[operation]

    def wait_for_notices(self, count: int, seconds: float) -> bool:
        """Until so many notices were tried since the start; False when the time is up."""
        return self._world.notices.wait_for(count, seconds)

    def state(self) -> dict[str, object]:
        """What ``GET /_control`` tells."""
        return self._control.state()
