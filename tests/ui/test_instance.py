from __future__ import annotations

import os
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.app import instance as instance_module
from desk_phone.app.instance import Asked, Instance, Limits
from desk_phone.errors import BadInput, Uncertain
from desk_phone.system.handover import Answer, Request, hand_over
from desk_phone.system.lock import InstanceLock
from desk_phone.system.request import (
    REQUEST_AT_MOST,
    answer_frame,
    greeting,
    read_answer,
    request_frame,
)

LONG = 20.0  # seconds; what is right takes a hundredth of it
LONG_MS = int(LONG * 1000)
QUICK = Limits(request=0.5, reading=0.15)  # time enough for who asks at once
FEW = Limits(clients=3)


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return str(tmp_path / "hand-over.sock")


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[InstanceLock]:
    with InstanceLock(tmp_path / "instance.lock") as lock:
        assert lock.take()
        yield lock


@contextmanager
def listening(
    lock: InstanceLock, endpoint: str, limits: Limits = instance_module.LIMITS
) -> Iterator[Instance]:
    instance = Instance(lock, endpoint, limits)
    instance.listen()
    try:
        yield instance
    finally:
        instance.close()
        instance.deleteLater()


@pytest.fixture
def instance(lock: InstanceLock, endpoint: str, qtbot: QtBot) -> Iterator[Instance]:
    with listening(lock, endpoint) as instance:
        yield instance


@pytest.fixture
def impatient(lock: InstanceLock, endpoint: str, qtbot: QtBot) -> Iterator[Instance]:
    with listening(lock, endpoint, QUICK) as instance:
        yield instance


@pytest.fixture
def small(lock: InstanceLock, endpoint: str, qtbot: QtBot) -> Iterator[Instance]:
    with listening(lock, endpoint, FEW) as instance:
        yield instance


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as threads:
        yield threads


@contextmanager
def connected(endpoint: str, qtbot: QtBot) -> Iterator[socket.socket]:
    """A client of our own, already greeted."""
    with socket.socket(socket.AF_UNIX) as other:
        other.connect(endpoint)
        other.setblocking(False)
        assert hear(other, qtbot, len(greeting())) == greeting()
        yield other


def hear(other: socket.socket, qtbot: QtBot, size: int) -> bytes:
    """So many bytes, or fewer when it hung up; the instance lives in this thread."""
    heard = bytearray()

    def is_all() -> bool:
        try:
            piece = other.recv(size - len(heard))
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True
        heard.extend(piece)
        return not piece or len(heard) == size

    qtbot.waitUntil(is_all, timeout=LONG_MS)
    return bytes(heard)


def collect(instance: Instance) -> list[Asked]:
    asked: list[Asked] = []
    instance.asked.connect(asked.append)
    return asked


def answer_with(instance: Instance, answer: Callable[[Request], Answer]) -> None:
    instance.asked.connect(lambda asked: asked.answer(answer(asked.request)))


def outcome(future: Future[Answer | None], qtbot: QtBot) -> Answer | None:
    qtbot.waitUntil(future.done, timeout=LONG_MS)
    return future.result(0)


def test_a_request_is_announced_and_answered(
    instance: Instance, endpoint: str, qtbot: QtBot, others: ThreadPoolExecutor
) -> None:
    answer_with(instance, lambda request: Answer(4, " ".join(request.argv), "no network"))
    asked = collect(instance)
    request = Request(("call", "öö", "\udcff"), "leave")
    future = others.submit(hand_over, endpoint, request, LONG)
    assert outcome(future, qtbot) == Answer(4, "call öö \udcff", "no network")
    assert [one.request for one in asked] == [request]


def test_an_answer_may_come_later_and_be_long(
    instance: Instance, endpoint: str, qtbot: QtBot, others: ThreadPoolExecutor
) -> None:
    asked = collect(instance)
    future = others.submit(hand_over, endpoint, Request(("calls",)), LONG)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG_MS)
    assert not future.done()
    asked[0].answer(Answer(0, "x" * 12_000_000))
    asked[0].answer(Answer(1, "a second answer"))
    assert outcome(future, qtbot) == Answer(0, "x" * 12_000_000)
    asked[0].answer(Answer(1, "a third answer"))


def test_waiting_for_an_answer_has_no_end(
    impatient: Instance, endpoint: str, qtbot: QtBot, others: ThreadPoolExecutor
) -> None:
    """It is who asks that loses patience: a person may take minutes to say yes."""
    asked = collect(impatient)
    future = others.submit(hand_over, endpoint, Request(("call",)), LONG)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG_MS)
    with connected(endpoint, qtbot) as slow:
        assert hear(slow, qtbot, 1) == b""  # the time to send a request is over
        assert not future.done()
    asked[0].answer(Answer(0))
    assert outcome(future, qtbot) == Answer(0)


