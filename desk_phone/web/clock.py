"""What a server's clock says, beside ours."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def ahead(date: str, now: datetime) -> float | None:
    """The seconds that an HTTP Date header (RFC 9110, 6.6.1) is ahead of ``now``; None: nonsense.

    It knows whole seconds only, and was written a moment before it came.
    """
    try:
        said = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    if said.tzinfo is None:  # "-0000": UTC, of unknown place
        said = said.replace(tzinfo=UTC)
    return (said - now).total_seconds()
