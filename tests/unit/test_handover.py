from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.errors import BadInput, Offline, PhoneError, Uncertain
from desk_phone.system import handover, request, wire
from desk_phone.system.handover import (
    Answer,
    Request,
    activation_token,
    hand_over,
    take_or_hand_over,
)
from desk_phone.system.lock import InstanceLock
from desk_phone.system.request import Garbled, answer_frame, greeting, read_answer, read_request

LONG = 20.0  # seconds; what is right takes a hundredth of it
SHORT = 0.1

ASKED = Request(("call", "+3726403231"), "leave")
DONE = Answer(3, "öö\n", "refused\n")

Play = Callable[[socket.socket], None]


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return str(tmp_path / "hand-over.sock")


@contextmanager
def running(endpoint: str, *plays: Play) -> Iterator[None]:
    """A program that answers as many others as there are plays, one after another."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(endpoint)
        server.listen()
        server.settimeout(LONG)

        def serve() -> None:
            for play in plays:
                with server.accept()[0] as other:
                    other.settimeout(LONG)
                    play(other)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join()


def receive(other: socket.socket) -> bytes:
    head = other.recv(4, socket.MSG_WAITALL)
    return other.recv(struct.unpack("!I", head)[0], socket.MSG_WAITALL)


def until_it_leaves(other: socket.socket) -> None:
    while other.recv(4096):
        pass


def frame(body: bytes, size: int | None = None) -> bytes:
    return struct.pack("!I", len(body) if size is None else size) + body


def saying(*words: bytes) -> Play:
    """Greets with the first words, says each next one for one request, then hangs up."""

    def play(other: socket.socket) -> None:
        other.sendall(words[0])
        for answer in words[1:]:
            receive(other)
            other.sendall(answer)

    return play


def silent_after(*words: bytes) -> Play:
    def play(other: socket.socket) -> None:
        for answer in words:
            other.sendall(answer)
        until_it_leaves(other)

    return play


# handing over


def test_the_request_arrives_whole_and_its_answer_comes_back(endpoint: str) -> None:
    arrived: list[Request] = []

    def play(other: socket.socket) -> None:
        other.sendall(greeting())
        arrived.append(read_request(receive(other)))
        other.sendall(answer_frame(DONE))

    with running(endpoint, play):
        assert hand_over(endpoint, ASKED, LONG) == DONE
    assert arrived == [ASKED]


def test_an_answer_may_be_long_and_slow(endpoint: str) -> None:
    answer = Answer(0, "é" * 2_000_000)
    words = answer_frame(answer)
    assert len(words) > 10_000_000

    def play(other: socket.socket) -> None:
        other.sendall(greeting())
        receive(other)
        for begin in range(0, len(words), 1_000_003):
            other.sendall(words[begin : begin + 1_000_003])

    with running(endpoint, play):
        assert hand_over(endpoint, ASKED, LONG) == answer


def nothing(endpoint: str) -> None:
    """Nobody has ever been there."""


def left_behind(endpoint: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(endpoint)


def a_file(endpoint: str) -> None:
    Path(endpoint).write_text("hello")


def a_link(endpoint: str) -> None:
    left_behind(endpoint + "2")
    Path(endpoint).symlink_to(endpoint + "2")


@pytest.mark.parametrize("prepare", [nothing, left_behind, a_file, a_link])
def test_nobody_is_there(endpoint: str, prepare: Callable[[str], None]) -> None:
    prepare(endpoint)
    assert hand_over(endpoint, ASKED, LONG) is None


def test_an_address_too_long_for_the_system_is_nobody(tmp_path: Path) -> None:
    assert hand_over(str(tmp_path / ("x" * 200)), ASKED, LONG) is None


def test_another_users_socket_is_nobody(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    us = os.geteuid()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(endpoint)
        server.listen()
        monkeypatch.setattr(os, "geteuid", lambda: us + 1)
        monkeypatch.setattr(wire, "peer_uid", lambda sock: us + 1)
        assert hand_over(endpoint, ASKED, LONG) is None


def test_another_user_at_the_other_end_is_nobody(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "peer_uid", lambda sock: os.geteuid() + 1)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(endpoint)
        server.listen()
        assert hand_over(endpoint, ASKED, LONG) is None


@pytest.mark.parametrize("words", [b"", b"\0\0", greeting()[:-1]])
def test_who_hangs_up_before_greeting_is_nobody_any_more(endpoint: str, words: bytes) -> None:
    with running(endpoint, saying(words)):
        assert hand_over(endpoint, ASKED, LONG) is None


@pytest.mark.parametrize("words", [(), (b"\0\0",), (greeting()[:-1],)])
def test_who_does_not_greet_gets_nothing(endpoint: str, words: tuple[bytes, ...]) -> None:
    begun = time.monotonic()
    with running(endpoint, silent_after(*words)), pytest.raises(Offline):
        hand_over(endpoint, ASKED, SHORT)
    assert time.monotonic() - begun < LONG / 2


def test_a_greeting_is_awaited_for_a_shorter_time_than_an_answer(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "_GREETED_WITHIN", SHORT)
    with running(endpoint, silent_after()), pytest.raises(Offline):
        hand_over(endpoint, ASKED, 1000 * LONG)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="another program"),
        pytest.param(frame(b'{"v":2}'), id="a later version"),
        pytest.param(frame(b"{}"), id="no version"),
        pytest.param(frame(b"[1]"), id="no object"),
        pytest.param(frame(b"\xff\xff"), id="no text"),
        pytest.param(frame(b""), id="empty"),
        pytest.param(frame(b"{" * 257), id="too long"),
    ],
)
def test_a_strange_greeting_gets_nothing(endpoint: str, words: bytes) -> None:
    got: list[bytes] = []

    def play(other: socket.socket) -> None:
        other.sendall(words)
        try:
            got.append(other.recv(4096))
        except ConnectionResetError:
            got.append(b"")

    with running(endpoint, play), pytest.raises(Offline):
        hand_over(endpoint, ASKED, LONG)
    assert got == [b""]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"", id="none"),
        pytest.param(answer_frame(DONE)[:-1], id="cut short"),
        pytest.param(frame(b"ok"), id="no object"),
        pytest.param(frame(b'{"v":1,"status":"0","out":"","err":""}'), id="status is text"),
        pytest.param(frame(b'{"v":1,"status":0,"out":""}'), id="no errors"),
        pytest.param(frame(b'{"v":2,"status":0,"out":"","err":""}'), id="another version"),
        pytest.param(frame(b"[" * 100_000), id="brackets"),
        pytest.param(frame(b"", 16 * 1024 * 1024 + 1), id="too long"),
    ],
)
def test_handed_over_without_an_answer_to_trust_is_uncertain(endpoint: str, words: bytes) -> None:
    with running(endpoint, saying(greeting(), words)), pytest.raises(Uncertain):
        hand_over(endpoint, ASKED, LONG)


def test_handed_over_and_no_answer_in_time_is_uncertain(endpoint: str) -> None:
    with running(endpoint, silent_after(greeting())), pytest.raises(Uncertain):
        hand_over(endpoint, ASKED, SHORT)


def test_a_command_too_long_is_refused_before_anybody_is_looked_for(endpoint: str) -> None:
    with pytest.raises(BadInput):
        hand_over(endpoint, Request(("x" * 65_600,)), LONG)


def test_a_full_queue_is_waited_for(endpoint: str) -> None:
    with socket.socket(socket.AF_UNIX) as server, ExitStack() as others:
        server.bind(endpoint)
        server.listen(0)
        for _ in range(64):
            other = others.enter_context(socket.socket(socket.AF_UNIX))
            other.setblocking(False)
            if other.connect_ex(endpoint):
                break
        with pytest.raises(Offline):
            hand_over(endpoint, ASKED, SHORT)


# its words


@given(st.lists(st.text(st.characters(), max_size=40), max_size=9), st.text(max_size=40))
def test_any_words_travel_unchanged(argv: list[str], token: str) -> None:
    """Surrogates too: they are what Python makes of bytes that are no text."""
    asked = Request(tuple(argv), token)
    assert read_request(request.request_frame(asked)[4:]) == asked


@given(st.integers(0, 255), st.text(st.characters()), st.text(st.characters()))
def test_any_answer_travels_unchanged(status: int, out: str, err: str) -> None:
    answer = Answer(status, out, err)
    assert read_answer(answer_frame(answer)[4:]) == answer


@given(st.binary(max_size=300))
def test_garbage_is_garbled_and_nothing_else(body: bytes) -> None:
    for read in (read_request, read_answer):
        with pytest.raises(Garbled):
            read(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"v":1,"argv":"calls","token":""}',
        b'{"v":1,"argv":["calls",1],"token":""}',
        b'{"v":1,"argv":["calls"]}',
        b'{"v":1,"argv":["calls"],"token":null}',
        b'{"v":true,"argv":{},"token":""}',
    ],
)
def test_a_request_of_wrong_types_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled):
        read_request(body)


def test_an_answer_too_long_to_travel_fails_in_words() -> None:
    answer = read_answer(answer_frame(Answer(0, "x" * (16 * 1024 * 1024 + 1)))[4:])
    assert answer.status == 1
    assert answer.out == ""
    assert answer.err


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ({}, ""),
        ({"XDG_ACTIVATION_TOKEN": "a", "DESKTOP_STARTUP_ID": "b"}, "a"),
        ({"DESKTOP_STARTUP_ID": "b"}, "b"),
    ],
)
def test_the_desktops_leave(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], token: str
) -> None:
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert activation_token() == token


# a pipe, whose calls know no time limit


@contextmanager
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        file = ours.makefile("rwb", buffering=0)
        monkeypatch.setattr(handover, "reach", lambda endpoint, by: wire.PipeWire(file))
        yield theirs
        theirs.shutdown(socket.SHUT_RDWR)  # lets go what hangs
        for thread in threading.enumerate():
            if thread.name == "attempt":
                thread.join(LONG)
        file.close()


def test_over_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    with piped(monkeypatch) as other:
        other.sendall(greeting() + answer_frame(DONE))
        assert hand_over("pipe", ASKED, LONG) == DONE
        assert read_request(receive(other)) == ASKED


@pytest.mark.parametrize(("words", "error"), [(b"", Offline), (greeting(), Uncertain)])
def test_a_pipe_that_hangs_is_left(
    monkeypatch: pytest.MonkeyPatch, words: bytes, error: type[PhoneError]
) -> None:
    with piped(monkeypatch) as other:
        other.sendall(words)
        with pytest.raises(error):
            hand_over("pipe", ASKED, SHORT)


class Busy(OSError):
    winerror = 231


def test_a_busy_pipe_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tries: list[str] = []
    file = tmp_path / "file"

    def open_pipe(name: str, mode: str) -> object:
        tries.append(name)
        if len(tries) < 3:
            raise Busy
        return file

    monkeypatch.setattr(wire, "FileIO", open_pipe)
    assert wire._reach_pipe("desk-phone-1", time.monotonic() + LONG) is not None
    assert tries == ["\\\\.\\pipe\\desk-phone-1"] * 3
    tries.clear()
    with pytest.raises(TimeoutError):
        wire._reach_pipe("desk-phone-1", time.monotonic() - 1)


def test_a_pipe_that_is_not_there_is_nobody() -> None:
    assert wire._reach_pipe("desk-phone-1", time.monotonic() + LONG) is None


# first or second


def test_the_first_start_takes_the_lock(endpoint: str, tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "lock") as lock:
        assert take_or_hand_over(lock, endpoint, ASKED, LONG) is None
        assert lock.is_held


def test_a_later_start_hands_over_and_takes_nothing(endpoint: str, tmp_path: Path) -> None:
    with (
        running(endpoint, saying(greeting(), answer_frame(DONE))),
        InstanceLock(tmp_path / "lock") as lock,
    ):
        assert take_or_hand_over(lock, endpoint, ASKED, LONG) == DONE
        assert not lock.is_held


def test_a_holder_who_never_listens_is_named(endpoint: str, tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "lock") as holder, InstanceLock(tmp_path / "lock") as lock:
        holder.take()
        with pytest.raises(Offline, match=str(os.getpid())):
            take_or_hand_over(lock, endpoint, ASKED, SHORT)
        assert not lock.is_held


def test_a_holder_who_ends_is_waited_for(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with InstanceLock(tmp_path / "lock") as holder, InstanceLock(tmp_path / "lock") as lock:
        holder.take()
        looked: list[str] = []

        def reach(endpoint: str, by: float) -> None:
            looked.append(endpoint)
            if len(looked) == 3:
                holder.release()

        monkeypatch.setattr(handover, "reach", reach)
        assert take_or_hand_over(lock, endpoint, ASKED, LONG) is None
        assert lock.is_held


STARTED = """
import socket, sys, time
from pathlib import Path
from desk_phone.system import request as words
from desk_phone.system.handover import Answer, Request, take_or_hand_over
from desk_phone.system.lock import InstanceLock