def test_fifty_at_once_each_get_their_own_answer(
    instance: Instance, endpoint: str, qtbot: QtBot, others: ThreadPoolExecutor
) -> None:
    answer_with(instance, lambda request: Answer(0, request.argv[0]))
    futures = [
        others.submit(hand_over, endpoint, Request((f"tel:{number}",)), LONG)
        for number in range(50)
    ]
    answers = [outcome(future, qtbot) for future in futures]
    assert answers == [Answer(0, f"tel:{number}") for number in range(50)]
    qtbot.waitUntil(lambda: not instance._clients, timeout=LONG_MS)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="http"),
        pytest.param(struct.pack("!I", REQUEST_AT_MOST + 1), id="too long"),
        pytest.param(struct.pack("!I", 2) + b"ok", id="no object"),
        pytest.param(struct.pack("!I", 60_000) + b"[" * 60_000, id="brackets"),
        pytest.param(struct.pack("!I", 0), id="empty"),
        pytest.param(request_frame(Request(())) + b"x", id="more than one request"),
        pytest.param(request_frame(Request(())) + b" ", id="and a blank"),
        pytest.param(request_frame(Request(())).replace(b'"v":1', b'"v":2'), id="other version"),
    ],
)
def test_garbage_is_dropped_unheard(
    instance: Instance, endpoint: str, qtbot: QtBot, words: bytes
) -> None:
    asked = collect(instance)
    with connected(endpoint, qtbot) as other:
        other.setblocking(True)
        other.sendall(words)
        other.setblocking(False)
        assert hear(other, qtbot, 1) == b""
    assert asked == []
    assert not instance._clients


def test_talking_on_after_the_request_is_dropped(
    instance: Instance, endpoint: str, qtbot: QtBot
) -> None:
    asked = collect(instance)
    with connected(endpoint, qtbot) as other:
        other.sendall(request_frame(Request(("calls",))))
        qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG_MS)
        other.sendall(b"x")
        assert hear(other, qtbot, 1) == b""
    asked[0].answer(Answer(0))


def test_only_the_first_answer_is_sent(instance: Instance, endpoint: str, qtbot: QtBot) -> None:
    answer_with(instance, lambda request: Answer(0))
    answer_with(instance, lambda request: Answer(1))
    with connected(endpoint, qtbot) as other:
        other.sendall(request_frame(Request(("calls",))))
        instance.asked.connect(lambda asked: instance.close())
        heard = hear(other, qtbot, 10_000)
    assert heard == answer_frame(Answer(0))


def test_a_request_may_come_byte_by_byte(instance: Instance, endpoint: str, qtbot: QtBot) -> None:
    answer_with(instance, lambda request: Answer(0, *request.argv))
    with connected(endpoint, qtbot) as other:
        for byte in request_frame(Request(("numbers",))):
            other.sendall(bytes([byte]))
            qtbot.wait(0)
        (size,) = struct.unpack("!I", hear(other, qtbot, 4))
        assert read_answer(hear(other, qtbot, size)) == Answer(0, "numbers")


@pytest.mark.parametrize("begin", [b"", request_frame(Request(("calls",)))[:-1]])
def test_who_takes_too_long_to_ask_is_dropped(
    impatient: Instance, endpoint: str, qtbot: QtBot, begin: bytes
) -> None:
    asked = collect(impatient)
    with connected(endpoint, qtbot) as other:
        other.sendall(begin)
        assert hear(other, qtbot, 1) == b""
    assert asked == []


def test_who_does_not_read_the_answer_is_dropped(
    impatient: Instance, endpoint: str, qtbot: QtBot
) -> None:
    answer_with(impatient, lambda request: Answer(0, "x" * 4_000_000))
    with connected(endpoint, qtbot) as other:
        other.sendall(request_frame(Request(("calls",))))
        qtbot.waitUntil(lambda: not impatient._clients, timeout=LONG_MS)


def test_who_leaves_before_the_answer_does_no_harm(
    instance: Instance, endpoint: str, qtbot: QtBot
) -> None:
    asked = collect(instance)
    with connected(endpoint, qtbot) as other:
        other.sendall(request_frame(Request(("calls",))))
        qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not instance._clients, timeout=LONG_MS)
    qtbot.wait(0)
    asked[0].answer(Answer(0, "for nobody"))


