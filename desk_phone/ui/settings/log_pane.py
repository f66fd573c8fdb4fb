"""The last lines of the log, as they come."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QFontDatabase,
    QGuiApplication,
    QHideEvent,
    QShowEvent,
    QTextOption,
)
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.logs import LOG
from desk_phone.ui.buttons import push_button
from desk_phone.ui.settings.section import SteadyComboBox

LOOKS_EVERY_MS = 1000
_BYTES = 200_000  # of the end of the file
_LINES_AT_MOST = 1000
_HEIGHT = 260  # px
_HEAD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ([A-Z]+) ")
_GRAVE = ("WARNING", "ERROR", "CRITICAL")


class LogPane(QWidget):
    """Reads while it is shown, and goes along with what is written if `follow` is on."""

    def __init__(
        self, folder: Path, every_ms: int = LOOKS_EVERY_MS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folder, self._seen = folder, (0, 0)
        self.level = SteadyComboBox()
        self.level.addItem(tr("Everything"), False)
        self.level.addItem(tr("Warnings and errors"), True)
        self.level.setAccessibleName(tr("Which lines"))
        self.follow = QCheckBox(tr("Follow"))
        self.follow.setChecked(True)
        self.copy = push_button(tr("Copy"), "copy")
        self.open = push_button(tr("Open the folder"), "external-link")
        self.text = QPlainTextEdit(readOnly=True)
        self._looking = QTimer(self, interval=every_ms)
        self._build()
        self.level.currentIndexChanged.connect(self.read)
        self.follow.toggled.connect(self._follow)
        self.copy.clicked.connect(self._copy)
        self.open.clicked.connect(self._open_folder)
        self._looking.timeout.connect(self._look)

    def read(self) -> None:
        """Show the lines as they are now, the newest at the end."""
        lines = _tail(self._folder / LOG)
        if self.level.currentData():
            lines = _only_grave(lines)
        shown = "\n".join(lines[-_LINES_AT_MOST:])
        if shown != self.text.toPlainText():
            self.text.setPlainText(shown)
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _build(self) -> None:
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.text.setFixedHeight(_HEIGHT)
        self.text.setAccessibleName(tr("Log"))
        self.text.setPlaceholderText(tr("Nothing was written yet."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(_row(self.level, self.follow))
        column.addWidget(self.text)
        column.addLayout(_row(self.copy, self.open))

    def _follow(self, on: bool) -> None:
        if on and self.isVisible():
            self.read()
            self._looking.start()
        else:
            self._looking.stop()

    def _look(self) -> None:
        """Read only what changed, and not while somebody marks a piece of it."""
        if self.text.textCursor().hasSelection():
            return
        now = _written(self._folder / LOG)
        if now != self._seen:
            self._seen = now
            self.read()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()
        self._follow(self.follow.isChecked())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looking.stop()


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _written(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _BYTES))
            lines = stream.read(_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[1:] if size > _BYTES else lines  # the first may be half a line


def _only_grave(lines: list[str]) -> list[str]:
    """What is indented belongs to the line before it."""
    kept, grave = [], False
    for line in lines:
        if head := _HEAD.match(line):
            grave = head[1] in _GRAVE
        if grave:
            kept.append(line)
    return kept
