"""With which words the program begins anew after an upgrade."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desk_phone.options import read
from desk_phone.start import words_again
from desk_phone.system import ourselves


def test_what_it_runs_with_is_given_again() -> None:
    given = ["--data-dir", "/a b", "--service", "http://x/", "--user", "u", "--own", "640 1234"]
    given += ["--lang", "et", "--verbose"]
    assert words_again(read(given), hidden=False) == given
    assert words_again(read(given), hidden=True) == [*given, "--hidden"]


@pytest.mark.parametrize(
    "once", [["open", "tel:5123456"], ["dial-clipboard"], ["--password-stdin"], ["--hidden"]]
)
def test_what_it_was_to_do_once_is_not_done_again(once: list[str]) -> None:
    """Least of all a call."""
    assert words_again(read(once), hidden=False) == []


def test_only_a_bundle_can_be_replaced_under_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ourselves.replaceable() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert ourselves.replaceable() == Path(sys.executable)
    monkeypatch.setattr(sys, "platform", "win32")  # where it is ended before
    assert ourselves.replaceable() is None


def test_it_becomes_what_lies_there_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "")
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("os.execv", lambda file, words: became.append((file, words)))
    ourselves.begin_anew(["--hidden"])
    assert became == [(sys.executable, [sys.executable, "--hidden"])]
