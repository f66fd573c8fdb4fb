"""What our own windows and paintings are to screen readers: to Qt, all are a place for widgets."""

from __future__ import annotations

from functools import cache
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


@cache  # Qt keeps whom it asks for good, and would ask twice
def tell_roles() -> None:
    """From now on widgets are what the ``spoken_as`` of their class says, where it has one."""
    QAccessible.installFactory(_interface_of)


def _interface_of(name: str, asked: QObject) -> QAccessibleInterface | None:
    """Qt asks for each class of a widget, the nearest first, and only where somebody listens."""
    role = getattr(asked, "spoken_as", None)
    if role is None or name != type(asked).__name__:
        return None
    return QAccessibleWidget(cast("QWidget", asked), role)
