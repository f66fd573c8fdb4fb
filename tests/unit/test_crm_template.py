"""Addresses with placeholders: whatever a caller is called, it opens the person's own server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.model.crm import CrmCall
from desk_phone.model.crm_template import (
    URL_AT_MOST,
    Placeholder,
    check_url,
    filled_url,
    one_line,
    parse,
    values,
)

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
CALL = Call(
    *(7, "+3726401234", "+37251234567", "51234567", Direction.INCOMING, Outcome.RINGING, NOW),
    name="Õie & Pojad",
)


def opened(template: str, note: str = "", **fields: object) -> str:
    return filled_url(check_url(template), CrmCall(replace(CALL, **fields), note))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://crm.example/?q={e164}", "https://crm.example/?q=%2B37251234567"),
        ("https://crm.example/{national}", "https://crm.example/51234567"),
        ("https://crm.example/#/{digits}", "https://crm.example/#/37251234567"),
        (
            "https://crm.example/?n={name}",
            "https://crm.example/?n=%C3%95ie%20%26%20Pojad",
        ),
        ("https://crm.example/?o={own}&d={direction}", None),
        ("http://crm.local:8080/{ E164 }", "http://crm.local:8080/%2B37251234567"),
        ("https://crm.example/{{x}}?q={digits}", "https://crm.example/{x}?q=37251234567"),
        ("mycrm://call/{digits}", "mycrm://call/37251234567"),
        ("mycrm:{e164}", "mycrm:%2B37251234567"),
        ("https://crm.example", "https://crm.example"),
    ],
)
def test_placeholders_are_filled_and_escaped(template: str, expected: str | None) -> None:
    url = opened(template)
    assert url == (expected or "https://crm.example/?o=%2B3726401234&d=incoming")


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("https://crm.example/{phone}", "There is no placeholder {phone}"),
        ("https://crm.example/{}", "There is no placeholder {}"),
        ("https://crm.example/{e164", "There is a { or } too many"),
        ("https://crm.example/e164}", "There is a { or } too many"),
        ("https://crm.example/{{{e164}", None),
        ("crm.example/{e164}", "This is no address"),
        ("{e164}", "This is no address"),
        ("https://crm.example/a b", "This is no address"),
        ("https://crm.example/\u202e", "This is no address"),
        ("C:\\crm.exe", "This is no address"),
        ("https://{name}.example/", "The name of the server must be written out"),
        ("https://crm.example{digits}", "The name of the server must be written out"),
        ("https://crm.example:{digits}/", "The name of the server must be written out"),
        ("https:{name}", "The name of the server must be written out"),
        ("https:///{name}", "The name of the server must be written out"),
        ("https://me:secret@crm.example/", "The name of the server cannot be used"),
        ("https://crm.example:99999999/", "The name of the server cannot be used"),
        ("https://crm.example/" + "x" * 1000, "This is too long"),
    ],
)
def test_a_template_that_cannot_be_used_says_why(template: str, title: str | None) -> None:
    if title is None:
        assert opened(template) == "https://crm.example/{%2B37251234567"
        return
    with pytest.raises(BadInput) as caught:
        check_url(template)
    assert caught.value.title == title


def test_an_unknown_placeholder_names_the_good_ones() -> None:
    with pytest.raises(BadInput) as caught:
        parse("{nmae}")
    for placeholder in Placeholder:
        assert f"{{{placeholder}}}" in caught.value.message


@pytest.mark.parametrize(
    "scheme", ["javascript", "JavaScript", "file", "data", "vbscript", "tel", "callto", "sip"]
)
def test_what_runs_code_reads_files_or_dials_is_never_opened(scheme: str) -> None:
    with pytest.raises(BadInput, match="are not opened"):
        check_url(f"{scheme}://x/{{e164}}")


HOSTILE = [
    "../../admin",
    "..",
    ".",
    "x&admin=1#frag?q=",
    "https://evil.example/",
    "\\\\evil\\share",
    "javascript:alert(1)",
    "%2e%2e/",
    "{e164}",
    "\u202egnp.exe",
    "a\nb\r\nSet-Cookie: x",
    "+ +",
    "' OR 1=1 --",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_within_its_place(name: str) -> None:
    parts = urlsplit(opened("https://crm.example/c/{name}/x?q={name}&r=1#f", name=name))
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "crm.example", "f")
    assert parts.path.startswith("/c/")
    assert parts.path.endswith("/x")
    assert parts.path.count("/") == 3
    assert ".." not in parts.path.split("/")
    assert set(parse_qs(parts.query)) <= {"q", "r"}
    assert parts.query.count("&") == 1


@given(name=st.text(max_size=300), note=st.text(max_size=3000))
def test_any_name_and_note_leave_the_address_as_it_was(name: str, note: str) -> None:
    url = opened("https://crm.example/c/{name}?n={note}&q={e164}", note, name=name)
    parts = urlsplit(url)
    assert parts.netloc == "crm.example"
    assert parts.query.endswith("&q=%2B37251234567")
    assert url.isascii()
    assert url.isprintable()
    assert len(url) <= URL_AT_MOST


def test_a_note_that_is_too_long_is_left_out() -> None:
    long = "Щ" * 128
    url = opened("https://crm.example/?page=person&n={name}&m={note}", "Щ" * 200, name=long)
    assert url.endswith("&m=")
    assert parse_qs(urlsplit(url).query)["n"] == [long]


def test_an_address_that_is_too_long_all_the_same_is_refused() -> None:
    with pytest.raises(BadInput, match="too long"):
        opened("https://crm.example/?" + "n={name}&" * 4, name="Щ" * 128)


def test_a_note_becomes_one_line() -> None:
    note = "First line\r\nsecond\u202e line\x00" + "x" * 500
    said = values(CrmCall(CALL, note))[Placeholder.NOTE]
    assert said.startswith("First line second line")
    assert len(said) == 200
    assert one_line("", 200) == ""


def test_a_short_number_has_no_plus_and_a_withheld_one_is_empty() -> None:
    assert opened("https://crm.example/?q={e164}", other="1234") == "https://crm.example/?q=1234"
    assert opened("https://crm.example/?q={e164}", other="") == "https://crm.example/?q="