def test_one_too_many_is_turned_away_and_the_others_stay(
    small: Instance, endpoint: str, qtbot: QtBot
) -> None:
    answer_with(small, lambda request: Answer(0))
    with ExitStack() as stack:
        first = [stack.enter_context(connected(endpoint, qtbot)) for _ in range(3)]
        with socket.socket(socket.AF_UNIX) as fourth:
            fourth.connect(endpoint)
            fourth.setblocking(False)
            assert hear(fourth, qtbot, 1) == b""
        first[0].sendall(request_frame(Request(())))
        assert len(hear(first[0], qtbot, 4)) == 4
    qtbot.waitUntil(lambda: not small._clients, timeout=LONG_MS)
    with connected(endpoint, qtbot):
        pass


def test_another_user_is_not_greeted(
    instance: Instance, endpoint: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_module, "peer_uid", lambda sock: os.geteuid() + 1)
    with socket.socket(socket.AF_UNIX) as other:
        other.connect(endpoint)
        other.setblocking(False)
        assert hear(other, qtbot, 1) == b""


def test_the_socket_is_for_this_user_alone(instance: Instance, endpoint: str) -> None:
    mode = os.lstat(endpoint).st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) & 0o077 == 0


def test_closing_drops_who_waits_and_leaves_no_socket(
    lock: InstanceLock, endpoint: str, qtbot: QtBot, others: ThreadPoolExecutor
) -> None:
    with listening(lock, endpoint) as instance:
        asked = collect(instance)
        future = others.submit(hand_over, endpoint, Request(("call",)), LONG)
        qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG_MS)
        instance.close()
        with pytest.raises(Uncertain):
            outcome(future, qtbot)
        asked[0].answer(Answer(0))
        assert not Path(endpoint).exists()
        assert hand_over(endpoint, Request(()), LONG) is None


def test_only_the_holder_of_the_lock_takes_the_address(
    instance: Instance, endpoint: str, tmp_path: Path, qtbot: QtBot
) -> None:
    second = Instance(InstanceLock(tmp_path / "instance.lock"), endpoint)
    with pytest.raises(RuntimeError):
        second.listen()
    with connected(endpoint, qtbot):
        pass


def test_what_was_left_at_the_address_is_replaced(
    lock: InstanceLock, endpoint: str, qtbot: QtBot
) -> None:
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(endpoint)
    with listening(lock, endpoint), connected(endpoint, qtbot):
        pass


def test_an_address_that_cannot_be_had_is_told(lock: InstanceLock, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="hand-over"):
        Instance(lock, str(tmp_path / "gone" / "hand-over.sock")).listen()


STARTED = """
import sys
from pathlib import Path
from desk_phone.system.handover import Answer, Request, take_or_hand_over
from desk_phone.system.lock import InstanceLock

folder, name, others = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
endpoint = str(folder / "hand-over.sock")
lock = InstanceLock(folder / "lock")
print("ready", flush=True)
sys.stdin.readline()
answer = take_or_hand_over(lock, endpoint, Request((name,)), 60.0)
if answer is not None:
    print("second", answer.out)
    raise SystemExit
from PySide6.QtCore import QCoreApplication, QTimer
from desk_phone.app.instance import Instance
app = QCoreApplication([])
instance = Instance(lock, endpoint)
took = []
def take(asked):
    took.append(asked.request.argv[0])
    QTimer.singleShot(20, lambda: asked.answer(Answer(0, "done " + asked.request.argv[0])))
    if len(took) == others:
        print("first", *sorted(took), flush=True)
instance.asked.connect(take)
instance.listen()
app.exec()
"""


@contextmanager
def started(folder: Path, name: str, others: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STARTED, str(folder), name, str(others)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_of_many_starts_one_runs_and_even_its_violent_end_is_survived(tmp_path: Path) -> None:
    for names in (["a", "b", "c", "d", "e"], ["f", "g", "h", "i", "j"]):
        with ExitStack() as stack:
            starts = [stack.enter_context(started(tmp_path, name, 4)) for name in names]
            outputs = [start.stdout for start in starts if start.stdout is not None]
            assert [output.readline() for output in outputs] == ["ready\n"] * 5
            for start in starts:
                assert start.stdin is not None
                start.stdin.write("\n")
                start.stdin.flush()
            said = {name: out.readline() for name, out in zip(names, outputs, strict=True)}
        (first,) = (name for name in names if said[name].startswith("first"))
        seconds = [name for name in names if name != first]
        assert said[first].split()[1:] == seconds
        assert [said[name] for name in seconds] == [f"second done {name}\n" for name in seconds]
        assert (tmp_path / "hand-over.sock").exists()  # killed: it could not tidy up
