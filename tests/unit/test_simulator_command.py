"""``desk-phone simulate``: what it prints, how it ends, and what it does not begin with."""

from __future__ import annotations

import io
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

import pytest

from desk_phone.errors import BadInput
from desk_phone.simulator import command
from desk_phone.simulator.tricks import TRICKS
from tests.simulated import PATIENCE

PROGRAM = """
import sys
from desk_phone.errors import BadInput
from desk_phone.simulator.command import run
try:
    sys.exit(run({port}, 1, 1.0, [], None, sys.stdout))
except BadInput as error:
    sys.exit(f"told: {{error}}")
"""
FIRST_LINE = re.compile(r"Listening on http://127\.0\.0\.1:(\d+)/external/\n")


@contextmanager
def program(port: int = 0) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM.format(port=port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_first_line_comes_at_once_and_a_signal_ends_it_well(end: signal.Signals) -> None:
    with program() as process:
        assert process.stdout
        found = FIRST_LINE.fullmatch(process.stdout.readline())
        assert found
        rest = [process.stdout.readline().rstrip() for _ in range(3)]
        with socket.create_connection(("127.0.0.1", int(found[1])), timeout=PATIENCE) as held:
            held.sendall(b"POST /external/services/index.php HTTP/1.1\r\n")  # and no more
            process.send_signal(end)
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err) == (0, "", "")
        assert rest == [
            "User name P0000000@elion.ee, password secret",
            "Numbers: 3726401234, 37264012345, 37264012347, 3726403231, 3726403232",
            f"Faults and calls on demand: http://127.0.0.1:{found[1]}/_control",
        ]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with program(port) as process:
            out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert out == ""
    assert err.startswith(f"told: Port {port} cannot be used.\n")
    assert "--port" in err


def refused(
    port: int = 0,
    speed: float = 1.0,
    faults: tuple[str, ...] = (),
    first_call: float | None = None,
) -> BadInput:
    out = io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(BadInput) as caught:
        command.run(port, 1, speed, faults, first_call, out)
    assert out.getvalue() == ""
    assert signal.getsignal(signal.SIGTERM) is before
    return caught.value


@pytest.mark.parametrize("port", [-1, 65536, 10**30])
def test_what_is_no_port(port: int) -> None:
    assert f"Port {port} " in refused(port=port).title


@pytest.mark.parametrize("speed", [0, -1, 0.0001, 1e5, float("inf"), float("nan"), 1e-300])
def test_what_is_no_speed(speed: float) -> None:
    assert "speed" in refused(speed=speed).title


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e6])
def test_what_is_no_time_for_a_first_call(seconds: float) -> None:
    assert "first call" in refused(first_call=seconds).title


@pytest.mark.parametrize("fault", ["nonsense", "latency=soon", "lost@x", "lost*0", "redirect"])
def test_what_is_no_fault(fault: str) -> None:
    error = refused(faults=("bom", fault))
    assert "fault" in error.title
    assert error.message


def test_the_help_tells_every_fault_and_that_it_can_be_written_so() -> None:
    text = command.fault_help()
    for name, trick in TRICKS.items():
        assert re.search(rf"^  {re.escape(name)}\b.*{re.escape(trick.does)}$", text, re.MULTILINE)
    written = [line.split()[0] for line in text.splitlines()[1:]]
    assert len(written) == len(TRICKS)


def test_signals_go_where_they_went_before(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    out = io.StringIO()
    asked: list[str] = []

    def told_at_once(told: SimpleQueue[int]) -> None:
        asked.append(out.getvalue())
        signal.raise_signal(signal.SIGTERM)
        assert told.get(timeout=PATIENCE) == signal.SIGTERM

    monkeypatch.setattr(command, "_wait", told_at_once)
    threads = threading.active_count()
    assert command.run(0, 1, 1000.0, ["latency=0"], 0.0, out) == 0
    assert FIRST_LINE.match(asked[0])
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert threading.active_count() == threads
