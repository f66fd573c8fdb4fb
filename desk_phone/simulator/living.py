"""The thread that lets the company live."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from desk_phone.simulator.life import USUAL_FIRST_CALL, Event, events
from desk_phone.simulator.world import World


class Living:
    """Lets `life.events` take place one after the other until it is stopped.

    ``first_call`` None: the first call comes 12 s (at speed 1) after the start, for the first own
    number. Else it comes so many real seconds after the first getCallHistory, for the number that
    was asked about, and that number is the busiest from then on.
    """

    def __init__(self, world: World, first_call: float | None, quiet: bool) -> None:
        self._world = world
        self._first_call = first_call
        self._quiet = quiet
        self._asked_about = ""
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="simulator life")

    @property
    def quiet(self) -> bool:
        return self._quiet

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def be_quiet(self, quiet: bool) -> None:
        """Nothing begins by itself any more once this has come back with True."""
        with self._world.lock, self._changed:
            self._quiet = quiet
            self._changed.notify_all()

    def history_asked(self, own: str) -> None:
        """Somebody asked for the calls of ``own``; only the first time counts."""
        with self._changed:
            self._asked_about = self._asked_about or own
            self._changed.notify_all()

    def _run(self) -> None:
        if not self._awaken():
            return
        for event in self._events():
            if not (self._sleep(event.wait / self._world.speed) and self._lived(event)):
                return

    def _lived(self, event: Event) -> bool:
        """The event takes place, now or when quiet is over; False when it is time to stop."""
        while self._awaken():
            with self._world.lock:
                if not self._quiet:  # it may have been asked for meanwhile
                    self._world.live(event)
                    return True
        return False

    def _events(self) -> Iterator[Event]:
        own, first_wait = self._world.company.own, USUAL_FIRST_CALL / self._world.speed
        if self._first_call is not None:
            own = (self._asked_about, *(number for number in own if number != self._asked_about))
            first_wait = self._first_call
        if self._sleep(first_wait):
            yield from events(self._world.seed, own, self._world.crowd)

    def _sleep(self, seconds: float) -> bool:
        """False when it is time to stop."""
        with self._changed:
            return not self._changed.wait_for(lambda: self._stopping, seconds)

    def _awaken(self) -> bool:
        """Wait until there is life to live; False when it is time to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._may_live())
            return not self._stopping

    def _may_live(self) -> bool:
        waits_for_question = self._first_call is not None and not self._asked_about
        return not self._quiet and not waits_for_question
