"""A second start gives its request to the program that runs, or learns that it is the first.

The running program speaks first: a greeting with its version. Only who was greeted sends a request,
so what a busy or foreign program never greeted was surely not handed over; and the running program
does nothing before it has all of a request. `desk_phone.system.request` says what travels.

Standard library alone and no Qt: a second start is over before Qt could be imported.
"""

from __future__ import annotations

import time

from desk_phone.errors import Offline, Uncertain
from desk_phone.i18n import tr
from desk_phone.system.lock import InstanceLock
from desk_phone.system.request import (
    ANSWER_AT_MOST,
    GREETING_AT_MOST,
    HEAD,
    Answer,
    Garbled,
    Request,
    activation_token,
    check_greeting,
    read_answer,
    request_frame,
)
from desk_phone.system.wire import Wire, reach

__all__ = ["Answer", "Request", "activation_token", "hand_over", "take_or_hand_over"]

_GREETED_WITHIN = 5.0  # seconds: a program that runs well needs a few thousandths
_LOOK_AGAIN = 0.02
_CHUNK = 256 * 1024


def take_or_hand_over(
    lock: InstanceLock, endpoint: str, request: Request, patience: float
) -> Answer | None:
    """Hand ``request`` over, else take ``lock``: None means that it is ours now, so do it yourself.

    Goes round while somebody holds the lock who does not listen: just starting, just ending, or a
    command at work. Raises what `hand_over` raises, and Offline when ``patience`` seconds are over.
    """
    deadline = time.monotonic() + patience
    while True:
        answer = hand_over(endpoint, request, deadline - time.monotonic())
        if answer is not None:
            return answer
        remaining = deadline - time.monotonic()
        if lock.take(max(0.0, min(remaining, _LOOK_AGAIN))):
            return None
        if remaining <= 0:
            raise _not_heard(lock.holder())


def hand_over(endpoint: str, request: Request, patience: float) -> Answer | None:
    """What the running program answered within ``patience`` seconds; None: nobody is there.

    Raises BadInput (too long to be handed over), Offline (somebody is there who does not listen;
    surely not handed over) or Uncertain (handed over, and no answer to trust).
    """
    frame = request_frame(request)
    deadline = time.monotonic() + patience
    try:
        wire = reach(endpoint, deadline)
    except TimeoutError as error:
        raise _not_heard() from error
    if wire is None:
        return None
    try:
        return _receive_answer(wire, deadline) if _send(wire, frame, deadline) else None
    finally:
        wire.close()


def _send(wire: Wire, frame: bytes, deadline: float) -> bool:
    """False when it was just ending: a request of which the end did not leave us counts as none."""
    try:
        greeted_by = min(deadline, time.monotonic() + _GREETED_WITHIN)
        check_greeting(_receive_frame(wire, GREETING_AT_MOST, greeted_by))
        wire.send(frame, deadline)
    except TimeoutError as error:
        raise _not_heard() from error
    except Garbled as error:
        raise Offline(
            tr("Another version of this program is running"),
            tr("Nothing was handed over. Quit it from its tray menu, then try again."),
        ) from error
    except OSError:
        return False
    return True


def _receive_answer(wire: Wire, deadline: float) -> Answer:
    try:
        return read_answer(_receive_frame(wire, ANSWER_AT_MOST, deadline))
    except (Garbled, OSError) as error:
        raise Uncertain(
            tr("The running program gave no answer"),
            tr("It may have done what you asked: look there before you ask again."),
        ) from error


def _receive_frame(wire: Wire, at_most: int, by: float) -> bytes:
    """Raises Garbled, or OSError (TimeoutError) when it does not come."""
    (size,) = HEAD.unpack(_receive_exactly(wire, HEAD.size, by))
    if size > at_most:
        raise Garbled("too long")
    return _receive_exactly(wire, size, by)


def _receive_exactly(wire: Wire, size: int, by: float) -> bytes:
    received = bytearray()
    while len(received) < size:
        chunk = wire.receive(min(size - len(received), _CHUNK), by)
        if not chunk:
            raise ConnectionResetError
        received += chunk
    return bytes(received)


def _not_heard(pid: int = 0) -> Offline:
    way_out = (
        tr("If it stays so, end the process %(pid)d.") % {"pid": pid}
        if pid
        else tr("If it stays so, quit it from its tray menu, or end its process.")
    )
    return Offline(
        tr("This program is running already and does not answer"),
        tr("Nothing was handed over. Try again.") + " " + way_out,
    )
