"""Trouble on the way to the service: each kind in words of its own, and the known calls stay."""

from __future__ import annotations

import pytest

from tests.desktop import Desktop, Program, until, until_still
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ink, keep_picture, list_picture

pytestmark = pytest.mark.e2e

FAULTS = {
    "html": "A web page came instead of an answer",
    "cut": "The answer was cut short",
    "lost": "The connection was closed without an answer",
    "500": "The service has a fault of its own (HTTP 500)",
    "503=1": "The service is busy or being repaired (HTTP 503)",
    "error=ERR003": "The service does not allow this number",
}


def listed(desktop: Desktop, program: Program) -> int:
    """How much stands in the list on the screen."""
    return ink(list_picture(desktop, program))


def test_every_trouble_has_its_words_and_the_calls_stay(desktop: Desktop) -> None:
    company = Company(desktop, month=True)
    phone = Phone(desktop, company.url)
    program = phone.begin()
    known = phone.calls()
    assert len(known) > 50
    before = until_still(lambda: listed(desktop, program), "the calls are in the list")
    for number, (fault, title) in enumerate(FAULTS.items(), start=1):
        company.tell(clear=True, fault=f"{fault}@getCallHistory")
        program.wait_for(f"line trouble: {title}\n")
        assert phone.calls() == known
        keep_picture(desktop, f"trouble-{number}-{fault.partition('=')[0]}")
        assert listed(desktop, program) > before / 2
    company.tell(clear=True)
    until(lambda: program.said().count("line ready\n") == 2, "all is well again")

    company.process.end()
    port = company.url.rpartition(":")[2].partition("/")[0]
    program.wait_for(f"line trouble: Nobody is at 127.0.0.1, port {port}\n")
    assert phone.calls() == known
    keep_picture(desktop, "trouble-closed-port")


def test_a_wrong_host_is_named_and_what_was_known_is_shown(desktop: Desktop) -> None:
    company = Company(desktop, month=True)
    phone = Phone(desktop, company.url)
    phone.begin("--hidden").end()
    known = phone.calls()
    program = phone.start("--service", "https://no-such-host.invalid/external/")
    program.wait_for("line trouble: The name no-such-host.invalid is not known here\n")
    assert phone.calls() == known
    until(lambda: listed(desktop, program) > 0, "they are in the list")
    keep_picture(desktop, "trouble-wrong-host")
