"""Where everything, or letters alone, are twice as large, no window cuts a word in any language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui import test_windows
from tests.ui.large_letters import LARGE_LETTERS

_SCALES = {
    "everything": {"QT_SCALE_FACTOR": "2"},
    "letters": {"QT_QPA_PLATFORM": "offscreen:configfile=screen.json"},
}
# Letters that grow alone need room that was not there; where everything grows, only roundings are
# others, and the longest words tell.
_WHICH = {"everything": "no_language", "letters": "language"}


@pytest.mark.parametrize("scale", _SCALES)
def test_all_is_in_order_at_twice_the_size(tmp_path: Path, scale: str) -> None:
    """The scale of a screen is fixed before the program starts, so this needs one of its own."""
    (tmp_path / "screen.json").write_text(json.dumps(LARGE_LETTERS))
    env = {name: to.replace("=", f"={tmp_path}/") for name, to in _SCALES[scale].items()}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(str(test_windows.__file__), "-k", _WHICH[scale]),
        ],
        env={**os.environ, **env}, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
