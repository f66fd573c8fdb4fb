"""Settings files as other programs leave them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_phone.settings import BadSettings, Settings, load, load_preset


def test_a_file_that_begins_with_a_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b'\xef\xbb\xbf{"user": "mari"}')
    assert load(file).user == "mari"
    file.write_bytes(b'\xef\xbb\xbf{"usual": {"user": "mari"}}')
    file.chmod(0o644)
    assert load_preset(file).usual == {"user": "mari"}


def test_brackets_without_an_end_are_no_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(BadSettings):
        load(file)


def test_a_number_larger_than_any_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"popups_paused_until": 1' + "0" * 400 + "}", encoding="utf-8")
    assert load(file) == Settings()
