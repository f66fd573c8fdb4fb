"""20,000 requests that went wrong: none raises, shuts the service out, or becomes a bad row."""

from __future__ import annotations

import pytest

from tests.property.notices_fuzz import play


@pytest.mark.parametrize("seed", range(10))
def test_no_request_however_broken_does_harm(seed: int) -> None:
    counted = play(seed, 2000)
    assert counted.wrong == ()
    assert counted.requests == 2000
    assert counted.heard > 100  # mutants that still say what the service says: the fuzz bites
    assert counted.unanswered < 1500
