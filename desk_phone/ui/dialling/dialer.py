"""The dial palette: a field, the people and numbers it means, Enter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler
from desk_phone.app.directory import Directory
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.dialing import Source
from desk_phone.ui import words
from desk_phone.ui.buttons import press_focused
from desk_phone.ui.dialling.dial_foot import DialFoot
from desk_phone.ui.dialling.dial_list import ROWS_AT_ONCE, DialList, DialRows
from desk_phone.ui.dialling.dial_nobody import Nobody
from desk_phone.ui.dialling.dial_rows import DialRow, Finder, RowKind
from desk_phone.ui.front import bring, first_size
from desk_phone.ui.label import plain_label
from desk_phone.ui.picture import Picture
from desk_phone.ui.rounded import RoundedWindow

WIDTH = 560
CLOSES_AFTER_MS = 6000  # after the own phone rings
DEAF_MS = 500  # Enter typed elsewhere must not hit a number that somebody else filled in
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -ROWS_AT_ONCE,
    Qt.Key.Key_PageDown: ROWS_AT_ONCE,
}


class DialPalette(RoundedWindow):
    """Made on first use and kept hidden. Nothing dials but Enter or a double click in it; what
    stands in its `field` came from `source`.

    ``line_wanted`` and ``account_wanted`` ask for those places of the settings.
    """

    line_wanted = Signal()
    account_wanted = Signal()

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        preferences: Preferences,
        directory: Directory,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        closes_after_ms: int = CLOSES_AFTER_MS,
        deaf_ms: int = DEAF_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.WindowType.Dialog, "palette", parent)
        self._calls, self._dialler = calls, dialler
        self._account, self._preferences = account, preferences
        self._directory, self._now = directory, now
        self._filled, self.source = "", Source.WINDOW
        self._rows = DialRows(self)
        self.list = DialList(self._rows)
        self.field = QLineEdit()
        self.foot = DialFoot()
        self._line = plain_label(role="muted")
        self._choose_line = QPushButton(tr("Choose your line"))
        self._nobody = Nobody()
        self._closing = QTimer(self, singleShot=True, interval=closes_after_ms)
        self._deaf = QTimer(self, singleShot=True, interval=deaf_ms)
        self._build()
        self._wire()

    # opening and closing

    def open(self) -> None:
        """Show the palette empty, with the last people."""
        self._fill("", Source.WINDOW)
        self._come()

    def open_with(self, text: str, source: Source = Source.WINDOW) -> None:
        """Show the palette with a text filled in; ``source`` goes with it until it is edited."""
        self._fill(text, source)
        self._come()
        if source is not Source.WINDOW:
            self._deaf.start()

    def call(self, key: str) -> None:
        """Call a canonical number that was chosen elsewhere, and tell here what becomes of it."""
        self.open_with(words.number(key))
        self._dialler.dial_key(key)

    def _fill(self, text: str, source: Source) -> None:
        self._closing.stop()
        self.foot.rest()
        self.field.setText(text)
        self._filled, self.source = self.field.text(), source  # a field is one line
        self._look_up()

    def _come(self) -> None:
        self._show_line()
        if not self.isVisible():
            self.place_above_middle()
        bring(self)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    # making

    def _build(self) -> None:
        self.setWindowTitle(tr("Call"))
        self.setAccessibleName(tr("Call"))
        self.setMinimumWidth(WIDTH)  # its keys are not to be cut, however small the screen
        self.setFixedWidth(first_size(self, WIDTH, 0).width())
        self.column.addLayout(self._head())
        rule = QFrame()
        rule.setProperty("role", "rule")
        self.column.addWidget(rule)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list_box())
        self._stack.addWidget(self._nobody)
        self.column.addWidget(self._stack)
        self.column.addWidget(self.foot)

    def _head(self) -> QHBoxLayout:
        self.field.setProperty("role", "dial")
        self.field.setPlaceholderText(tr("Name or number"))
        self.field.setAccessibleName(tr("Name or number"))
        self.field.setMaxLength(2000)
        self.field.installEventFilter(self)
        glass = Picture(20)
        glass.show_icon("search", "muted")
        row = QHBoxLayout()
        row.setContentsMargins(18, 6, 16, 6)
        row.setSpacing(14)
        row.addWidget(glass)
        row.addWidget(self.field, 1)
        row.addWidget(self._line)
        row.addWidget(self._choose_line)
        return row

    def _list_box(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 7, 0, 7)
        column.addWidget(self.list)
        return box

    def _wire(self) -> None:
        self.field.textChanged.connect(self._edited)
        self.list.doubleClicked.connect(lambda _: self._call())
        self.foot.close_wanted.connect(self.hide)
        self.foot.account_wanted.connect(self._go_to_account)
        self._choose_line.clicked.connect(self._go_to_line)
        self._closing.timeout.connect(self.hide)
        self._directory.changed.connect(self._refresh)
        self._calls.line_changed.connect(self._show_line)
        self._dialler.refused.connect(self._refused)
        self._dialler.progressed.connect(self._progressed)

    # what the text means

    def _edited(self, text: str) -> None:
        if text != self._filled:
            self.source = Source.WINDOW
        self._closing.stop()
        self.foot.rest()
        self._look_up()

    def _look_up(self) -> None:
        finder = Finder(
            *(self._calls.ledger, self._directory, self._preferences.settings.own_number),
            *(frozenset(self._account.numbers), self._now()),
        )
        rows = finder.rows(self.field.text())
        self._rows.show_rows(rows)
        first = self._rows.first_callable()
        if first >= 0:
            self.list.setCurrentIndex(self._rows.index(first))
        self.foot.offer(first >= 0)
        self._show_rows(len(rows))

    def _refresh(self) -> None:
        """Calls or contacts changed; the choice stays on the same number and name."""
        if not self.isVisible():
            return
        chosen = self.chosen
        self._look_up()
        again = self._rows.place_of(chosen) if chosen is not None else -1
        if again >= 0:
            self.list.setCurrentIndex(self._rows.index(again))

    def _show_rows(self, count: int) -> None:
        if count:
            high = self.list.height_of_rows()
            self.list.setFixedHeight(high)
            self._stack.setCurrentIndex(0)
            self._stack.setFixedHeight(high + 14)
        else:
            self._nobody.say(self.field.text())
            self._stack.setCurrentIndex(1)
            self._stack.setFixedHeight(self._nobody.heightForWidth(self.minimumWidth() - 2))
        self.fit()

    def _show_line(self) -> None:
        own = self._preferences.settings.own_number
        self._line.setText(tr("My line %(number)s") % {"number": words.number(own)} if own else "")
        self._line.setVisible(bool(own))
        self._choose_line.setVisible(not own)

    @property
    def chosen(self) -> DialRow | None:
        return self._rows.row(self.list.currentIndex())

    # acting

    def _call(self) -> None:
        row = self.chosen
        if row is None or not row.key or self._deaf.isActive():
            return
        self._closing.stop()
        self.foot.rest()
        if row.kind is RowKind.NUMBER:
            self._dialler.dial(row.text, self.source)
        else:
            self._dialler.dial_key(row.key, self.source)

    def _copy(self) -> None:
        row = self.chosen
        if row is not None and row.key:
            QGuiApplication.clipboard().setText(row.key)
            self.foot.say_copied(row.key)

    def _refused(self, error: PhoneError) -> None:
        if self.isVisible():
            self._closing.stop()
            self.foot.say_error(error)
            self.fit()

    def _progressed(self, dial: Dial) -> None:
        if self.isVisible():
            self._closing.stop()
            self.foot.say_dial(dial)
            self.fit()
            if self.foot.is_ringing:
                self._closing.start()

    def _go_to_account(self) -> None:
        self.hide()
        self.account_wanted.emit()

    def _go_to_line(self) -> None:
        self.hide()
        self.line_wanted.emit()

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() is QEvent.Type.KeyPress and watched is self.field
        if pressed and isinstance(event, QKeyEvent) and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.list.step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._call()
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.field.hasSelectedText():
            self._copy()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif not press_focused(self, event):
            super().keyPressEvent(event)
