"""Processes of a benchmark that do what they are told, a line of JSON each: parent's side, child's.

desks = Child("benchmarks.relay_desks")
desks.ask("join", port=1883)            # -> what the child's function gives
desks.begin("connect"); ...; desks.end()   # something else meanwhile
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

from benchmarks.processes import ROOT

Answer = dict[str, Any]
Commands = Mapping[str, Callable[..., Awaitable[Answer]]]


class Child:
    """A Python process of this environment, ended by its ``with``."""

    def __init__(self, module: str) -> None:
        self._module, words = module, [sys.executable, "-m", module]
        self._process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(self, what: str, **given: object) -> Answer:
        self.begin(what, **given)
        return self.end()

    def begin(self, what: str, **given: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **given}) + "\n")
        self._process.stdin.flush()

    def end(self) -> Answer:
        """Wait for the answer to what was begun."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"a process ended: {self._module}")
        answer: Answer = json.loads(said)
        return answer


async def listen(commands: Commands) -> None:
    """The child's side: do what standard input says, one after the other, until it ends."""
    reader = asyncio.StreamReader(limit=2**24)
    events = asyncio.get_running_loop()
    pipe, _ = await events.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while said := await reader.readline():
        given = json.loads(said)
        answer = await commands[given.pop("do")](**given)
        print(json.dumps(answer), flush=True)
    pipe.close()
