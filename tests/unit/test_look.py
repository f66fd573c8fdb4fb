"""Tokens, style sheet and icons fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk_phone import ui
from desk_phone.assets import resource
from desk_phone.ui.look import DARK, LIGHT, Theme, Tokens, chosen, style_sheet

BOTH = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


@pytest.mark.parametrize("look", BOTH)
def test_every_name_in_the_style_sheet_is_a_token(look: Tokens) -> None:
    assert re.findall(r"\$\w+", style_sheet(look)) == []


@pytest.mark.parametrize("look", BOTH)
def test_a_longer_name_is_not_mistaken_for_a_shorter_one(look: Tokens) -> None:
    """``$accent_soft`` is not ``$accent`` with a tail."""
    sheet = style_sheet(look)
    assert look.accent_soft in sheet
    assert re.findall(r"#[0-9A-Fa-f]{6}\w+", sheet) == []


@pytest.mark.parametrize("look", BOTH)
def test_the_pictures_of_the_style_sheet_are_shipped(look: Tokens) -> None:
    pictures = re.findall(r"url\((.*?)\)", style_sheet(look))
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)


def test_a_look_that_was_chosen_needs_no_desktop() -> None:
    assert chosen(Theme.LIGHT) is LIGHT
    assert chosen(Theme.DARK) is DARK


def test_every_icon_that_is_named_is_shipped() -> None:
    folder = Path(ui.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.py")))
    quoted = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', source))
    shipped = {file.stem for file in resource("icons").glob("*.svg")}
    named = set(re.findall(r'(?:icon|draw|Emptiness)\((?:\w+, )?\s*"([a-z0-9-]+)"', source))
    assert len(named) > 10
    assert named <= shipped
    assert {"phone-missed", "bell-off", "phone-solid"} <= quoted & shipped


@pytest.mark.parametrize(
    "file", sorted(resource("icons").glob("*.svg")), ids=lambda file: file.stem
)
def test_an_icon_takes_the_colour_it_is_given(file: Path) -> None:
    svg = file.read_text(encoding="utf-8")
    fixed_colour = file.stem.endswith(("-light", "-dark"))
    assert ("currentColor" in svg) is not fixed_colour
    assert "<script" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_icons_come_with_their_licence() -> None:
    assert "ISC License" in resource("icons", "LICENSE-lucide").read_text(encoding="utf-8")
