"""A notice on a terminal says in words what it tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk_phone.app.commands.notices import line
from desk_phone.model.calls import Notice


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        pytest.param("Start", "No", "ringing", id="the documented one"),
        pytest.param("", "", "ringing", id="no word at all"),
        pytest.param("Start", "Yes", "answered", id="answered"),
        pytest.param("Stop", "yes", "answered", id="answered, whatever its kind"),
        pytest.param("Stop", "No", "“Stop No”", id="what nobody documented"),
    ],
)
def test_what_a_notice_tells(kind: str, answer: str, said: str) -> None:
    at = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    told = line(Notice("+3726403231", "+37251234567", at, "Mari", kind, answer))
    assert f"  {said} " in told
    assert told.endswith("  5123 4567         Mari")
    assert "Start No" not in told
