"""What an administrator set for everybody: what makes no sense is told and stops nothing."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.commands import run
from desk_phone.app.kept_settings import KeptSettings, Locked, load_preset
from desk_phone.app.presets import allowed, faults, in_force
from desk_phone.model.diagnostics import Report, as_text, preset_part
from desk_phone.options import read
from desk_phone.said import Said, Status
from desk_phone.settings import Preset, Settings, WrongPreset
from tests.offices import NOON, OWN, RIGHT, USER, Workplace

URL = "https://desk-phone.company.example/x"


def preset(tmp_path: Path, **given: object) -> Preset:
    file = tmp_path / "for-all.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    file.chmod(0o644)
    return load_preset(file)


WRONG = [
    ("service_url", ""),
    ("service_url", "teenused.telia.ee"),
    ("service_url", "http://teenused.telia.ee/external/"),
    ("proxy", "proxy.company.example"),
    ("proxy", "https://proxy.company.example:3128"),
    ("user", "P0000000 at elion.ee"),
    ("user", "P0000000@elion.ee\n"),
    ("own_number", "6403231"),
    ("own_number", "+372 640 3231"),
    ("own_name", "x" * 2001),
    ("popups", 1),
    ("popups_paused_until", -1),
    ("popups_paused_until", float("inf")),
    ("missed_card_seconds", -1),
    ("ringing_card_seconds", 601),
    ("ringing_card_seconds", "10"),
    ("quiet_from", "8:00"),
    ("quiet_until", "24:30"),
    ("theme", "black"),
    ("language", "eesti"),
    ("language", "ET"),
    ("poll_seconds", -5),
    ("poll_seconds", 1.5),
    ("hotkey", ""),
    ("hotkey", "Ctrl+Alt+E"),
    ("hotkey_mode", "dial"),
    ("keep_months", -1),
    ("notices_address", "everywhere"),
    ("notices_port", 70000),
    ("notices_url", "notices.company.example"),
    ("notices_proxies", "the proxy"),
    ("notices_callers", "84.50.42"),
    ("relay_url", "relay.company.example"),
    ("relay_url", "http://relay.company.example"),
    ("relay_broker", "broker.company.example"),
    ("relay_numbers", "6403231 6403232"),
    ("update_url", "ftp://intranet.example/version.json"),
    ("crm_url", "https://{name}.example/"),
    ("crm_program", "{name}"),
    ("crm_open", "always"),
    ("crm_webhook", "http://crm.company.example/hook"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{n}={v!r:.20}" for n, v in WRONG])
def test_a_value_that_makes_no_sense_is_told_and_the_default_counts(
    tmp_path: Path, name: str, value: object
) -> None:
    default = getattr(Settings(), name)
    usual = preset(tmp_path, usual={name: value})
    assert usual.wrong == (WrongPreset("usual", name),)
    assert getattr(usual.settings, name) == default
    (fault,) = faults(usual)
    assert fault == f"usual, {name}: {allowed(name)}"
    locked = preset(tmp_path, locked={name: value})
    assert locked.wrong == (WrongPreset("locked", name),)
    kept = KeptSettings(locked.settings, None, preset=locked)
    assert kept.locked == {name}
    assert getattr(kept.current, name) == default


GOOD = {
    "service_url": ["https://teenused.telia.ee/external/", "http://127.0.0.1:8080/"],
    "proxy": ["", "http://proxy.company.example:3128", "http://a:b@10.0.0.1:8080"],
    "user": ["", "P0000000@elion.ee"],
    "own_number": ["", "+3726403231"],
    "own_name": ["", "Mari Õun"],
    "popups": [True, False],
    "popups_paused_until": [0, 1764108000.5],
    "missed_card_seconds": [0, 600],
    "quiet_from": ["", "08:00", "23:59"],
    "theme": ["system", "light", "dark"],
    "language": ["", "en", "et", "ru"],
    "poll_seconds": [0, 60],
    "hotkey": ["Ctrl+Shift+F11", "F9", "Super+D"],
    "hotkey_mode": ["ask", "at once", "palette"],
    "keep_months": [0, 24],
    "notices_address": ["0.0.0.0", "::1"],
    "notices_port": [0, 8507],
    "notices_url": ["", "https://notices.company.example/desk-phone"],
    "notices_callers": ["", "84.50.42.87 10.0.0.0/8"],
    "relay_url": ["", "https://relay.company.example"],
    "relay_broker": ["", "mqtts://d1@broker.company.example:8883"],
    "relay_numbers": ["", "+3726403231 +3726403232"],
    "update_url": ["", URL],
    "crm_url": ["", "https://crm.company.example/?q={e164}"],
    "crm_program": ["", "crm --number={e164}"],
    "crm_open": ["click", "ringing", "answered"],
    "crm_webhook": ["", URL],
}


def test_what_makes_sense_counts(tmp_path: Path) -> None:
    for name, values in GOOD.items():
        for value in values:
            found = preset(tmp_path, usual={name: value}, locked={name: value})
            assert (name, value, found.wrong) == (name, value, ())
            assert getattr(found.settings, name) == value


def test_every_default_may_be_preset_and_every_setting_says_what_it_may_be(tmp_path: Path) -> None:
    for each in fields(Settings):
        assert preset(tmp_path, locked={each.name: each.default}).wrong == ()
        assert allowed(each.name)


def test_every_setting_that_is_no_switch_and_no_free_text_is_looked_at() -> None:
    free = {"own_name", "relay_device", "window_geometry"}
    lack = {each.name for each in fields(Settings) if type(each.default) is not bool} - free
    assert {name for name in lack if allowed(name) == "one line of text"} == set()


def test_names_and_parts_that_are_none_are_told(tmp_path: Path) -> None:
    found = preset(tmp_path, locked={"usr": USER, "popups": False}, lock={"user": USER})
    assert found.settings == Settings(popups=False)
    assert faults(found) == (
        "lock: only usual and locked are known",
        "locked, usr: there is no such setting",
    )


def test_what_a_person_chose_otherwise_is_not_in_force(tmp_path: Path) -> None:
    found = preset(tmp_path, usual={"popups": False, "theme": "dark"}, locked={"proxy": ""})
    assert in_force(found, Settings(theme="dark")) == ("proxy", "theme")


def test_the_report_for_helpers_has_the_names_alone(tmp_path: Path) -> None:
    found = preset(tmp_path, usual={"language": "xx"}, locked={"proxy": "http://10.1.2.3:3128"})
    text = as_text(Report(NOON, (preset_part(found),)))
    assert "wrong   usual language" in text
    assert "locked  proxy" in text
    assert "10.1.2.3" not in text
    assert "none" in as_text(Report(NOON, (preset_part(Preset()),)))


# commands


def show(place: Workplace, found: Preset, *words: str) -> Said:
    with place.open() as office:
        desk = replace(place.desk(office), preset=found)
        return perform(run(desk, read(["account", "show", *words])))


def test_account_show_tells_what_is_in_force_locked_and_wrong(
    tmp_path: Path, place: Workplace
) -> None:
    found = preset(tmp_path, usual={"theme": "system"}, locked={"hotkey_mode": "dial", "proxy": ""})
    told: dict[str, Any] = json.loads(show(place, found, "--json").out)["presets"]
    assert told == {
        "file": str(tmp_path / "for-all.json"),
        "in_force": ["hotkey_mode", "proxy", "theme"],
        "locked": ["hotkey_mode", "proxy"],
        "wrong": [
            {"part": "locked", "name": "hotkey_mode", "allowed": "one of ask, at once, palette"}
        ],
    }
    lines = show(place, found).out.splitlines()[-3:]
    assert lines == [
        f"Preset for everybody: hotkey_mode, proxy, theme ({tmp_path / 'for-all.json'})",
        "Locked for everybody: hotkey_mode, proxy",
        "Wrong for everybody: locked, hotkey_mode: one of ask, at once, palette",
    ]


def test_a_command_at_another_line_than_the_locked_one_sends_nothing(
    tmp_path: Path, place: Workplace
) -> None:
    found = preset(tmp_path, locked={"own_number": OWN})
    with place.open(RIGHT) as office:
        desk = replace(place.desk(office), preset=found)
        said = perform(run(desk, read(["call", "51234567", "--yes", "--own", "640 1234"])))
        assert (said.status, "--own" in said.err) == (Status.BAD_INPUT, True)
        assert perform(run(desk, read(["calls", "--own", "640 3231"]))).status == Status.DONE
    assert len(place.knocked) == 1


def test_no_leave_is_given_to_try_another_user_than_the_locked_one(
    tmp_path: Path, place: Workplace
) -> None:
    found = preset(tmp_path, locked={"user": USER})
    with place.open() as office:
        desk = replace(place.desk(office), preset=found)
        said = perform(run(desk, read(["account", "may", "--user", "P1111111@elion.ee"])))
        assert said.status == Status.BAD_INPUT
        assert perform(run(desk, read(["account", "may", "--user", USER]))) == Said()


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "data")


def test_a_locked_default_stays_locked(tmp_path: Path) -> None:
    found = preset(tmp_path, locked={"update_url": "nonsense"})
    kept = KeptSettings(found.settings, None, preset=found)
    with pytest.raises(Locked):
        kept.change(update_url=URL)
