"""An address that gives a CSV or vCard file."""

from __future__ import annotations

import json

from desk_phone.elsewhere import refusals
from desk_phone.elsewhere.fetch import Page, Web, address_in, retry_after
from desk_phone.elsewhere.texts import listing_of_bytes, web_page
from desk_phone.model.elsewhere import Listing

_OK, _UNCHANGED = 200, 304
_ASKED_WITH = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def read_page(web: Web, address: str, mark: str) -> Listing | None:
    """None: the server says that nothing changed since it gave this ``mark``. Raises PhoneError."""
    page = web.ask(address, headers=_conditions(mark))
    if page.status == _UNCHANGED and mark:
        return None
    if page.status != _OK:
        raise refusals.by_status(page.status, address_in(address).host, retry_after(page))
    if page.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml")):
        raise web_page()
    return listing_of_bytes(page.body, _mark(page))


def _conditions(mark: str) -> dict[str, str]:
    known: dict[str, str] = json.loads(mark) if mark else {}
    return {_ASKED_WITH[name]: value for name, value in known.items() if name in _ASKED_WITH}


def _mark(page: Page) -> str:
    known = {name: page.headers[name] for name in _ASKED_WITH if page.headers.get(name)}
    return json.dumps(known) if known else ""