folder, name, others, slow = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
endpoint = folder / "hand-over.sock"
lock = InstanceLock(folder / "lock")
print("ready", flush=True)
sys.stdin.read()
answer = take_or_hand_over(lock, str(endpoint), Request((name,)), 60.0)
if answer is not None:
    print("second", answer.out)
    raise SystemExit
time.sleep(slow)  # a program takes its time between being the first and listening
endpoint.unlink(missing_ok=True)
took = []
with socket.socket(socket.AF_UNIX) as server:
    server.bind(str(endpoint))
    server.listen()
    while len(took) < others:
        with server.accept()[0] as other:
            other.sendall(words.greeting())
            head = other.recv(4, socket.MSG_WAITALL)
            body = other.recv(words.HEAD.unpack(head)[0], socket.MSG_WAITALL)
            took.append(words.read_request(body).argv[0])
            other.sendall(words.answer_frame(Answer(0, "done " + took[-1])))
print("first", *sorted(took))
"""


@pytest.mark.parametrize("slow", ["0", "0.3"])
def test_of_many_starts_at_once_one_is_first_and_no_request_is_lost(
    tmp_path: Path, slow: str
) -> None:
    left_behind(str(tmp_path / "hand-over.sock"))
    names = [f"start{number}" for number in range(6)]
    with ExitStack() as stack:
        starts = [stack.enter_context(started(tmp_path, name, slow)) for name in names]
        for start in starts:
            assert start.stdout is not None
            assert start.stdout.readline() == "ready\n"
        for start in starts:
            assert start.stdin is not None
            start.stdin.close()
        said = {name: whole(start) for name, start in zip(names, starts, strict=True)}
    first = [name for name in names if said[name].startswith("first")]
    assert len(first) == 1
    others = [name for name in names if name not in first]
    assert said[first[0]].split()[1:] == others
    assert [said[name] for name in others] == [f"second done {name}\n" for name in others]


@contextmanager
def started(folder: Path, name: str, slow: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STARTED, str(folder), name, "5", slow]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def whole(start: subprocess.Popen[str]) -> str:
    start.wait(LONG)
    assert start.stdout is not None
    return start.stdout.read()


def test_it_needs_neither_qt_nor_anything_else_that_is_long_to_import() -> None:
    script = "import sys, desk_phone.system.handover; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=LONG
    )
    modules = set(done.stdout.split())
    assert not modules & {"PySide6", "keyring", "zeep", "requests", "sqlite3", "phonenumbers"}
    assert not modules & {"asyncio", "concurrent.futures", "urllib.request", "email"}
