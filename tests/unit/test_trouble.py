"""What banners say."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_phone.store.database import Opened, Recovery
from desk_phone.ui import trouble


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        (Recovery.RESTORED, "in use; calls of the last month come again"),
        (Recovery.STARTED_ANEW, "no good copy"),
    ],
)
def test_a_damaged_list_of_calls_is_told(opened: Recovery, said: str) -> None:
    db = sqlite3.connect(":memory:")
    found = Opened(db, opened, Path("calls-damaged.sqlite3"), datetime(2026, 11, 24, tzinfo=UTC))
    message = trouble.of_recovery(found, datetime(2026, 11, 25, tzinfo=UTC))
    db.close()
    assert message is not None
    assert said in message.text
    assert "calls-damaged.sqlite3" in message.text
    assert message.act is trouble.Act.CLOSE


def test_a_sound_database_is_not_worth_a_word() -> None:
    db = sqlite3.connect(":memory:")
    message = trouble.of_recovery(Opened(db), datetime(2026, 11, 25, tzinfo=UTC))
    db.close()
    assert message is None
