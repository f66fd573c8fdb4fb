"""The settings as a file: no secret is in it, and bringing it back says first what it changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desk_phone.app.settings_copy import Difference, copied, differences, save
from desk_phone.errors import BadInput
from desk_phone.settings import Settings

MINE = Settings(user="P0000000@example.ee", own_number="+3726401234", popups=False, theme="dark")


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    save(file, MINE)
    found = differences(file, Settings())
    assert replace(Settings(), **{one.name: one.then for one in found}) == MINE
    assert differences(file, MINE) == ()


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param({"proxy": "http://mari:geheim@proxy.example:3128"}, id="login of a proxy"),
        pytest.param({"crm_webhook": "https://crm.example/h?token=geheim"}, id="token"),
        pytest.param({"crm_webhook": f"https://crm.example/{'geheim' * 6}"}, id="secret path"),
        pytest.param({"crm_url": "https://crm.example/?api_key=geheim&q={e164}"}, id="key"),
        pytest.param({"notices_url": "https://x.example/?a=geheimgeheimgeheimgeheim"}, id="long"),
        pytest.param({"crm_program": f"open --token={'geheim' * 6}"}, id="a program's token"),
        pytest.param({"crm_url": "https://[geheim"}, id="no address at all"),
    ],
)
def test_what_may_be_secret_is_left_out_and_told(secret: dict[str, str]) -> None:
    made = copied(replace(MINE, **secret))
    assert "geheim" not in made.text
    assert made.left_out == tuple(secret)


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param({"crm_url": "https://crm.example/search?q={e164}"}, id="page"),
        pytest.param({"proxy": "http://proxy.example:3128"}, id="proxy"),
        pytest.param({"crm_program": "open-customer --number={e164}"}, id="program"),
    ],
)
def test_what_opens_nothing_is_kept(plain: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    assert save(file, replace(MINE, **plain)).left_out == ()
    ((name, value),) = plain.items()
    assert differences(file, MINE) == (Difference(name, "", value),)


def test_who_is_shown_the_password_does_not_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    evil = {"service_url": "https://evil.example/", "crm_signed": True, "window_geometry": "x"}
    file.write_text(json.dumps({"desk_phone_settings": 1, "settings": evil}), encoding="utf-8")
    assert differences(file, Settings()) == ()


def test_what_is_locked_unknown_or_of_another_type_stays(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    given = {
        "theme": "dark",
        "popups": False,
        "hotkey_on": 0,
        "own_name": "a\u202eb",
        "quiet_from": "x" * 3000,
        "later": 1,
        "poll_seconds": 9,
    }
    file.write_text(json.dumps({"desk_phone_settings": 1, "settings": given}), encoding="utf-8")
    found = {one.name for one in differences(file, Settings(), {"theme"})}
    assert found == {"popups", "poll_seconds"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut"),
        pytest.param("[]", id="list"),
        pytest.param('{"settings": {}}', id="somebody else's"),
        pytest.param('{"desk_phone_settings": 2, "settings": {}}', id="newer"),
        pytest.param('{"desk_phone_settings": 1, "settings": 1}', id="no settings"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param(" " * 300_000, id="large"),
        pytest.param("\udcff", id="no text"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BadInput, match="no settings of Desk Phone"):
        differences(file, Settings())


def test_files_that_cannot_be_read_or_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could not be read"):
        differences(tmp_path / "none.json", Settings())
    with pytest.raises(BadInput, match="could not be written"):
        save(tmp_path / "none" / "s.json", Settings())
