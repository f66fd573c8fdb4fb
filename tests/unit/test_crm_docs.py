"""docs/crm.md says what is so: its example, its receiver, its addresses."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.crm_acts import SECRET_NAME, Webhook, example
from desk_phone.errors import Refused
from desk_phone.model.crm import Event, Happening
from desk_phone.model.crm_document import document
from desk_phone.model.crm_template import Placeholder, check_url, filled_url
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.system.secrets import MemoryKeyring

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "crm.md").read_text(encoding="utf-8")
PAGES = re.findall(r"^\| [^|]+ \| `(https://[^`]+)` \|", TEXT, re.MULTILINE)


def _block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_the_example_has_the_members_that_are_sent() -> None:
    call = replace(example(datetime.now(UTC)).call, id=12)
    sent = json.loads(document(Happening(Event.ENDED, call, call.start), "x"))
    assert list(json.loads(_block("json"))) == list(sent)


def test_every_member_and_placeholder_is_described() -> None:
    for member in json.loads(_block("json")):
        assert f"`{member}`" in TEXT
    for placeholder in Placeholder:
        assert f"| `{{{placeholder}}}` |" in TEXT


def test_the_table_has_pages() -> None:
    assert len(PAGES) >= 8


@pytest.mark.parametrize("page", PAGES)
def test_each_page_can_be_entered_as_it_stands(page: str) -> None:
    assert "6403231" in filled_url(check_url(page), example(datetime.now(UTC)))


@contextmanager
def _serving(receiver: type) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="receiver")
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _receiver() -> dict[str, Any]:
    module: dict[str, Any] = {"__name__": "receiver"}
    exec(_block("python"), module)  # the documentation's own words
    module["Receiver"].log_message = lambda *_: None
    return module


@pytest.mark.parametrize(
    ("secret", "late", "taken"),
    [
        pytest.param("the secret of the settings", 0, True, id="signed"),
        pytest.param("another", 0, False, id="signed by somebody else"),
        pytest.param("the secret of the settings", 3600, False, id="an old one again"),
    ],
)
def test_the_receiver_takes_what_we_send(secret: str, late: float, taken: bool) -> None:
    keyring = MemoryKeyring()
    keyring.keep(SECRET_NAME, Secret(secret))
    now = datetime.fromtimestamp(time.time() - late, UTC)
    with _serving(_receiver()["Receiver"]) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        settings = Settings(crm_webhook=url, crm_signed=True)
        webhook = Webhook(lambda: settings, keyring, lambda: now)
        if taken:
            assert perform(webhook.test(example(now))) == 204
            return
        with pytest.raises(Refused, match="HTTP 401"):
            perform(webhook.test(example(now)))
