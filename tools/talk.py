"""How dev.py says what it does, and runs a program so that the two are read in order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):  # a sentence for a person, not an error of ours
    """dev.py cannot go on; the text says why and what to do."""


def say(words: str) -> None:
    print(f"dev.py: {words}", flush=True)


def run(command: Sequence[str | Path], more_env: Mapping[str, str] | None = None) -> int:
    """Run in the checkout and return the exit status; the output goes straight through."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1", **(more_env or {})}
    try:
        return subprocess.run(
            [str(word) for word in command], cwd=ROOT, env=env, check=False
        ).returncode
    except KeyboardInterrupt:
        return 130


def must_run(command: Sequence[str | Path], trouble: str) -> None:
    """As `run`, but any status other than 0 ends dev.py with ``trouble``."""
    if run(command) != 0:
        raise Stop(trouble)
