"""Every text can be read and every control be seen: contrast after WCAG 2.2."""

from __future__ import annotations

import pytest

from desk_phone.ui import tray_icon
from desk_phone.ui.look import DARK, LIGHT, Tokens

TEXT, CONTROL = 4.5, 3.0
GROUNDS = ("surface", "window", "raised", "hover", "selected")

TEXTS = [
    *(("text", ground) for ground in (*GROUNDS, "accent_soft", "bad_soft", "warn_soft")),
    *(("muted", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in ("surface", "raised", "accent_soft", "selected")),
    *(("good", ground) for ground in ("surface", "raised", "window")),
    *(("bad", ground) for ground in ("surface", "raised", "window", "selected", "bad_soft")),
    *(("warn", ground) for ground in ("surface", "raised", "window", "warn_soft")),
    ("on_accent", "accent"),
    ("on_good", "good"),
    ("on_bad", "bad"),
]
CONTROLS = [
    *(("control_border", ground) for ground in ("surface", "window", "raised", "hover")),
    *(("control_border", f"{kind}_soft") for kind in ("accent", "bad", "warn")),  # in a banner
    *(("accent", ground) for ground in ("surface", "window", "raised", "selected")),
    *((icon, "selected") for icon in ("good", "bad", "accent", "muted")),
    *((icon, "hover") for icon in ("good", "bad", "accent", "muted")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_reads(look: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(look, ink), getattr(look, ground)) >= TEXT


@pytest.mark.parametrize("look", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
@pytest.mark.parametrize(("ink", "ground"), CONTROLS)
def test_controls_are_seen(look: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(look, ink), getattr(look, ground)) >= CONTROL


@pytest.mark.parametrize("look", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_initials_read_on_every_avatar(look: Tokens) -> None:
    assert min(contrast(look.on_avatar, colour) for colour in look.avatars) >= TEXT


@pytest.mark.parametrize("panel", ["#FFFFFF", "#F3F4F6", "#1B1D21", "#000000"])
@pytest.mark.parametrize(
    "colour",
    [
        tray_icon.USUAL_TILE,
        tray_icon.APART_TILE,
        tray_icon.LOCKED_TILE,
        tray_icon.QUIET_TILE,
        tray_icon.DOT,
    ],
)
def test_the_tray_icon_is_seen_on_any_panel(colour: str, panel: str) -> None:
    assert contrast(colour, panel) >= CONTROL


@pytest.mark.parametrize(
    "tile",
    [
        tray_icon.USUAL_TILE,
        tray_icon.APART_TILE,
        tray_icon.LOCKED_TILE,
        tray_icon.QUIET_TILE,
    ],
)
def test_the_tray_glyph_is_seen_on_its_tile(tile: str) -> None:
    assert contrast(tray_icon.GLYPH, tile) >= CONTROL
