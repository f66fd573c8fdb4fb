"""The tray icon tells its states by shape."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QImage

from desk_phone.ui.sign import Sign
from desk_phone.ui.tray_icon import SIZES, tray_icon, tray_pixmap

STATES = [(shown, missed) for shown in Sign for missed in (False, True)]


def _shape(shown: Sign, missed: bool, size: int) -> list[bool]:
    """What remains when every hue is gone: where the glyph or nothing is, against the tile."""
    image = tray_pixmap(shown, missed, size).toImage()
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for y in range(size) for x in range(size)]
    return [pixel.alpha() < 128 or pixel.value() - pixel.saturation() > 180 for pixel in pixels]


@pytest.mark.parametrize("size", [16, 22])
def test_states_differ_without_their_colours(qapp: object, size: int) -> None:
    shapes = {state: _shape(*state, size) for state in STATES}
    for one, other in combinations(STATES, 2):
        apart = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert apart >= size, f"{one} and {other} look alike: {apart} pixels"


def test_the_icon_has_every_size_that_panels_ask_for(qapp: object) -> None:
    icon = tray_icon(Sign.READY, True)
    assert {size.width() for size in icon.availableSizes()} == set(SIZES)


@pytest.mark.parametrize("shown", Sign)
def test_the_dot_is_whole(qapp: object, shown: Sign) -> None:
    """No state paints over the sign of missed calls."""
    image = tray_pixmap(shown, True, 64).toImage()
    assert image.pixelColor(50, 14).name().upper() == "#E5383B"
    assert image.pixelColor(33, 14).alpha() == 0 or image.pixelColor(32, 14).alpha() == 0
