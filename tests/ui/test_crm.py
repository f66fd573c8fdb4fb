"""The CRM connection: what opens, who is told, and what survives a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_phone.errors import BadInput, Offline, Refused
from desk_phone.model.secret import Secret
from desk_phone.store import deliveries
from desk_phone.web.posting import Heard
from tests.offices import full_disk
from tests.ui.conftest import HOSTILE, OWN, Desk
from tests.ui.crm_desk import HOOK, PAGE, CrmDesk, call


@pytest.fixture
def crm(desk: Desk) -> Iterator[CrmDesk]:
    crm = CrmDesk(desk)
    yield crm
    crm.crm.stop()


# by click


def test_a_click_opens_the_page_and_runs_the_program(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE, crm_program="crm {name} --note={note}")
    crm.notes[7] = "Ask about\nthe offer"
    crm.crm.open(call(name="Anna"))
    assert crm.shown == ["https://crm.example/?q=%2B37251234567"]
    assert crm.run == [("crm", "Anna", "--note=Ask about the offer")]
    assert not crm.failed


def test_of_several_entries_another_program_gets_the_first_name(crm: CrmDesk) -> None:
    number = "+37251234567"
    crm.desk.list_entries(("Jaan Tamm", number), ("Valve", number))
    crm.desk.change(crm_url="https://crm.example/?q={name}", crm_open="ringing", crm_webhook=HOOK)
    crm.ring(number)
    assert crm.shown == ["https://crm.example/?q=Jaan%20Tamm"]
    crm.desk.qtbot.waitUntil(lambda: bool(crm.receiver.heard))
    assert "Valve" not in str(crm.receiver.heard)
    assert "Jaan Tamm" in str(crm.receiver.heard)


@pytest.mark.parametrize(
    ("chosen", "other", "title"),
    [
        pytest.param({}, "+37251234567", "No page of a CRM is set", id="nothing is set"),
        pytest.param({"crm_url": PAGE}, "", "The number is withheld", id="withheld"),
        pytest.param(
            {"crm_url": "https://x/{phone}"}, "+37251234567", "There is no placeholder", id="typo"
        ),
    ],
)
def test_a_click_that_opens_nothing_says_why(
    crm: CrmDesk, chosen: dict[str, object], other: str, title: str
) -> None:
    crm.desk.change(**chosen)
    crm.crm.open(call(other))
    assert not crm.shown
    assert [error.title.startswith(title) for error in crm.failed] == [True]


def test_without_a_browser_each_click_is_told(crm: CrmDesk) -> None:
    crm.browser = False
    crm.desk.change(crm_url=PAGE)
    crm.crm.open(call())
    crm.crm.open(call())
    assert [error.title for error in crm.failed] == ["The page of the CRM could not be opened"] * 2


def test_clicks_are_not_counted(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE, crm_unknown_only=True)
    for _ in range(10):
        crm.crm.open(call())
    assert len(crm.shown) == 10


def test_what_can_be_opened_is_known(crm: CrmDesk) -> None:
    assert not crm.crm.can_open
    crm.desk.change(crm_program="crm {e164}")
    assert crm.crm.can_open


# by itself


def test_nothing_opens_by_itself_until_it_was_chosen(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE)
    crm.ring()
    assert not crm.shown


def test_on_ringing_the_page_opens_once(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE, crm_open="ringing")
    crm.ring()
    crm.ring()
    assert crm.shown == ["https://crm.example/?q=%2B37251234567"]


def test_after_a_restart_it_does_not_open_again(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE, crm_open="ringing")
    crm.ring()
    crm.stop()
    crm.start()
    crm.ring()
    assert len(crm.shown) == 1


def test_a_forged_flood_opens_three_pages(crm: CrmDesk) -> None:
    crm.desk.change(crm_url=PAGE, crm_open="ringing")
    for n in range(50):
        crm.ring(f"+3725123{n:04}")
    assert len(crm.shown) == 3
    assert crm.crm.state.unopened == 47


def test_a_hostile_caller_opens_only_the_own_server(crm: CrmDesk) -> None:
    crm.desk.change(crm_url="https://crm.example/{name}/x", crm_open="ringing")
    crm.ring(name=HOSTILE)
    (page,) = crm.shown
    assert page.startswith("https://crm.example/%3Cimg")
    assert page.count("/") == 4


def test_a_program_that_is_not_there_is_told_once_until_the_settings_change(crm: CrmDesk) -> None:
    crm.program = False
    crm.desk.change(crm_program="crm {e164}", crm_open="ringing")
    crm.ring("+3725123001")
    crm.ring("+3725123002")
    assert [error.title for error in crm.failed] == ["There is no program crm"]
    crm.desk.change(crm_program="crm --n={e164}")
    crm.ring("+3725123003")
    assert len(crm.failed) == 2


def test_a_bad_setting_of_a_file_is_told_and_harms_nothing(crm: CrmDesk) -> None:
    crm.desk.change(crm_url="file:///{name}", crm_open="ringing")
    crm.ring()
    assert not crm.shown
    assert crm.failed[0].title == "Addresses that begin with file: are not opened"
    crm.desk.change(crm_url=PAGE, crm_open="nonsense")
    crm.ring("+3725123001")
    assert not crm.shown


# the webhook


def test_each_event_of_a_call_is_told_once(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK)
    crm.ring()
    crm.notes[crm.desk.ledger.page()[0].id] = "Ask"
    crm.desk.clock.pass_(seconds=70)
    crm.desk.add(ago=timedelta(seconds=69), talked=timedelta(seconds=20))
    crm.desk.poll()
    crm.desk.poll()
    assert crm.heard(3) == ["ringing", "answered", "ended"]
    assert crm.receiver.heard[2][1]["note"] == "Ask"


def test_a_first_look_at_a_month_is_told_to_nobody(empty_desk: Desk) -> None:
    empty_desk.change(crm_webhook=HOOK)
    crm = CrmDesk(empty_desk)
    for days in range(1, 20):
        empty_desk.add(ago=timedelta(days=days))
    empty_desk.poll()
    assert not crm.queue.waiting
    empty_desk.clock.pass_(minutes=5)
    empty_desk.miss(ago=timedelta(minutes=2))
    assert crm.heard(1) == ["missed"]
    crm.crm.stop()


def test_what_was_missed_while_the_program_was_off_is_told_later(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK)
    crm.stop()
    crm.desk.clock.pass_(hours=20)
    crm.desk.add(ago=timedelta(hours=9))
    crm.start()
    crm.desk.poll()
    assert crm.heard(1) == ["missed"]


def test_what_the_ledger_knew_before_a_crash_is_told_after_it(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK)
    crm.stop()
    crm.desk.clock.pass_(minutes=5)
    crm.desk.miss()  # in the ledger; killed before anybody was told
    crm.start()
    assert crm.heard(1) == ["missed"]
    crm.stop()
    crm.start()
    assert crm.heard(1) == ["missed"]


def test_without_a_receiver_nothing_is_remembered(crm: CrmDesk) -> None:
    crm.desk.miss()
    assert crm.queue.since() == {}
    assert not crm.queue.waiting


def test_a_receiver_that_comes_later_is_not_told_of_before(crm: CrmDesk) -> None:
    crm.desk.miss()
    crm.desk.clock.pass_(minutes=5)
    crm.desk.change(crm_webhook=HOOK)
    crm.stop()
    crm.start()
    crm.desk.miss("51111111", ago=timedelta(0))
    assert crm.heard(1) == ["missed"]
    assert crm.receiver.heard[0][1]["other"] == "+37251111111"


def test_without_a_network_it_waits_and_says_so(crm: CrmDesk) -> None:
    crm.receiver.answers = [Offline("No network", "Later.")]
    crm.desk.change(crm_webhook=HOOK)
    crm.desk.miss(ago=timedelta(0))
    crm.desk.qtbot.waitUntil(lambda: crm.crm.state.trouble is not None)
    state = crm.crm.state
    assert (state.waiting, str(state.trouble)) == (1, "No network\nLater.")
    assert state.next_try == crm.desk.clock.at + timedelta(seconds=5)
    assert not crm.failed  # the settings say it; nobody is disturbed


def test_after_a_restart_the_queue_goes_on(crm: CrmDesk) -> None:
    crm.receiver.answers = [Offline("No network")]
    crm.desk.change(crm_webhook=HOOK)
    crm.desk.miss(ago=timedelta(0))
    crm.desk.qtbot.waitUntil(lambda: crm.crm.state.trouble is not None)
    crm.stop()
    crm.receiver.answers = [Heard(200)]
    crm.start()
    assert crm.heard(1) == ["missed"]
    assert crm.crm.state.waiting == 0


def test_it_is_tried_again_by_itself(crm: CrmDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk_phone.app.crm_queue.pause", lambda *_: 0.01)
    crm.receiver.answers = [Offline("No network"), Heard(503), Heard(200)]
    crm.desk.change(crm_webhook=HOOK)
    crm.desk.miss(ago=timedelta(0))
    assert crm.heard(2) == ["missed", "missed"]
    assert crm.receiver.ids[0] == crm.receiver.ids[1]


def test_a_refusal_is_told_once_and_the_next_goes_on(crm: CrmDesk) -> None:
    crm.receiver.answers = [Heard(404)]
    crm.desk.change(crm_webhook=HOOK)
    crm.desk.add("51111111", ago=timedelta(0))
    crm.desk.add("51111112", ago=timedelta(0))
    crm.desk.poll()
    crm.heard(2)
    crm.desk.qtbot.waitUntil(lambda: crm.crm.state.losses.refused == 2)
    assert [error.title for error in crm.failed] == ["crm.example refused (HTTP 404)"]


def test_another_address_begins_anew_and_none_ends_it(crm: CrmDesk) -> None:
    crm.receiver.answers = [Offline("No network")]
    crm.desk.change(crm_webhook=HOOK)
    crm.desk.miss(ago=timedelta(0))
    crm.desk.qtbot.waitUntil(lambda: crm.crm.state.trouble is not None)
    crm.desk.change(crm_webhook="")
    assert crm.crm.state.waiting == 0
    assert crm.crm.state.trouble is None
    assert crm.queue.since() == {}


def test_a_full_disk_is_told_once_and_breaks_nothing(
    crm: CrmDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.desk.change(crm_webhook=HOOK)
    monkeypatch.setattr(deliveries, "writing", full_disk)
    crm.desk.miss(ago=timedelta(0))
    crm.desk.miss("51111111", ago=timedelta(0))
    assert [error.title for error in crm.failed] == ["No room to save"]


def test_a_stopped_connection_tells_nobody(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK, crm_url=PAGE, crm_open="ringing")
    crm.crm.stop()
    crm.ring()
    assert not crm.shown
    assert not crm.queue.waiting


# trying out, signing


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(Heard(202), 202, id="taken"),
        pytest.param(Heard(404), Refused, id="refused"),
        pytest.param(Offline("No network"), Offline, id="offline"),
    ],
)
def test_a_test_event_says_what_became_of_it(
    crm: CrmDesk, answer: Heard | Offline, outcome: int | type
) -> None:
    crm.desk.change(crm_webhook=HOOK)
    crm.receiver.answers = [answer]
    crm.crm.test()
    crm.desk.qtbot.waitUntil(lambda: bool(crm.tested))
    (said,) = crm.tested
    assert said == outcome if isinstance(outcome, int) else isinstance(said, outcome)


def test_a_test_without_a_webhook_says_so(crm: CrmDesk) -> None:
    crm.crm.test()
    crm.desk.qtbot.waitUntil(lambda: bool(crm.tested))
    assert isinstance(crm.tested[0], BadInput)


def test_a_secret_lies_in_the_keyring_and_signs(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK)
    crm.crm.keep_secret(Secret("key"))
    crm.desk.qtbot.waitUntil(lambda: crm.desk.preferences.settings.crm_signed)
    assert crm.desk.keyring.kept["CRM webhook"] == Secret("key")
    crm.desk.miss(ago=timedelta(0))
    crm.heard(1)
    assert crm.receiver.heard[0][0]["X-Desk-Phone-Signature"].startswith("sha256=")


def test_without_a_keyring_there_is_no_secret_and_it_is_told(crm: CrmDesk) -> None:
    crm.desk.keyring.absent = True
    crm.crm.keep_secret(Secret("key"))
    crm.desk.qtbot.waitUntil(lambda: bool(crm.failed))
    assert not crm.desk.preferences.settings.crm_signed


def test_only_my_line_opens_but_every_line_is_told(crm: CrmDesk) -> None:
    crm.desk.change(crm_webhook=HOOK, crm_url=PAGE, crm_open="ringing", own_number="+3726401234")
    crm.ring()
    assert crm.heard(1) == ["ringing"]
    assert crm.receiver.heard[0][1]["own"] == OWN
    assert not crm.shown
