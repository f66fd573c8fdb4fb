"""What the service was told to call: never forgotten, and taken back when a person says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk_phone import logs
from desk_phone.app.acts import perform
from desk_phone.app.notices_address import public_problem, with_secret
from desk_phone.app.notices_rules import rules_of
from desk_phone.errors import BadInput, Offline, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.said import Status
from desk_phone.system.keyring_trouble import KeyringTrouble, locked, none_there
from tests.offices import COLLEAGUE, OWN, RIGHT, USER, Workplace

URL = "https://notices.company.example/desk-phone"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.change(notices_url=URL)
    return place


# telling the service


def test_the_service_is_told_our_address_with_the_secret(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        assert place.telco.notices == {OWN: office.notices.target}
        assert office.notices.in_force
        assert not office.notices.outdated
    base, _, secret = place.telco.notices[OWN].rpartition("/")
    assert base == URL
    assert len(secret) == 43  # 256 bits


def test_what_was_told_is_known_after_a_restart(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        target = office.notices.target
    with place.open(RIGHT) as office:
        assert [(active.own, active.url) for active in office.notices.active] == [(OWN, target)]
        perform(office.notices.deactivate_all())
        assert office.notices.active == ()
    assert place.telco.notices == {}


@pytest.mark.parametrize(
    ("trouble", "kept"),
    [
        pytest.param(Offline("no network"), [], id="surely not sent"),
        pytest.param(Refused("no", code="ERR003"), [], id="refused"),
        pytest.param(Uncertain("no answer"), [OWN], id="perhaps done: to be taken back"),
    ],
)
def test_what_may_be_in_force_is_known(
    place: Workplace, trouble: Exception, kept: list[str]
) -> None:
    place.telco.trouble["activate_notices"].append(trouble)
    with place.open(RIGHT) as office:
        with pytest.raises(type(trouble)):
            perform(office.notices.activate(OWN))
        assert [active.own for active in office.notices.active] == kept
        assert not office.notices.in_force
        assert office.notices.outdated is bool(kept)
        perform(office.notices.activate(OWN))  # telling it twice does no harm
        assert office.notices.in_force


def test_a_failure_leaves_the_older_address_known(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        before = office.notices.active
        office.notices.renew_secret()
        place.telco.trouble["activate_notices"].append(Offline("no network"))
        with pytest.raises(Offline):
            perform(office.notices.activate(OWN))
        assert office.notices.active == before
        assert office.notices.outdated


@pytest.mark.parametrize("trouble", [Offline("no"), Uncertain("no answer"), Refused("no")])
def test_what_the_service_did_not_take_back_stays_known(
    place: Workplace, trouble: Exception
) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        place.telco.trouble["deactivate_notices"].append(trouble)
        with pytest.raises(type(trouble)):
            perform(office.notices.deactivate_all())
        assert [active.own for active in office.notices.active] == [OWN]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"notices_url": "https://other.example/x"}, id="another address"),
        pytest.param({}, id="another secret"),
    ],
)
def test_a_new_address_is_out_of_force_until_the_service_is_told(
    place: Workplace, change: dict[str, str]
) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        if not change:
            office.notices.renew_secret()
        place.change(**change)
        assert (office.notices.in_force, office.notices.outdated) == (False, True)
        assert len(place.knocked) == 1  # nothing was told by itself
        perform(office.notices.activate(OWN))
        assert (office.notices.in_force, office.notices.outdated) == (True, False)


def test_a_line_that_was_left_is_still_taken_back(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        perform(office.notices.activate(OWN))
        place.change(own_number=COLLEAGUE)
        assert not office.notices.in_force
        perform(office.notices.activate(COLLEAGUE))
        assert office.notices.numbers == {OWN, COLLEAGUE}
        perform(office.notices.deactivate_all())
    assert place.telco.notices == {}


def test_without_an_address_nothing_is_told(place: Workplace) -> None:
    place.change(notices_url="")
    with place.open(RIGHT) as office:
        assert office.notices.target == ""
        with pytest.raises(BadInput):
            perform(office.notices.activate(OWN))
    assert place.knocked == []


def test_the_time_of_the_last_notice_is_of_this_address(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        assert office.notices.heard is None
        office.notices.note_heard()
        assert office.notices.heard == place.clock.at
        place.clock.pass_(minutes=30)
        office.notices.note_heard()
        assert office.notices.heard != place.clock.at  # written down once an hour
        perform(office.notices.activate(OWN))
        assert office.notices.heard is None


# the secret


def test_the_secret_is_made_once_and_never_logged(place: Workplace) -> None:
    with place.open() as office:
        secret = office.notices.secret.reveal()
        assert office.notices.secret.reveal() == secret
    with place.open() as office:
        assert office.notices.secret.reveal() == secret
        office.notices.renew_secret()
        assert office.notices.secret.reveal() != secret
    assert secret not in logs.redact(f"GET /desk-phone/{secret}?ts=1")
    assert secret not in logs.redact(f"told {secret}")
    assert secret not in (place.paths.settings.read_text() if place.paths.settings.exists() else "")


def test_bad_lists_of_addresses_are_told(place: Workplace) -> None:
    place.change(notices_callers="84.50.42.87 everybody")
    with place.open() as office, pytest.raises(BadInput, match="everybody"):
        rules_of(place.settings, office.notices)


# addresses


@pytest.mark.parametrize(
    "url",
    [
        "",
        "notices.example/x",
        "ftp://notices.example/x",
        "https:///x",
        "https://notices.example:99999/x",
        "https://user:pw@notices.example/x",
        "https://notices.example/x?y=1",
        "https://notices.example/x?",
        "https://notices.example/x#y",
        "https://notices.example/a b",
        "https://notices.example/\n",
        "https://nõtices.example/x",
        "https://notices.example/" + "x" * 200,
    ],
)
def test_an_address_that_cannot_be_called_is_told(url: str) -> None:
    assert public_problem(url)


@pytest.mark.parametrize(
    "url",
    ["https://notices.example", "http://notices.example:8080/x/", "https://192.0.2.7/desk-phone"],
)
def test_an_address_gets_the_secret_as_its_last_part(url: str) -> None:
    assert public_problem(url) == ""
    assert with_secret(url, Secret("s" * 43)) == url.rstrip("/") + "/" + "s" * 43
    whole = with_secret(url, Secret("s" * 43))
    assert with_secret(whole, Secret("s" * 43)) == whole  # pasted with it


# commands


def test_on_asks_first(place: Workplace) -> None:
    said = place.command("notices", "on", given=RIGHT)
    assert said.status == Status.ASKS
    assert "CRM" in said.out
    assert place.knocked == []
    assert not place.settings.notices_on


def test_on_and_off(place: Workplace) -> None:
    said = place.command("notices", "on", "https://n.example/a", "--yes", given=RIGHT)
    assert said.status == Status.DONE
    assert place.settings.notices_on
    assert place.settings.notices_url == "https://n.example/a"
    assert place.telco.notices[OWN].startswith("https://n.example/a/")
    assert place.telco.notices[OWN] in said.out
    said = place.command("notices", "off", given=RIGHT)
    assert said.status == Status.DONE
    assert not place.settings.notices_on
    assert place.telco.notices == {}


@pytest.mark.parametrize(
    ("trouble", "status", "said"),
    [
        pytest.param(locked(), Status.CREDENTIALS, "keyring is locked", id="a locked keyring"),
        pytest.param(none_there(), Status.CREDENTIALS, "no password", id="no password"),
        pytest.param(None, Status.OFFLINE, "no network", id="no network"),
    ],
)
def test_on_waits_for_what_is_missing_and_says_so(
    place: Workplace, trouble: KeyringTrouble | None, status: Status, said: str
) -> None:
    place.keyring.keep(USER, RIGHT)
    place.keyring.trouble = trouble
    if trouble is None:
        place.telco.trouble["activate_notices"].append(Offline("no network"))
    answer = place.command("notices", "on", "--yes")
    assert answer.status == status
    assert said in answer.err
    assert "as soon as it can be asked" in answer.err
    assert place.telco.notices == {}
    shown = place.command("notices", "status")
    assert "as soon as it can be asked" in shown.out
    assert json.loads(place.command("notices", "status", "--json").out)["waiting"] is True
    place.keyring.trouble = None
    with place.open() as office:
        perform(office.notices.activate_waiting())
        assert (office.notices.in_force, office.notices.waiting) == (True, False)
    assert json.loads(place.command("notices", "status", "--json").out)["waiting"] is False


def test_what_waits_is_forgotten_by_off_and_by_another_address(place: Workplace) -> None:
    place.keyring.trouble = locked()
    place.command("notices", "on", "--yes")
    place.change(notices_url="https://other.example/x")
    with place.open() as office:
        assert not office.notices.waiting
    place.change(notices_url=URL)
    with place.open() as office:
        assert office.notices.waiting
    place.command("notices", "off")
    place.change(notices_on=True)
    with place.open() as office:
        assert not office.notices.waiting


def test_what_the_service_refuses_leaves_all_as_it_was(place: Workplace) -> None:
    place.telco.trouble["activate_notices"].append(Refused("no", code="ERR003"))
    said = place.command("notices", "on", "https://n.example/a", "--yes", given=RIGHT)
    assert said.status == Status.REFUSED
    assert (place.settings.notices_on, place.settings.notices_url) == (False, URL)
    with place.open() as office:
        assert not office.notices.waiting


def test_on_says_that_an_administrator_locked_it(place: Workplace) -> None:
    place.change = lambda **_: None  # type: ignore[method-assign]  # as the windows' settings do
    said = place.command("notices", "on", "--yes", given=RIGHT)
    assert (said.status, place.knocked) == (Status.BAD_INPUT, [])


def test_off_listens_no_more_even_where_the_service_says_no(place: Workplace) -> None:
    place.command("notices", "on", "--yes", given=RIGHT)
    place.telco.trouble["deactivate_notices"].append(Offline("no network"))
    said = place.command("notices", "off", given=RIGHT)
    assert said.status == Status.OFFLINE
    assert not place.settings.notices_on
    assert place.telco.notices[OWN] in place.command("notices", "status").out


@pytest.mark.parametrize(
    ("words", "change"),
    [
        pytest.param(("on", "--yes"), {"notices_url": ""}, id="no address"),
        pytest.param(("on", "nonsense", "--yes"), {}, id="a bad address"),
        pytest.param(("on", "--yes"), {"own_number": ""}, id="no line"),
        pytest.param(("listen",), {}, id="listening is not for the tray program"),
    ],
)
def test_what_cannot_be_done_is_told(
    place: Workplace, words: tuple[str, ...], change: dict[str, str]
) -> None:
    place.change(**change)
    said = place.command("notices", *words, given=RIGHT)
    assert said.status == Status.BAD_INPUT
    assert place.knocked == []
    assert not place.settings.notices_on


def test_status_tells_what_is_set(place: Workplace) -> None:
    told = json.loads(place.command("notices", "status", "--json").out)
    assert told["on"] is False
    assert told["active"] == []
    assert told["last_notice"] is told["last_refused"] is told["listening"] is None
    place.command("notices", "on", "--yes", given=RIGHT)
    told = json.loads(place.command("notices", "status", "--json").out)
    assert told["on"] is True
    assert [active["own"] for active in told["active"]] == [OWN]
    place.change(notices_url="https://other.example")
    assert json.loads(place.command("notices", "status", "--json").out)["outdated"] is True
    assert "desk-phone notices on" in place.command("notices", "status").out
