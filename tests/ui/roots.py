"""The parents of the objects behind each test's windows, and when they die."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject

_ended: list[QObject] = []


def begin_anew() -> QObject:
    """The parent of a desk's objects. Those of the desk before die here, when the windows of its
    test are gone."""
    while _ended:
        shiboken6.delete(_ended.pop())
    root = QObject()
    _ended.append(root)
    return root
