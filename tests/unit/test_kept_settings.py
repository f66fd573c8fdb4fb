"""Settings on disk, and what the command line changes for one run."""

from __future__ import annotations

import json
import math
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_phone import settings as files
from desk_phone.app.kept_settings import KeptSettings, Locked, load, load_preset
from desk_phone.errors import BadInput
from desk_phone.settings import Preset, Settings

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    wanted = Settings(user="P0000000@elion.ee", own_number="+3726401234", popups=False)
    files.save(file, wanted)
    assert files.load(file) == wanted


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.json", NOW) == (Settings(), None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_person_can_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    files.save(file, Settings())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"x"', "\x00"],
    ids=["empty", "cut", "list", "null", "text", "nul"],
)
def test_a_file_that_cannot_be_read_is_kept_aside(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    settings, aside = load(file, NOW)
    assert settings == Settings()
    assert aside is not None
    assert aside.read_text(encoding="utf-8") == text
    assert not file.exists()


def test_values_of_the_wrong_type_and_unknown_names_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    given = {"popups": "yes", "user": 7, "poll_seconds": True, "later": 1, "own_name": "Mari"}
    file.write_text(json.dumps(given), encoding="utf-8")
    assert files.load(file) == Settings(own_name="Mari")


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("poll_seconds", -1),
        ("notices_port", 65_536),
        ("keep_months", -3),
        ("missed_card_seconds", 10**9),
        ("popups_paused_until", math.inf),
        ("popups_paused_until", math.nan),
    ],
)
def test_a_number_that_makes_no_sense_counts_as_not_chosen(
    tmp_path: Path, name: str, odd: float
) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({name: odd, "own_name": "Mari"}), encoding="utf-8")
    preset = Preset(usual={"poll_seconds": 60})
    assert load(file, NOW, preset) == (Settings(own_name="Mari", poll_seconds=60), None)


def test_an_override_holds_for_this_run_and_is_not_written_down(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    kept = KeptSettings(Settings(user="A"), file, {"user": "B", "own_number": "+3726401234"})
    assert kept.current.user == "B"
    kept.change(theme="dark")
    assert files.load(file) == Settings(user="A", theme="dark")
    assert kept.current == Settings(user="B", own_number="+3726401234", theme="dark")


def test_changing_what_was_overridden_is_written_down(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    kept = KeptSettings(Settings(user="A"), file, {"user": "B"})
    kept.change(user="C")
    assert kept.current.user == files.load(file).user == "C"


def test_a_change_that_cannot_be_written_holds_and_says_so(tmp_path: Path) -> None:
    kept = KeptSettings(Settings(), tmp_path / "gone" / "settings.json")
    with pytest.raises(BadInput, match="could not be written"):
        kept.change(theme="dark")
    assert kept.current.theme == "dark"


def test_a_crash_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.json"
    files.save(file, Settings(user="A"))

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.save(file, Settings(user="B"))
    assert files.load(file).user == "A"


# what an administrator set


def preset_file(tmp_path: Path, **given: object) -> Path:
    file = tmp_path / "for-all.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    file.chmod(0o644)
    return file


def test_what_is_usual_counts_until_a_person_chooses(tmp_path: Path) -> None:
    preset = load_preset(preset_file(tmp_path, usual={"language": "et", "popups": False}))
    file = tmp_path / "settings.json"
    kept = KeptSettings(load(file, NOW, preset)[0], file, None, preset)
    assert (kept.current.language, kept.current.popups) == ("et", False)
    kept.change(popups=True)
    assert json.loads(file.read_text(encoding="utf-8")) == {"popups": True}
    later = load_preset(preset_file(tmp_path, usual={"language": "ru", "popups": False}))
    settings, _ = load(file, NOW, later)
    assert (settings.language, settings.popups) == ("ru", True)


def test_what_is_locked_always_counts(tmp_path: Path) -> None:
    preset = load_preset(preset_file(tmp_path, locked={"user": "P0000000@elion.ee"}))
    file = tmp_path / "settings.json"
    file.write_text('{"user": "P1111111@elion.ee"}', encoding="utf-8")
    settings, _ = load(file, NOW, preset)
    kept = KeptSettings(settings, file, {"user": "P0000000@elion.ee"}, preset)
    assert kept.current.user == "P0000000@elion.ee"
    with pytest.raises(Locked):
        kept.change(popups=False, user="P3333333@elion.ee")
    assert kept.current.popups
    assert kept.locked == {"user"}
    kept.change(popups=False, user="P0000000@elion.ee")  # it is that already
    assert not kept.current.popups


@pytest.mark.parametrize(
    ("name", "value", "option"),
    [
        ("user", "P1111111@elion.ee", "--user"),
        ("service_url", "https://elsewhere.example/", "--service"),
        ("own_number", "+3726401234", "--own"),
    ],
)
def test_no_word_of_a_command_says_otherwise_than_what_is_locked(
    name: str, value: str, option: str
) -> None:
    preset = Preset(locked={"user": "", "service_url": "", "own_number": "", "language": "et"})
    with pytest.raises(Locked, match=option):
        KeptSettings(preset.settings, None, {name: value}, preset)
    spoken = KeptSettings(preset.settings, None, {name: "", "language": "ru"}, preset)
    assert spoken.current == preset.settings


@pytest.mark.parametrize("text", ['{"locked": ["user"]}', "{", "[]"], ids=["part", "cut", "list"])
def test_a_preset_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    """Nobody knows what was to be locked."""
    file = preset_file(tmp_path)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="everybody") as refused:
        load_preset(file)
    assert "for-all.json" in refused.value.message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_preset_that_others_can_write_is_refused(tmp_path: Path) -> None:
    file = preset_file(tmp_path, locked={"user": "P0000000@elion.ee"})
    file.chmod(0o666)
    with pytest.raises(BadInput, match="everybody"):
        load_preset(file)


def test_no_preset_presets_nothing(tmp_path: Path) -> None:
    assert load_preset(tmp_path / "none.json").settings == Settings()
