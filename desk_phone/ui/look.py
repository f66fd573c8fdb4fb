"""How everything looks: design tokens, palette and style sheet, light and dark.

Fusion style everywhere with our own palette. Text pairs reach 4.5:1 and controls 3:1
(tests/unit/test_contrast.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desk_phone.assets import resource

_PICTURES = ("check", "chevron-down", "chevron-up")  # a style sheet cannot colour a picture


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for, as ``#RRGGBB``."""

    dark: bool
    window: str
    surface: str
    raised: str
    border: str
    control_border: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    accent_soft: str
    hover: str
    selected: str
    good: str
    on_good: str
    bad: str
    on_bad: str
    bad_soft: str
    warn: str
    warn_soft: str
    avatars: tuple[str, ...]
    on_avatar: str


LIGHT = Tokens(
    dark=False,
    window="#F3F4F6",
    surface="#FFFFFF",
    raised="#FFFFFF",
    border="#DCE0E6",
    control_border="#7F8793",
    text="#16191D",
    muted="#565E6A",
    disabled="#9AA1AC",
    accent="#1A5FD0",
    on_accent="#FFFFFF",
    accent_soft="#E4EDFC",
    hover="#EEF1F5",
    selected="#DDE8FB",
    good="#176E36",
    on_good="#FFFFFF",
    bad="#C4242B",
    on_bad="#FFFFFF",
    bad_soft="#FDECEC",
    warn="#8A5A00",
    warn_soft="#FFF4DB",
    avatars=(
        "#2F5FB3", "#7A3FA6", "#A03A63", "#8A4B14", "#2E6B3F", "#1F6A77", "#5A4FB0", "#6B5B1E",
    ),
    on_avatar="#FFFFFF",
)  # fmt: skip
DARK = Tokens(
    dark=True,
    window="#1B1D21",
    surface="#232529",
    raised="#2B2E33",
    border="#383C43",
    control_border="#7B828D",
    text="#F2F4F6",
    muted="#A9B0BB",
    disabled="#6C737E",
    accent="#7FB0FF",
    on_accent="#0B1B33",
    accent_soft="#22324D",
    hover="#2D3036",
    selected="#2A3C5C",
    good="#5CC983",
    on_good="#06210F",
    bad="#FF8A8A",
    on_bad="#2E0505",
    bad_soft="#432326",
    warn="#F0C05A",
    warn_soft="#3D3219",
    avatars=(
        "#8DB4F5", "#C79BE8", "#EE9ABB", "#E2AC78", "#8FCB9E", "#80C7D4", "#B3ABF2", "#D2C27A",
    ),
    on_avatar="#14161A",
)  # fmt: skip


def tokens() -> Tokens:
    """The tokens of the look in force, told by the palette we set."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def chosen(theme: str) -> Tokens:
    """The tokens a setting asks for; ``system`` follows the desktop where it tells."""
    if theme == Theme.DARK:
        return DARK
    if theme == Theme.LIGHT:
        return LIGHT
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def wear(app: QApplication, look: Tokens) -> None:
    if not app.styleSheet():  # a style made anew is kept by whoever once asked a widget for its own
        app.setStyle("Fusion")
    app.setPalette(palette(look))
    app.setStyleSheet(style_sheet(look))


def palette(look: Tokens) -> QPalette:
    made, roles = QPalette(), QPalette.ColorRole
    for role, colour in _roles(look).items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(look.border))
    return made


def _roles(look: Tokens) -> dict[QPalette.ColorRole, str]:
    roles = QPalette.ColorRole
    return {
        roles.Window: look.window,
        roles.Base: look.surface,
        roles.AlternateBase: look.hover,
        roles.Button: look.raised,
        roles.ToolTipBase: look.raised,
        roles.WindowText: look.text,
        roles.Text: look.text,
        roles.ButtonText: look.text,
        roles.ToolTipText: look.text,
        roles.PlaceholderText: look.muted,
        roles.Highlight: look.accent,
        roles.HighlightedText: look.on_accent,
        roles.Accent: look.accent,
        roles.Link: look.accent,
        roles.BrightText: look.bad,
        roles.Light: look.raised,
        roles.Midlight: look.hover,
        roles.Mid: look.border,
        roles.Dark: look.control_border,
        roles.Shadow: "#000000",
    }


def style_sheet(look: Tokens) -> str:
    """The sheet of `resources/desk_phone.qss` with the tokens' names filled in."""
    sheet = resource("desk_phone.qss").read_text(encoding="utf-8")
    for name in _PICTURES:
        file = resource("icons", f"{name}-{'dark' if look.dark else 'light'}.svg")
        sheet = sheet.replace(f"$picture({name})", f"url({file.as_posix()})")
    names = (name for name in Tokens.__slots__ if isinstance(getattr(look, name), str))
    for name in sorted(names, key=len, reverse=True):  # $accent_soft before $accent
        sheet = sheet.replace(f"${name}", getattr(look, name))
    return sheet
