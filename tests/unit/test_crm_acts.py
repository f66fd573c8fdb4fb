"""Delivering to a webhook, one at a time, with a receiver that a test holds in hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.crm_acts import (
    SECRET_NAME,
    Step,
    example,
    new_delivery,
    page_of,
    program_of,
)
from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.crm import Event, Happening
from desk_phone.model.crm_delivery import STUMBLES_AT_MOST, signature
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.deliveries import Losses
from desk_phone.system.keyring_trouble import KeyringTrouble, locked
from desk_phone.web.posting import Heard
from tests.crm import Killed, Place
from tests.offices import NOON
from tests.reported import empty_database


@pytest.fixture
def place() -> Iterator[Place]:
    with closing(empty_database()) as db:
        yield Place(db)


def test_in_order_and_each_once(place: Place) -> None:
    place.put("a", "b")
    assert [place.deliver() for _ in range(3)] == [Step.TAKEN, Step.TAKEN, Step.EMPTY]
    assert place.receiver.ids == ["a", "b"]


def test_headers_name_the_event_and_the_id(place: Place) -> None:
    place.put("a")
    place.deliver()
    ((headers, _),) = place.receiver.heard
    assert headers == {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": "a",
        "X-Desk-Phone-Event": "missed",
    }


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Offline("No network"), id="offline"),
        pytest.param(Uncertain("No answer"), id="no answer"),
        pytest.param(Heard(503, 30.0), id="busy"),
        pytest.param(Heard(429), id="too many"),
        pytest.param(Heard(500), id="broken"),
    ],
)
def test_what_was_not_taken_is_sent_again_under_the_same_id(
    place: Place, answer: Heard | PhoneError
) -> None:
    place.put("a", "b")
    place.receiver.answers = [answer, Heard(200)]
    assert place.deliver() is Step.LATER
    assert place.queue.waiting == 2
    place.restart()
    assert place.deliver() is Step.TAKEN
    assert place.receiver.ids[-1] == "a"


def test_the_pause_the_receiver_asks_for_is_told(place: Place) -> None:
    place.put("a")
    place.receiver.answers = [Heard(429, 42.0)]
    delivered = perform(place.webhook.deliver(place.queue))
    assert delivered.retry_after == 42.0
    assert "crm.example cannot take it now (HTTP 429)" in str(delivered.trouble)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "refused (HTTP 404)"), (302, "sends us elsewhere (HTTP 302)"), (401, "refused")],
)
def test_what_is_refused_goes_and_is_told(place: Place, status: int, words: str) -> None:
    place.put("a", "b")
    place.receiver.answers = [Heard(status), Heard(200)]
    delivered = perform(place.webhook.deliver(place.queue))
    assert delivered.step is Step.REFUSED
    assert isinstance(delivered.trouble, Refused)
    assert words in delivered.trouble.title
    assert place.queue.losses == Losses(refused=1)
    assert place.deliver() is Step.TAKEN
    assert place.receiver.ids == ["a", "b"]


def test_a_message_the_receiver_breaks_over_is_given_up(place: Place) -> None:
    place.put("a")
    place.receiver.answers = [Offline("No network")] * 20 + [Heard(503)] * 20 + [Heard(500)]
    steps = [place.deliver() for _ in range(40 + STUMBLES_AT_MOST)]
    assert steps == [Step.LATER] * (39 + STUMBLES_AT_MOST) + [Step.REFUSED]
    assert place.queue.waiting == 0


def test_killed_after_it_was_sent_it_is_sent_again_and_the_receiver_can_tell(place: Place) -> None:
    place.put("a", "b")
    place.receiver.answers = [Killed(), Heard(200)]
    with pytest.raises(Killed):
        place.deliver()
    place.restart()
    assert [place.deliver(), place.deliver()] == [Step.TAKEN, Step.TAKEN]
    assert place.receiver.ids == ["a", "a", "b"]
    keys = [headers["Idempotency-Key"] for headers, _ in place.receiver.heard]
    assert keys == ["a", "a", "b"]


def test_what_waited_for_a_week_is_not_sent(place: Place) -> None:
    place.put("a")
    place.clock.pass_(days=8)
    assert place.deliver() is Step.EMPTY
    assert not place.receiver.heard


def test_an_address_that_became_unusable_keeps_the_queue(place: Place) -> None:
    place.put("a")
    place.settings = replace(place.settings, crm_webhook="http://crm.example/")
    assert place.deliver() is Step.LATER
    assert place.queue.waiting == 1
    assert not place.receiver.heard


# signing


def test_with_a_secret_each_message_is_signed(place: Place) -> None:
    perform(place.webhook.keep_secret(Secret("key")))
    place.settings = replace(place.settings, crm_signed=True)
    place.put("a", "b")
    place.restart()
    assert [place.deliver(), place.deliver()] == [Step.TAKEN, Step.TAKEN]
    assert place.keyring.asked == ["keep", "read"]
    headers, _ = place.receiver.heard[0]
    at = headers["X-Desk-Phone-Timestamp"]
    assert at == str(int(NOON.timestamp()))
    assert headers["X-Desk-Phone-Signature"] == signature("key", at, b'{"id": "a"}')


def test_nothing_that_shall_be_signed_leaves_unsigned(place: Place) -> None:
    place.settings = replace(place.settings, crm_signed=True)
    place.put("a")
    assert place.deliver() is Step.LATER
    place.keyring.trouble = locked()
    with pytest.raises(KeyringTrouble):
        place.deliver()
    assert not place.receiver.heard
    assert place.queue.waiting == 1


def test_a_secret_that_is_forgotten_is_nowhere(place: Place) -> None:
    perform(place.webhook.keep_secret(Secret("key")))
    perform(place.webhook.keep_secret(Secret("")))
    assert not place.keyring.read(SECRET_NAME)


# trying out


def test_a_test_goes_past_the_queue_and_says_that_it_is_one(place: Place) -> None:
    place.put("a")
    assert perform(place.webhook.test(example(NOON))) == 200
    ((_, said),) = place.receiver.heard
    assert said["test"] is True
    assert said["event"] == "ended"
    assert place.queue.waiting == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(Heard(404), Refused), (Heard(500), Refused), (Offline("No network"), Offline)],
)
def test_a_test_that_fails_says_why(
    place: Place, answer: Heard | PhoneError, kind: type[PhoneError]
) -> None:
    place.receiver.answers = [answer]
    with pytest.raises(kind):
        perform(place.webhook.test(example(NOON)))


def test_no_two_deliveries_have_the_same_id() -> None:
    happening = Happening(Event.MISSED, example(NOON).call, NOON)
    ids = {new_delivery(happening, "", NOON).id for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == 32 for one in ids)


def test_what_is_not_set_opens_nothing() -> None:
    assert page_of(Settings(), example(NOON)) == ""
    assert program_of(Settings(), example(NOON)) == ()


def test_a_bad_setting_is_told() -> None:
    with pytest.raises(BadInput):
        page_of(Settings(crm_url="javascript:alert({name})"), example(NOON))
