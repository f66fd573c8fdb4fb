"""``crm test``: what a call would open, and whether the webhook hears us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.options import HelpWanted, read
from desk_phone.said import Status
from tests.contract.server import Server, http
from tests.offices import Workplace

PAGE = "https://crm.example/?q={e164}&n={name}"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


def test_it_prints_what_would_open_and_opens_nothing(place: Workplace) -> None:
    place.change(crm_url=PAGE, crm_program="crm {e164} --name={name}")
    said = place.command("crm", "test", "5123", "4567")
    assert (said.status, said.err) == (0, "")
    assert said.out == (
        "Page: https://crm.example/?q=%2B37251234567&n=%C3%95ie%20%26%20Pojad\n"
        "Program: crm +37251234567 '--name=Õie & Pojad'\n"
    )


def test_without_a_number_somebody_made_up_calls(place: Workplace) -> None:
    place.change(crm_url=PAGE)
    assert "%2B3726403231" in place.command("crm", "test").out


def test_the_webhook_hears_a_test(place: Workplace) -> None:
    with Server(http("", 202)) as server:
        place.change(crm_webhook=f"http://127.0.0.1:{server.port}/hook")
        said = place.command("crm", "test", "+358401234567")
    assert (said.status, said.out) == (0, "Webhook: taken (HTTP 202)\n")
    heard = json.loads(server.heard[0].body)
    assert heard["test"] is True
    assert heard["other"] == "+358401234567"


def test_a_webhook_that_refuses_is_told_by_the_status(place: Workplace) -> None:
    with Server(http("", 404)) as server:
        place.change(crm_url=PAGE, crm_webhook=f"http://127.0.0.1:{server.port}/hook")
        said = place.command("crm", "test")
    assert said.status == Status.REFUSED
    assert said.out.startswith("Page: https://crm.example/")
    assert "127.0.0.1 refused (HTTP 404)" in said.err


def test_json_has_all_of_it(place: Workplace) -> None:
    place.change(crm_url=PAGE, crm_program="crm {digits}")
    said = place.command("crm", "test", "51234567", "--json")
    assert json.loads(said.out) == {
        "page": "https://crm.example/?q=%2B37251234567&n=%C3%95ie%20%26%20Pojad",
        "program": ["crm", "37251234567"],
        "webhook": None,
    }


@pytest.mark.parametrize(
    ("settings", "words", "title"),
    [
        pytest.param({}, (), "No CRM is set", id="nothing set"),
        pytest.param({"crm_url": PAGE}, ("abc",), "abc is no phone number", id="no number"),
        pytest.param({"crm_url": "https://x/{phone}"}, (), "There is no placeholder", id="typo"),
        pytest.param({"crm_program": "cmd /c {name}"}, (), "through a shell", id="shell"),
    ],
)
def test_what_is_wrong_is_said(
    place: Workplace, settings: dict[str, object], words: tuple[str, ...], title: str
) -> None:
    place.change(**settings)
    said = place.command("crm", "test", *words)
    assert said.status == Status.BAD_INPUT
    assert title in said.err


def test_a_secret_that_this_process_has_not_is_told(place: Workplace) -> None:
    with Server(http()) as server:
        place.change(crm_webhook=f"http://127.0.0.1:{server.port}/hook", crm_signed=True)
        said = place.command("crm", "test")
    assert said.status == Status.BAD_INPUT
    assert "secret is not to be found" in said.err
    assert not server.heard


def test_its_words() -> None:
    options = read(["crm", "test", "640", "3231"])
    assert (options.command, options.deed, options.number) == ("crm", "test", "640 3231")
    with pytest.raises(BadInput):
        read(["crm"])
    with pytest.raises(HelpWanted):
        read(["crm", "test", "--help"])
