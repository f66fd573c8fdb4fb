"""The service tells of a call by itself, and the running program knows of it before it looks."""

from __future__ import annotations

import json
import socket

import pytest

from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.ports import free_port

pytestmark = pytest.mark.e2e


def test_a_call_is_known_before_anybody_looks(desktop: Desktop) -> None:
    company, port = Company(desktop), free_port()
    never = 3600
    phone = Phone(
        desktop,
        company.url,
        poll_seconds=never,
        notices_port=port,
        notices_callers="127.0.0.1",
    )
    phone.begin("--hidden")
    looked = company.requests("getCallHistory")
    url = f"http://127.0.0.1:{port}/desk-phone"
    asked = phone.run("notices", "on", url)
    assert (asked.status, "--yes" in asked.err) == (2, True)
    assert company.requests("activateNotification") == 0
    assert phone.run("notices", "on", url, "--yes").status == 0
    status = json.loads(phone.run("notices", "status", "--json").out)
    assert status["listening"] == f"127.0.0.1:{port}"
    assert status["url"].startswith(url)
    company.ring("5123456", "Õnne Mägi", fate="answered", ring_seconds=5)
    until(lambda: bool(phone.calls()), "the call is known")
    (call,) = phone.calls()
    assert (call["other"], call["name"], call["name_source"]) == (
        *("+3725123456", "Õnne Mägi"),
        "notice",
    )
    assert company.requests("getCallHistory") <= looked + 1  # no look brought it
    status = json.loads(phone.run("notices", "status", "--json").out)
    assert status["last_notice"]["other"] == "+3725123456"
    assert phone.run("notices", "off").status == 0
    assert company.requests("deactivateNotification") == 1
    until(lambda: not listens(port), "nobody listens any more")


def listens(port: int) -> bool:
    with socket.socket() as plug:
        return plug.connect_ex(("127.0.0.1", port)) == 0
