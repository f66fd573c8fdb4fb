"""The company in time: calls begin now, durations shrink with the speed, notices go out.

Everything that reads or changes it holds ``lock``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_phone.simulator import life, past
from desk_phone.simulator.calls import Fate, PhoneCall, Way, as_recorded, with_country
from desk_phone.simulator.company import CALLS_KEPT, Company, Refusal
from desk_phone.simulator.faults import Switchboard
from desk_phone.simulator.life import Deed, Rings, Writes
from desk_phone.simulator.notices_out import Notice, NoticesOut
from desk_phone.simulator.people import Crowd, crowd

Clock = Callable[[], datetime]
WRITTEN_AT_MOST = 200  # entries that other writers have in the phonebook at a time


@dataclass(frozen=True, slots=True)
class Ring:
    """A call wished for from outside. Seconds are real ones, whatever the speed.

    ``after`` may be negative: the call began in the past, and tells no notice.
    """

    own: str
    other: str
    name: str = ""
    fate: Fate = Fate.MISSED
    after: float = 0.0
    visible_while_ringing: bool = False
    ring_seconds: float = 0.0
    talk_seconds: float = 60.0


class World:
    def __init__(self, company: Company, seed: int, speed: float, clock: Clock) -> None:
        self.company = company
        self.seed = seed
        self.speed = speed
        self.clock = clock
        self.crowd: Crowd = crowd(seed)
        self.faults = Switchboard()
        self.lock = threading.RLock()
        self.requests: Counter[str] = Counter()
        self.dial_fate: Fate | None = None
        self.notices = NoticesOut(self._address, self._anywhere)
        self._written_by_others: set[str] = set()

    # the past

    def fill_month(self) -> None:
        company = self.company
        company.note(*past.month(self.seed, company.own, self.crowd, self.clock()))

    def set_records(self, count: int) -> None:
        """From now on every own number's history has ``count`` records, and no other."""
        calls = past.records(self.seed, self.company.own, self.crowd, self.clock(), count)
        with self.lock:
            self.company.forget_calls(max(count, CALLS_KEPT))
            self.company.note(*calls)

    # calls

    def ring(self, wish: Ring) -> PhoneCall:
        """Raises Refusal (ERR003) for a number that is not the company's."""
        talks = timedelta(seconds=wish.talk_seconds) if wish.fate is Fate.ANSWERED else None
        with self.lock:
            now = self.clock()
            call = PhoneCall(
                id=0,
                own=self.company.owner(wish.own),
                other=wish.other,
                name=wish.name,
                way=Way.INCOMING,
                start=now + timedelta(seconds=wish.after),
                rings=timedelta(seconds=wish.ring_seconds),
                talks=talks,
                shows_early=wish.visible_while_ringing,
            )
            return self._begin(call, now)

    def dial(self, own: str, other: str) -> None:
        """A clickToCall: the own phone is lifted after a while, then the other one rings.

        Raises Refusal (ERR1001).
        """
        now = self.clock()
        self.company.dial(own, other, now)
        reaction = life.reaction(self.seed, self.company.dials)
        talks = reaction.talks
        if self.dial_fate is not None:
            talks = (talks or 30.0) if self.dial_fate is Fate.ANSWERED else None
        call = PhoneCall(
            id=0,
            own=own,
            other=as_recorded(other),
            name="",
            way=Way.OUTGOING,
            start=now + self._lasting(reaction.lifted_after),
            rings=self._lasting(reaction.rings),
            talks=None if talks is None else self._lasting(talks),
            shows_early=reaction.shows_early,
        )
        self._begin(call, now)
        with suppress(Refusal):  # a colleague's phone rings too
            colleague = self.company.owner(with_country(other))
            theirs = replace(call, own=colleague, other=as_recorded(own), way=Way.INCOMING)
            self._begin(theirs, now)

    def live(self, event: life.Event) -> None:
        """The event takes place now."""
        with self.lock:
            if isinstance(event, Rings):
                self._live_call(event)
            else:
                self._live_writing(event)

    def _live_call(self, event: Rings) -> None:
        now = self.clock()
        call = PhoneCall(
            id=0,
            own=event.own,
            other=event.other.number,
            name=event.other.name,
            way=event.way,
            start=now,
            rings=self._lasting(event.rings),
            talks=None if event.talks is None else self._lasting(event.talks),
            shows_early=event.shows_early,
        )
        self._begin(call, now)

    def _begin(self, call: PhoneCall, now: datetime) -> PhoneCall:
        """``now`` is the moment from which the call's start was reckoned."""
        (noted,) = self.company.note(call)
        if noted.way is Way.INCOMING and noted.start >= now:
            notice = Notice(
                ts=int(noted.start.timestamp()),
                caller=noted.other,
                own=noted.own,
                name=noted.name,
            )
            self.notices.plan(notice, (noted.start - now).total_seconds())
            missed = self.faults.value("notices-missed")
            if missed and noted.talks is None:
                over = replace(notice, ts=int(noted.over_at.timestamp()), type=missed)
                self.notices.plan(over, (noted.over_at - now).total_seconds())
        return noted

    def _lasting(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds / self.speed)

    # other writers

    def _live_writing(self, event: Writes) -> None:
        company, person = self.company, event.person
        entries = company.entries()
        theirs = [entry.id for entry in entries if entry.id in self._written_by_others]
        too_many = len(theirs) >= WRITTEN_AT_MOST
        if event.deed is Deed.UPDATE and entries:
            entry = entries[int(event.pick * len(entries))]
            company.update(replace(entry, number1=person.number))
        elif (event.deed is Deed.DELETE and theirs) or too_many:
            company.delete(theirs[int(event.pick * len(theirs))])
        else:
            theirs.append(company.add(person.name, person.number).id)
        self._written_by_others = set(theirs)

    # notices

    def _address(self, notice: Notice) -> str:
        with self.lock:
            target = self.company.targets.get(notice.own, "")
            codec = "iso-8859-1" if self.faults.has("notices-latin1") else "utf-8"
        return notice.url(target, codec) if target else ""

    def _anywhere(self) -> bool:
        with self.lock:
            return self.faults.has("notices-anywhere")
