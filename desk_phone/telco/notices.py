"""The endpoint that the service tells of calls, without sockets: bytes in, bytes and verdicts out.

A *carrier* owns the sockets and knows nothing of HTTP: `system.notice_server` in Qt's event loop,
`telco.notices_asyncio` where there is no Qt. It gives every connection a number here:

    visit = reception.enter(peer)            # somebody connected
    reply = reception.receive(visit, data)   # send `reply.send`; then close, if `reply.close`
    reception.leave(visit)                   # the connection is gone, whoever ended it
    reception.dismiss()                      # the visits to cut off now, without a word
    reception.patience()                     # call `dismiss` after so long; None: not at all

One GET a connection, then it is closed: no second request hides behind a first one. Whatever is
wrong with path, secret, method or caller gets the same empty 404.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from itertools import count

from desk_phone.model.notices import Arrival, Heard, Refusal, TurnedAway
from desk_phone.model.secret import Secret
from desk_phone.telco.notices_callers import Networks, Rates, caller_of
from desk_phone.telco.notices_http import Asked, Head
from desk_phone.telco.notices_words import believe

CONNECTIONS = 64
PATIENCE = 5.0  # seconds for a whole head
_LIKE_A_SECRET = 32  # characters

_STATUS = {
    Refusal.TLS: "400 Bad Request",
    Refusal.NOT_HTTP: "400 Bad Request",
    Refusal.TOO_LONG: "431 Request Header Fields Too Large",
    Refusal.TOO_MANY: "429 Too Many Requests",
    # Only who knows the secret gets as far as this.
    Refusal.FIELDS: "400 Bad Request",
    Refusal.NUMBER: "400 Bad Request",
    Refusal.TOO_OLD: "400 Bad Request",
    Refusal.FUTURE: "400 Bad Request",
}


def _answer(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


_OK, _NOT_FOUND = _answer("200 OK"), _answer("404 Not Found")
_ANSWERS = {refusal: _answer(status) for refusal, status in _STATUS.items()}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who is believed, and about what.

    ``secret`` is the last part of the address's path, 256 bits at least. ``numbers`` are canonical:
    our lines that notices were activated for. ``callers`` empty: whoever knows the secret.
    ``proxies`` are believed when they name whom they speak for (X-Forwarded-For).
    """

    secret: Secret
    numbers: frozenset[str]
    callers: Networks
    proxies: Networks


@dataclass(frozen=True, slots=True)
class Reply:
    """Send it, perhaps empty; then close the connection, if it says so."""

    send: bytes = b""
    close: bool = False


@dataclass(slots=True)
class _Visit:
    peer: str
    until: float
    head: Head = field(default_factory=Head)


_NOTHING_YET, _GONE = Reply(), Reply(close=True)


class Reception:
    """Everybody who is connected, in the order of coming; for one thread.

    ``told`` is called at once with each verdict, before the answer is sent: put it aside, answering
    comes first. ``rules`` may be replaced at any time. ``steady`` gives seconds, of
    which a head has ``patience``. ``rates`` None: as many as one desk's line can ring.
    """

    def __init__(
        self,
        rules: Rules,
        told: Callable[[Arrival], object],
        steady: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: float = PATIENCE,
        rates: Rates | None = None,
    ) -> None:
        self.rules = rules
        self._patience = patience
        self._told, self._steady, self._now = told, steady, now
        self._visits: dict[int, _Visit] = {}
        self._numbers = count(1)
        self._rates = rates or Rates()

    def __len__(self) -> int:
        """How many are connected whose head is not whole yet."""
        return len(self._visits)

    def enter(self, peer: str) -> int:
        """The number of a new connection from this address; `dismiss` may have to follow."""
        visit = next(self._numbers)
        self._visits[visit] = _Visit(peer, self._steady() + self._patience)
        return visit

    def receive(self, visit: int, data: bytes) -> Reply:
        """What to do about these bytes. After a reply that closes, the visit is over."""
        known = self._visits.get(visit)
        if known is None:
            return _GONE
        asked = known.head.feed(data)
        if asked is None:
            return _NOTHING_YET
        del self._visits[visit]
        arrival = self._judge(known.peer, asked)
        self._told(arrival)
        return Reply(_OK if isinstance(arrival, Heard) else answer_to(arrival.why), close=True)

    def leave(self, visit: int) -> None:
        """The connection is gone; any number of times."""
        self._visits.pop(visit, None)

    def dismiss(self) -> tuple[int, ...]:
        """Whose connections to cut off now; they are forgotten here.

        The oldest beyond 64, so that a crowd that never finishes keeps nobody out, and who has not
        sent a whole head within 5 s, however busily.
        """
        crowd = len(self._visits) - CONNECTIONS
        now = self._steady()
        gone: list[tuple[int, str, Refusal]] = []
        for visit, known in self._visits.items():
            if len(gone) >= crowd and known.until > now:
                break
            why = Refusal.LATE if known.until <= now else Refusal.CROWDED
            gone.append((visit, known.peer, why))
        for visit, peer, why in gone:
            del self._visits[visit]
            self._told(TurnedAway(why, peer))
        return tuple(visit for visit, _, _ in gone)

    def patience(self) -> float | None:
        """Seconds until somebody may have to go; None while nobody is here."""
        oldest = next(iter(self._visits.values()), None)
        return None if oldest is None else max(0.0, oldest.until - self._steady())

    def _judge(self, peer: str, asked: Asked | Refusal) -> Arrival:
        rules = self.rules
        forwarded = asked.forwarded if isinstance(asked, Asked) else ()
        caller = caller_of(peer, forwarded, rules.proxies)
        if not self._rates.allow(caller, self._steady()):
            return TurnedAway(Refusal.TOO_MANY, caller)
        if isinstance(asked, Refusal):
            return TurnedAway(asked, caller)
        if refusal := _at_the_door(asked, caller, rules):
            return TurnedAway(refusal, caller)
        believed = believe(asked.query, rules.numbers, self._now())
        if isinstance(believed, Refusal):
            return TurnedAway(believed, caller)
        return Heard(*believed, caller)


def answer_to(refusal: Refusal) -> bytes:
    """The whole answer; the same for most, so that nobody learns how near a guess was."""
    return _ANSWERS.get(refusal, _NOT_FOUND)


def _at_the_door(asked: Asked, caller: str, rules: Rules) -> Refusal | None:
    """Every question is asked, whatever the answers: none is told apart by how long it takes."""
    given = asked.path.rpartition(b"/")[2]
    right = rules.secret.reveal().encode()
    knows = compare_digest(given, right) and len(right) >= _LIKE_A_SECRET
    welcome = rules.callers.empty or caller in rules.callers
    if not asked.plain:
        return Refusal.METHOD
    if not knows:
        return Refusal.SECRET if len(given) >= _LIKE_A_SECRET else Refusal.PATH
    return None if welcome else Refusal.CALLER
