"""What a server's clock says, beside ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk_phone.web.clock import ahead

NOW = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        pytest.param("Wed, 25 Nov 2026 12:00:30 GMT", 0.0, id="the same"),
        pytest.param("Wed, 25 Nov 2026 12:01:00 GMT", 30.0, id="ahead"),
        pytest.param("Wed, 25 Nov 2026 11:00:30 GMT", -3600.0, id="an hour behind"),
        pytest.param("Wed, 25 Nov 2026 14:00:30 +0200", 0.0, id="another zone"),
        pytest.param("Wed, 25 Nov 2026 12:00:30 -0000", 0.0, id="of unknown place"),
        pytest.param("", None, id="none"),
        pytest.param("yesterday", None, id="nonsense"),
        pytest.param("Wed, 99 Nov 99999 12:00:30 GMT", None, id="no day"),
    ],
)
def test_a_date_header_is_held_against_our_clock(date: str, seconds: float | None) -> None:
    assert ahead(date, NOW) == seconds
