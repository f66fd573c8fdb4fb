"""Where an administrator's settings for everybody are looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desk_phone import paths


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The system's own folder, then two that a session names."""
    places = [tmp_path / name for name in ("etc", "session", "more")]
    monkeypatch.setattr(paths, "_SYSTEM", places[0])
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{places[1]}:{places[2]}")
    return places


def put(place: Path) -> Path:
    file = place / "DeskPhone" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    return file


def test_the_system_s_own_counts_whatever_a_session_names(places: list[Path]) -> None:
    expected = put(places[0])
    put(places[1])
    assert paths.preset() == expected


def test_any_folder_that_a_session_names_may_have_it(places: list[Path]) -> None:
    expected = put(places[2])
    assert paths.preset() == expected


def test_without_one_there_is_none(places: list[Path]) -> None:
    assert not paths.preset().exists()
