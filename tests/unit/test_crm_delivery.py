"""What an answer of a webhook means, when to try again, how a message is signed and worded."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.model.calls import Call, Direction, NameSource, Outcome
from desk_phone.model.crm import Event, Happening
from desk_phone.model.crm_delivery import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    STUMBLES_AT_MOST,
    Verdict,
    pause,
    signature,
    verdict,
)
from desk_phone.model.crm_document import document

NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        *((status, Verdict.TAKEN) for status in (200, 201, 202, 204, 299)),
        *((status, Verdict.REFUSED) for status in (301, 302, 307, 308, 304)),
        *((status, Verdict.REFUSED) for status in (400, 401, 403, 404, 410, 413, 422)),
        *((status, Verdict.LATER) for status in (408, 425, 429, 500, 501, 502, 503, 504, 599)),
        (100, Verdict.REFUSED),
    ],
)
def test_only_two_hundred_is_a_yes(status: int, meaning: Verdict) -> None:
    assert verdict(status) is meaning


def test_a_message_the_receiver_breaks_over_does_not_hold_up_the_others_for_ever() -> None:
    said = [verdict(500, stumbles) for stumbles in range(STUMBLES_AT_MOST)]
    assert said == [Verdict.LATER] * (STUMBLES_AT_MOST - 1) + [Verdict.REFUSED]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_outage_lasts_as_long_as_it_lasts(status: int) -> None:
    assert verdict(status, 1000) is Verdict.LATER


@pytest.mark.parametrize("dice", [0.0, 0.5, 0.999])
def test_pauses_grow_and_have_an_end(dice: float) -> None:
    last = 0.0
    for _ in range(50):
        last = pause(last, lambda: dice)
        assert FIRST_PAUSE <= last <= LONGEST_PAUSE
    assert dice == 0.0 or last == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("asked", "expected"), [(None, 5.0), (1.0, 5.0), (60.0, 60.0), (1e6, LONGEST_PAUSE)]
)
def test_what_the_receiver_asks_for_is_granted_within_reason(
    asked: float | None, expected: float
) -> None:
    assert pause(0.0, lambda: 0.0, asked) == expected


def test_the_signature_is_what_docs_say() -> None:
    body = '{"name":"Õ"}'.encode()
    expected = hmac.new("key ö".encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    assert signature("key ö", "1700000000", body) == "sha256=" + expected


TALK = Call(
    *(12, "+3726401234", "+358401234567", "00358401234567", Direction.INCOMING, Outcome.ANSWERED),
    *(NOON, NOON + timedelta(seconds=8), NOON + timedelta(minutes=2)),
    name='Õ"\\</script>\n',
    name_source=NameSource.PHONEBOOK,
)


def test_the_document_says_everything_in_local_time() -> None:
    said = json.loads(document(Happening(Event.ENDED, TALK, NOON), "abc", "A note"))
    assert said == {
        "version": 1,
        "id": "abc",
        "event": "ended",
        "test": False,
        "at": "2026-11-24T14:30:00+02:00",
        "call_id": 12,
        "own": "+3726401234",
        "other": "+358401234567",
        "national": "0401234567",
        "name": 'Õ"\\</script>\n',
        "name_source": "phonebook",
        "direction": "incoming",
        "start": "2026-11-24T14:30:00+02:00",
        "answered": "2026-11-24T14:30:08+02:00",
        "released": "2026-11-24T14:32:00+02:00",
        "outcome": "answered",
        "note": "A note",
    }


@pytest.mark.parametrize(
    ("other", "e164", "digits"),
    [("", None, None), ("1234", None, "1234")],
    ids=["withheld", "short"],
)
def test_a_number_without_an_international_form_is_null(
    other: str, e164: str | None, digits: str | None
) -> None:
    call = replace(TALK, other=other, answered=None, released=None)
    said = json.loads(document(Happening(Event.MISSED, call, NOON), "abc"))
    assert (said["other"], said["national"]) == (e164, digits)
    assert (said["answered"], said["released"]) == (None, None)


def test_half_a_character_in_a_note_breaks_nothing() -> None:
    said = document(Happening(Event.ENDED, TALK, NOON), "abc", "\ud83d" + "x" * 10_000)
    assert len(json.loads(said)["note"]) == 4000
    said.encode()
