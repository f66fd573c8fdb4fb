"""What the outbox holds goes to the broker, in order, until the broker has it: docs/relay.md.

    async with Publishing(keeper, place, password, lambda: numbers) as publishing:
        publishing.tell(relayed)  # right after its commit: it leaves at once

A notice is sent until the broker's acknowledgement is written down; when anything dies in between
it is sent once more, and desks know it already. Beside the notices there is a heartbeat for each
number, and whether the relay is there at all.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desk_phone.errors import Offline, PhoneError
from desk_phone.model.relayed import DOWN, RELAY_TOPIC, UP, Position, Relayed, notices_topic, write
from desk_phone.model.secret import Secret
from desk_phone.relay import working
from desk_phone.relay.broker.heartbeats import Heartbeats
from desk_phone.relay.broker.rhythm import RHYTHM, Published, Rhythm, complained
from desk_phone.relay.broker.under_way import ROOM, Key, UnderWay, key_of
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper

if TYPE_CHECKING:
    from desk_phone.relay.broker.link import Answer, Link

NAME = "desk-phone-relay"  # of the connection: an older one of this name is ended by the broker
_LAST_WORDS = 1.0  # seconds for what is on its way to be acknowledged before a clean end

log = logging.getLogger(__name__)


class Publishing:
    """Runs while it is entered, and connects again by itself. ``numbers`` are those with a
    heartbeat; ``taken`` is called with each notice that the broker has."""

    def __init__(
        self,
        keeper: Keeper,
        place: BrokerPlace,
        password: Secret,
        numbers: Callable[[], Iterable[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        taken: Callable[[Relayed], object] = lambda _: None,
        rhythm: Rhythm = RHYTHM,
    ) -> None:
        self.counted = Published()
        self._keeper, self._place, self._password = keeper, place, password
        self._numbers, self._now, self._taken, self._rhythm = numbers, now, taken, rhythm
        self._link: Link | None = None
        self._way, self._beats = UnderWay(), Heartbeats(rhythm.turns)
        self._told_before: set[Key] = set()  # sent, and not acknowledged
        self._again: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._another = asyncio.Event()  # a password that was not tried yet
        self._quiet = asyncio.Event()  # nothing is on its way any more
        self._ending = False
        self.complaint = ""  # what a person has to mend at the broker

    async def __aenter__(self) -> Self:
        """Raises BadInput or sqlite3.Error where the outbox cannot be read."""
        self.counted.waiting = await self._keeper.do(outbox.left)
        self._start(self._follow())
        self._start(self._keep_time())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self._say_goodbye()
        if self._again is not None:
            self._again.cancel()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._write_down()

    @property
    def connected(self) -> bool:
        return self._link is not None

    def tell(self, relayed: Relayed) -> None:
        """It is in the outbox for sure. Called on the event loop; it is on its way at once, unless
        others go first."""
        self.counted.waiting += 1
        self._way.tell(relayed)
        self._send()

    def read_anew(self, password: Secret) -> None:
        """The next connection's; another one is tried at once. One that holds stays."""
        if password != self._password:
            self._password = password
            self._another.set()

    # one connection after the other

    async def _follow(self) -> None:
        from desk_phone.relay.broker.link import Link, Login  # paho: long to import

        pause = 0.0
        while not self._ending:
            self._another.clear()
            login = Login(self._place, self._password, NAME, (RELAY_TOPIC, DOWN))
            link, began = Link(login, self._answered), time.monotonic()
            try:
                await self._attend(link)
            except Offline as error:
                log.info("no connection with the broker: %s", error.title)
            finally:
                link.cut()
            held = time.monotonic() - began >= self._rhythm.good_after
            pause = self._rhythm.pause(link.why, 0.0 if held else pause)
            if not self._ending:
                log.info("the broker is not there (%s): again in %.0f s", link.why, pause)
                self.complaint = complained(link.why, self.complaint)
            await working.pause(self._another, pause)
            if self._another.is_set():
                pause = 0.0

    async def _attend(self, link: Link) -> None:
        """Until it is gone; raises Offline."""
        await link.open()
        log.info("connected with the broker")
        self.complaint = ""
        link.send(RELAY_TOPIC, UP, 0, retain=True)
        self._way.room = min(ROOM, link.at_most)
        if not await self._begin():
            return
        try:
            self._link = link
            self._go_on()
            await link.gone.wait()
        finally:
            self._link = None
            self._told_before.update(self._way.lost())
            self._quiet.set()

    async def _begin(self) -> bool:
        """Ask the outbox where each number stands; False: it does not answer."""
        marks = self._way.to_mark()

        def stand(db: sqlite3.Connection) -> tuple[dict[str, Position], int]:
            outbox.mark_published(db, marks)
            return outbox.reached(db), outbox.left(db)

        try:
            reached, self.counted.waiting = await self._keeper.do(stand)
        except (PhoneError, sqlite3.Error) as error:
            self._not_done(marks, error)
            return False
        self._way.marked(marks)
        self._beats.begin(reached)
        return True

    async def _say_goodbye(self) -> None:
        """What is on its way arrives; then the broker tells that the relay is down."""
        self._ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                while self._way.flying and self.connected:
                    self._quiet.clear()
                    await self._quiet.wait()
        if self._link is not None:
            await self._link.leave(with_will=True)

    # notices

    def _go_on(self) -> None:
        self._send()
        if not self._way.behind:
            self.counted.waiting = self._way.left
        elif self._way.wants_more and self._link is not None and not self._ending:
            self._start(self._read(self._way.read()))

    def _send(self) -> None:
        link = self._link
        while link is not None and not self._ending:
            relayed = self._way.take()
            if relayed is None:
                return
            mid = link.send(notices_topic(relayed.notice.own), write(relayed))
            self._way.sent(mid, relayed, time.monotonic())
            self.counted.sent += 1
            self.counted.again += key_of(relayed) in self._told_before

    async def _read(self, limit: int) -> None:
        """What was acknowledged is written down first, so that it is not read again."""
        marks = self._way.to_mark()

        def oldest(db: sqlite3.Connection) -> Sequence[Relayed]:
            outbox.mark_published(db, marks)
            return outbox.waiting(db, limit)

        try:
            page = await self._keeper.do(oldest)
        except (PhoneError, sqlite3.Error) as error:
            self._not_done(marks, error)
            await asyncio.sleep(self._rhythm.first)
            self._way.unread()
        else:
            self._way.marked(marks)
            self._way.page(page)
        self._go_on()

    def _answered(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            relayed = self._way.answered(answer.mid, answer.accepted)
            if relayed is None:  # a heartbeat that has left
                continue
            if answer.accepted:
                self._acknowledged(relayed)
            else:
                self._refused(relayed, answer.code)
        if not self._way.flying:
            self._quiet.set()
        self._go_on()

    def _acknowledged(self, relayed: Relayed) -> None:
        self._told_before.discard(key_of(relayed))
        self._beats.acknowledged(relayed.notice.own, relayed.position)
        self.counted.acknowledged += 1
        self.counted.waiting -= 1
        self._taken(relayed)

    def _refused(self, relayed: Relayed, code: str) -> None:
        """It keeps its room until it is tried again: where all are refused nothing more is sent."""
        self._told_before.add(key_of(relayed))
        self.counted.refused += 1
        if self._again is None:
            log.error("the broker refuses a notice: %s", code)
            loop = asyncio.get_running_loop()
            self._again = loop.call_later(self._rhythm.again, self._try_again)

    def _try_again(self) -> None:
        self._again = None
        self._way.again()
        self._go_on()

    # the clock

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(self._rhythm.turn)
            self._beat()
            await self._write_down()

    def _beat(self) -> None:
        if self._link is None or self._ending:
            return
        if self._way.oldest(time.monotonic()) > self._rhythm.stalled:
            log.error("the broker acknowledges nothing any more")
            self._link.cut()
            return
        for topic, message in self._beats.next_turn(self._numbers(), self._now()):
            self._link.send(topic, message, 0, retain=True)

    async def _write_down(self) -> None:
        """What the broker has, many in one transaction; where that fails it is tried again, and
        after a restart sent again at worst."""
        marks = self._way.to_mark()
        if not marks:
            return
        try:
            await self._keeper.do(lambda db: outbox.mark_published(db, marks))
        except (PhoneError, sqlite3.Error) as error:
            self._not_done(marks, error)
        else:
            self._way.marked(marks)

    def _not_done(self, marks: Sequence[Key], error: Exception) -> None:
        self._way.put_back(marks)
        log.error("the outbox does not answer: %s", type(error).__name__)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A bug ends all of it, for everybody to see: nobody is to believe in half of it."""
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.critical("publishing has ended: %s", type(bug).__name__, exc_info=bug)
            self._ending = True
            if self._link is not None:
                self._link.cut()
            working.tell(task.get_loop(), "publishing")
