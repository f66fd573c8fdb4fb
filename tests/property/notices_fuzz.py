"""Requests that went wrong in every way at once, and what must hold whatever they say."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from desk_phone.model.notices import AHEAD, KEPT, Freshness, Heard, Refusal, TurnedAway
from desk_phone.model.numbers import is_e164
from desk_phone.model.text import clean
from desk_phone.telco.notices import CONNECTIONS, Reception
from tests.notices import NOON, OWN, SECRET, Desk, get, target

_TOKENS = (
    *(b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b":", b"?", b"&", b"=", b"%", b"%00", b"%0d%0a"),
    *(b"\r\n\r\n", b"+", b";", b"#", b"/", b"//", b"..", b"%2e%2e", b"%ff", b"%e2%80%ae", b"\xff"),
    *(b"Host: x\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 9\r\n", b" HTTP/1.1"),
    *(b"X-Forwarded-For: 1.2.3.4\r\n", b"Connection: close\r\n", b"ts=", b"&ts=1", b"&bnr=6401234"),
    *(b"anr=", b"fn=", b"type=", b"<img src=x>", b"%s%n", b"{0}", b"99999999999", b"-1", b"1e9"),
    *(b"\x16\x03\x01", b"HTTP/1.0", b"http://", b"GET ", b"HEAD ", b"0" * 300, b"A" * 9000),
    *("Õ".encode(), "Õ".encode("latin-1"), b"%D5", b"\xe2\x80\xae", SECRET.encode()),
)
_CALLERS = ("84.50.42.87", "84.50.42.108", "198.51.100.7", "x", "::1", "1.2.3.4, 84.50.42.87")
_STATUSES = (b"200 OK", b"404 N", b"400 B", b"429 T", b"431 R")
_SECONDS_APART = 0.06  # under 20 requests a second from one address


@dataclass
class Counted:
    """What became of so many requests; ``wrong`` says what must not be."""

    requests: int = 0
    heard: int = 0
    unanswered: int = 0
    wrong: tuple[str, ...] = ()

    def plus(self, other: Counted) -> Counted:
        return Counted(
            self.requests + other.requests,
            self.heard + other.heard,
            self.unanswered + other.unanswered,
            self.wrong + other.wrong,
        )


def play(seed: int, requests: int) -> Counted:
    """Feed a reception with mutants, and with the service's own request again and again."""
    chance, desk, counted = random.Random(seed), Desk(), Counted()
    reception = desk.reception()
    for number in range(requests):
        desk.steady += _SECONDS_APART
        data = mutant(chance)
        visit = reception.enter("127.0.0.1")
        answer = b""
        for piece in _pieces(chance, data):
            reply = reception.receive(visit, piece)
            answer += reply.send
            if reply.close:
                break
        reception.dismiss()
        counted.requests += 1
        counted.unanswered += not answer
        wrong = _wrong_answer(answer) or _wrong_row(desk)
        counted.heard += len(desk.heard)
        desk.told.clear()
        if number % 50 == 0:
            wrong = wrong or _shut_out(desk, reception)
        if wrong:
            counted.wrong += (f"seed {seed}, request {number}: {wrong}: {data!r}",)
            return counted
    return counted


def mutant(chance: random.Random) -> bytes:
    """A request of the service to which up to a dozen things happened."""
    at = NOON - timedelta(seconds=chance.choice((0, 1, 29, 31, 900, 86_400, 40 * 86_400, -600)))
    fields = {"fn": chance.choice(("%D5nne", "%C3%95nne", "A+B", "%E2%80%AE", "x" * 300))}
    data = bytearray(get(target(at, **fields), chance.choice(_CALLERS)))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 6, 12))):
        _hurt(chance, data)
    return bytes(data)


def _hurt(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data) + 1)
    match chance.randrange(6):
        case 0:
            data[at:at] = chance.choice(_TOKENS)
        case 1:
            del data[at : at + chance.choice((1, 2, 8, 40))]
        case 2 if at < len(data):
            data[at] = chance.randrange(256)
        case 3:
            end = at + chance.randrange(40)
            data[at:at] = data[at:end]
        case 4:
            del data[at:]
        case _:
            data[at : at + chance.randrange(12)] = chance.choice(_TOKENS)


def _pieces(chance: random.Random, data: bytes) -> list[bytes]:
    """As the network hands them on: whole, in a few parts, or byte by byte."""
    length = chance.choice((len(data), len(data), 200, 7, 1)) or 1
    if length == 1 and len(data) > 600:
        length = 50
    return [data[at : at + length] for at in range(0, len(data), length)]


def _wrong_answer(answer: bytes) -> str:
    if not answer:
        return ""  # it waits for more: the deadline ends it
    head, _, rest = answer.partition(b"\r\n")
    if rest != b"Content-Length: 0\r\nConnection: close\r\n\r\n":
        return "more than an empty answer"
    known = head.startswith(tuple(b"HTTP/1.1 " + status for status in _STATUSES))
    return "" if known else "an unknown status"


def _wrong_row(desk: Desk) -> str:
    for arrival in desk.told:
        if isinstance(arrival, TurnedAway):
            if not isinstance(arrival.why, Refusal):
                return "an unknown refusal"
        elif wrong := _wrong_notice(arrival):
            return wrong
    return ""


def _wrong_notice(heard: Heard) -> str:
    notice = heard.notice
    texts = (notice.name, notice.type, notice.answer)
    if notice.own != OWN:
        return "not our line"
    if notice.other and not (is_e164(notice.other) or notice.other.isdecimal()):
        return "no canonical number"
    if any(text != clean(text) or len(text) > 128 for text in texts):
        return "text that was not cleaned"
    if not -AHEAD <= NOON - notice.at <= KEPT:
        return "another time"
    fresh = NOON - notice.at <= timedelta(seconds=30)
    return "" if fresh is (heard.freshness is Freshness.RINGING) else "another freshness"


def _shut_out(desk: Desk, reception: Reception) -> str:
    """The service is heard behind a full table of connections that never finish."""
    visit = reception.enter("127.0.0.1")
    reception.dismiss()
    desk.steady += 1.0
    reply = reception.receive(visit, get())
    heard = desk.heard
    desk.told.clear()
    if len(reception) > CONNECTIONS:
        return "a table over its size"
    return "" if heard and reply.close and reply.send.startswith(b"HTTP/1.1 200") else "shut out"
