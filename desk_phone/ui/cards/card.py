"""A card in the corner of the screen: it tells something, takes no focus and goes by itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPropertyAnimation, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QGuiApplication,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.i18n import tr
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.rounded import RoundedWindow
from desk_phone.ui.speech import say_aloud

WIDTH_AT_LEAST = 440
FADE_MS = 120
_MOUSE = "mouse"


def moves() -> bool:
    """Whether the system lets windows fade; some people asked it for less motion."""
    return QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


class Card(RoundedWindow):
    """A line with an icon, then what the kind of card puts into `body`, then `buttons`."""

    spoken_as = QAccessible.Role.AlertMessage
    closed = Signal()  # by the person
    expired = Signal()  # its time is over
    resized = Signal()
    more_wanted = Signal()  # a click on the number of those that wait behind

    def __init__(self, icon_name: str, colour: str, parent: QWidget | None = None) -> None:
        flags = (
            Qt.WindowType.Tool
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        if QGuiApplication.platformName() == "xcb":
            # Window managers list it in the panel, and keep it behind what fills the screen.
            flags |= Qt.WindowType.X11BypassWindowManagerHint
        super().__init__(flags, "card", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        self.setMinimumWidth(WIDTH_AT_LEAST)
        self._icon_name, self._colour = icon_name, colour
        self._icon = plain_label()
        self._heading = ElidedLabel(colour)
        self._more = QPushButton()
        self._more.setProperty("kind", "quiet")
        self._more.hide()
        self._timer = QTimer(self, singleShot=True)
        self._holds: set[str] = set()  # why it does not expire now
        self.body = QVBoxLayout()
        self.buttons = QHBoxLayout()
        self._build_frame()
        self._timer.timeout.connect(self.expired)
        self._more.clicked.connect(self.more_wanted)

    # its life

    def come(self) -> None:
        """Show it, without taking the keyboard from whoever has it."""
        if moves():
            self.setWindowOpacity(0.0)
            fade = QPropertyAnimation(self, b"windowOpacity", self)
            fade.setDuration(FADE_MS)
            fade.setStartValue(0.0)
            fade.setEndValue(1.0)
            fade.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
        self.show()
        # What showing puts off would paint it a second time after its first.
        QCoreApplication.sendPostedEvents(self, QEvent.Type.UpdateLater.value)
        say_aloud(self, self.accessibleName())

    def go(self) -> None:
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def stay(self, milliseconds: int) -> None:
        """Expire after this long; 0: never. Whatever holds it makes it wait."""
        self._timer.setInterval(milliseconds)
        self._run()

    def hold(self, why: str, holds: bool) -> None:
        """Whether something keeps it from expiring: the mouse, a menu, a note being typed."""
        if holds != (why in self._holds):
            (self._holds.add if holds else self._holds.discard)(why)
            self._run()

    @property
    def holds(self) -> frozenset[str]:
        return frozenset(self._holds)

    def _run(self) -> None:
        if self._timer.interval() and self.isVisible() and not self._holds:
            self._timer.start()
        else:
            self._timer.stop()

    # what all cards say

    def say_heading(self, text: str, icon_name: str = "", colour: str = "") -> None:
        """``icon_name`` and ``colour`` stay as they are where they are not given."""
        self._icon_name, self._colour = icon_name or self._icon_name, colour or self._colour
        self._heading.setText(text)
        give_role(self._heading, self._colour)
        self._paint_icon()

    def say_more(self, count: int) -> None:
        """How many cards wait behind this one."""
        self._more.setText(f"+{count}" if count else "")
        self._more.setAccessibleName(tr("%(n)d more") % {"n": count})
        self._more.setVisible(count > 0)

    def say_news(self) -> None:
        """What is shown already tells of something new."""
        if self.isVisible():
            say_aloud(self, self.accessibleName())

    @property
    def heading(self) -> str:
        return self._heading.text()

    @property
    def more(self) -> str:
        return self._more.text()

    def add_button(self, button: QAbstractButton, stretch: int = 0) -> None:
        """A button for the mouse alone: whoever types elsewhere must not press it."""
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons.addWidget(button, stretch)

    # making

    def _build_frame(self) -> None:
        self.column.setContentsMargins(19, 13, 13, 19)
        self.column.setSpacing(12)
        close = tool_button(icon_name="x", said=tr("Close"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.closed)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._heading, 1)
        head.addWidget(self._more)
        head.addWidget(close)
        self.body.setContentsMargins(0, 0, 6, 0)
        self.body.setSpacing(12)
        self.buttons.setContentsMargins(0, 0, 6, 0)
        self.buttons.setSpacing(8)
        self.column.addLayout(head)
        self.column.addLayout(self.body)
        self.column.addLayout(self.buttons)

    def _paint_icon(self) -> None:
        picture = icon(self._icon_name, self._colour)
        self._icon.setPixmap(picture.pixmap(QSize(18, 18), self.devicePixelRatio()))

    # Qt's side

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hold(_MOUSE, True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hold(_MOUSE, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._paint_icon()
