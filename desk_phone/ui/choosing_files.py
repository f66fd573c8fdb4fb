"""Choosing one file of one kind. Dialogs are opened, never waited for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(
    parent: QWidget, title: str, name: str, then: Callable[[Path], object]
) -> QFileDialog:
    """Where to write; the ending of ``name`` is given to a name without one."""
    dialog = _dialog(parent, title, name, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    dialog.selectFile(name)
    dialog.open()
    return dialog


def ask_which(
    parent: QWidget, title: str, ending: str, then: Callable[[Path], object]
) -> QFileDialog:
    """Which file of those with this ending (``.json``) to read."""
    dialog = _dialog(parent, title, ending, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, name: str, then: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([f"*{Path(name).suffix or name}", "*"])
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    return dialog
