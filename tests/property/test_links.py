"""Twenty thousand hostile links: none dials, none raises."""

from __future__ import annotations

import pytest

from tests.property.links_fuzz import play


@pytest.mark.parametrize("seed", range(4))
def test_no_link_dials_or_raises(seed: int) -> None:
    assert play(seed, 5000) == []
