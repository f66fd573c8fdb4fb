"""Small buttons that the keyboard reaches and screen readers can name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from desk_phone.ui.icons import icon


def tool_button(
    text: str = "", icon_name: str = "", checkable: bool = False, said: str = ""
) -> QToolButton:
    """A flat button; ``said`` names one that shows only an icon, in its tooltip too."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if icon_name:
        button.setIcon(icon(icon_name))
    if text and icon_name:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if said:
        button.setAccessibleName(said)
        button.setToolTip(said)
    return button
