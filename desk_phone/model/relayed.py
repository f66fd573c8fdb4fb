"""What the relay and the desks agree on: topics, messages, positions. Pure.

docs/relay.md tells the whole; the words on the wire are here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from desk_phone.model.calls import Notice
from desk_phone.model.text import clean

ROOT = "desk-phone/v1"
RELAY_TOPIC = f"{ROOT}/relay"
UP, DOWN = b"up", b"down"  # what is told there
LARGEST = 8 * 1024  # bytes of a message; nothing of ours is larger
PAGE = 500  # notices that one answer of the gateway holds at most

_FORM = 1
_MILLISECONDS = 1000
_EPOCH_AT_MOST = 64  # letters
_SEQ_AT_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Position:
    """How far a number has come: ``seq`` notices in this epoch, the first is 1; 0: none yet, and
    then the epoch may be empty.

    Two epochs cannot be compared.
    """

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Relayed:
    """A notice that the relay holds. ``heard`` is when the relay was told, aware, in UTC."""

    position: Position
    heard: datetime
    notice: Notice


@dataclass(frozen=True, slots=True)
class Page:
    """The gateway's answer about the notices of one number after a position, in their order.

    ``last`` is the number's last one, ``more`` whether this answer ends before it. Notices, last
    and epoch are of one moment: what comes meanwhile belongs to the next answer.
    """

    last: Position
    notices: tuple[Relayed, ...] = ()
    more: bool = False


class Step(StrEnum):
    """What a desk does about a notice or a heartbeat."""

    TAKE = "take"  # it is the next one
    KNOWN = "known"  # the ledger holds it
    CATCH_UP = "catch up"  # others come before it: ask the relay for all after the known one


class NotOurs(ValueError):
    """A message that nobody of ours wrote."""


def next_step(known: Position, came: Position) -> Step:
    """About a notice at ``came``; ``known`` is the last one in the ledger, its epoch empty while
    there is none."""
    if came.epoch != known.epoch:
        return Step.TAKE if came.seq == 1 and not known.epoch else Step.CATCH_UP
    if came.seq <= known.seq:
        return Step.KNOWN
    return Step.TAKE if came.seq == known.seq + 1 else Step.CATCH_UP


def lags(known: Position, last: Position) -> bool:
    """Whether a heartbeat tells of notices that did not come."""
    return last.seq > (known.seq if known.epoch == last.epoch else 0)


def notices_topic(own: str) -> str:
    return f"{ROOT}/{own.removeprefix('+')}/notices"


def state_topic(own: str) -> str:
    return f"{ROOT}/{own.removeprefix('+')}/state"


def own_of(topic: str) -> str:
    """Whose notices or state; empty for the relay's own topic. Raises NotOurs."""
    if topic == RELAY_TOPIC:
        return ""
    root, _, rest = topic.removeprefix(f"{ROOT}/").partition("/")
    known = topic.isascii() and topic.startswith(f"{ROOT}/")
    if not known or not root.isdecimal() or rest not in _KINDS:
        raise NotOurs(topic)
    return f"+{root}"


_KINDS = ("notices", "state")


def write(relayed: Relayed) -> bytes:
    """As `read` reads it."""
    return json.dumps(as_json(relayed), ensure_ascii=False, separators=(",", ":")).encode()


def read(payload: bytes) -> Relayed:
    """Raises NotOurs: the broker is not believed blindly."""
    return from_json(_loaded(payload))


def as_json(relayed: Relayed) -> dict[str, object]:
    """A notice as the message and the gateway's answer have it."""
    notice = relayed.notice
    return {
        "v": _FORM,
        "own": notice.own,
        "epoch": relayed.position.epoch,
        "seq": relayed.position.seq,
        "at": int(notice.at.timestamp()),
        "heard": round(relayed.heard.timestamp() * _MILLISECONDS),
        "other": notice.other,
        "name": notice.name,
        "type": notice.type,
        "answer": notice.answer,
    }


def from_json(given: Mapping[str, object]) -> Relayed:
    """Raises NotOurs. Texts are cleaned as at every boundary."""
    texts = [clean(_text(given, key)) for key in ("own", "other", "name", "type", "answer")]
    own, other, name, kind, answer = texts
    notice = Notice(own, other, _moment(_number(given, "at")), name, kind, answer)
    heard = _moment(_number(given, "heard"), _MILLISECONDS)
    return Relayed(_position(given), heard, notice)


def page_as_json(page: Page) -> dict[str, object]:
    notices = [as_json(relayed) for relayed in page.notices]
    last = page.last
    return {"epoch": last.epoch, "last": last.seq, "notices": notices, "more": page.more}


def page_from_json(given: Mapping[str, object]) -> Page:
    """Raises NotOurs."""
    listed, more, last = given.get("notices"), given.get("more"), given.get("last")
    if not isinstance(listed, list) or type(more) is not bool:
        raise NotOurs("no page")
    if not all(isinstance(one, dict) for one in listed):
        raise NotOurs("no notice")
    position = _last({"epoch": given.get("epoch"), "seq": last})
    return Page(position, tuple(map(from_json, listed)), more)


def write_state(last: Position, at: datetime) -> bytes:
    """The heartbeat of one number."""
    words = {"v": _FORM, "epoch": last.epoch, "seq": last.seq, "at": int(at.timestamp())}
    return json.dumps(words, separators=(",", ":")).encode()


def read_state(payload: bytes) -> tuple[Position, datetime]:
    """Raises NotOurs."""
    given = _loaded(payload)
    return _last(given), _moment(_number(given, "at"))


def _loaded(payload: bytes) -> Mapping[str, object]:
    if len(payload) > LARGEST:
        raise NotOurs("too large")
    try:
        given = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise NotOurs("no JSON") from error
    if not isinstance(given, dict) or given.get("v") != _FORM:
        raise NotOurs("another form")
    return given


def _last(given: Mapping[str, object]) -> Position:
    """Of a number that has none yet the epoch is empty."""
    if (given.get("epoch"), given.get("seq")) == ("", 0):
        return Position("", 0)
    return _position(given)


def _position(given: Mapping[str, object]) -> Position:
    epoch, seq = _text(given, "epoch"), _number(given, "seq")
    plain = epoch.isalnum() and epoch.isascii() and len(epoch) <= _EPOCH_AT_MOST
    if not plain or not 0 <= seq <= _SEQ_AT_MOST:
        raise NotOurs("no position")
    return Position(epoch, seq)


def _text(given: Mapping[str, object], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str):
        raise NotOurs(f"no {key}")
    return value


def _number(given: Mapping[str, object], key: str) -> int:
    value = given.get(key)
    if type(value) is not int:
        raise NotOurs(f"no {key}")
    return value


def _moment(count: int, a_second: int = 1) -> datetime:
    try:
        return datetime.fromtimestamp(count / a_second, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotOurs("no time") from error
