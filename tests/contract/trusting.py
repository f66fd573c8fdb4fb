"""As if the system trusted an authority of the test's own making."""

from __future__ import annotations

import ssl

import pytest

from desk_phone.web.trust import system_trust
from tests.contract.certificates import Authority


def trust(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    for module in ("fetch", "directory"):
        monkeypatch.setattr(f"desk_phone.elsewhere.{module}.system_trust", trusting)
