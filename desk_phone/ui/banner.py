"""Banners inside a page, never a modal box: what is so, what to do, one button."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk_phone.i18n import tr
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.speech import say_aloud
from desk_phone.ui.trouble import Kind, Message

_ICONS = {
    Kind.BAD: ("circle-alert", "bad"),
    Kind.WARN: ("triangle-alert", "warn"),
    Kind.INFO: ("info", "accent"),
}


class Banner(QFrame):
    spoken_as = QAccessible.Role.AlertMessage
    pressed = Signal(object)  # Message.act

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = message
        self._icon = plain_label()
        self._title = plain_label(role="strong")
        self._text = plain_label()
        self._button = QPushButton()
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button.clicked.connect(lambda: self.pressed.emit(self._message.act))
        self._answers = QHBoxLayout()  # of a question with several
        self._answers.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addLayout(self._answers)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.say(message)

    @property
    def message(self) -> Message:
        return self._message

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """What can be pressed, as one reads."""
        items = (self._answers.itemAt(at) for at in range(self._answers.count()))
        answers = (item.widget() for item in items if item is not None)
        return (*(b for b in answers if isinstance(b, QPushButton)), self._button)

    def say(self, message: Message) -> None:
        self._message = message
        give_role(self, f"banner-{message.kind}")
        self._title.setText(message.title)
        self._text.setText(message.text)
        self._text.setVisible(bool(message.text))
        self._button.setText(message.button)
        self._button.setVisible(bool(message.button) and not message.more)
        self._button.setAccessibleDescription(message.title)
        self._ask(((message.button, message.act), *message.more) if message.more else ())
        self._paint_icon()
        self.setAccessibleName(tr("Notice"))
        self.setAccessibleDescription(". ".join(filter(None, (message.title, message.text))))
        self._fit()

    def _ask(self, answers: tuple[tuple[str, StrEnum], ...]) -> None:
        while (item := self._answers.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for text, act in answers:
            answer = QPushButton(text)
            answer.setAccessibleDescription(self._message.title)
            answer.clicked.connect(lambda _=False, act=act: self.pressed.emit(act))
            self._answers.addWidget(answer)
        if answers:
            self._answers.addStretch(1)

    def _paint_icon(self) -> None:
        name, colour = _ICONS[self._message.kind]
        self._icon.setPixmap(icon(name, colour).pixmap(QSize(20, 20), self.devicePixelRatio()))

    def _fit(self, anew: bool = True) -> None:
        """As high as its wrapped lines are at this width, and no higher. ``anew``: its labels may
        have got their fonts since the layout last looked."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            if anew:
                layout.invalidate()
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit(anew=False)  # it has just looked, and would be asked again and again
        return done

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._paint_icon()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()


class Banners(QWidget):
    """The banners of a page, each under a name of its own; a later word replaces the former."""

    pressed = Signal(str, object)  # name, Act

    def __init__(self, order: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__()
        self._order = order
        self._shown: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()
        self.setParent(parent)  # only now: under a parent, hiding calls what is not made yet

    def put(self, name: str, message: Message | None) -> None:
        """Show the message under ``name``, or with None take it away."""
        if message is None:
            if name in self._shown:
                banner = self._shown.pop(name)
                self._column.removeWidget(banner)
                banner.hide()
                banner.deleteLater()
        elif name in self._shown:
            if self._shown[name].message != message:
                self._shown[name].say(message)
                if message.more:  # whose buttons are others
                    self._set_tab_order()
        else:
            self._add(name, message)
            self._set_tab_order()
        self.setVisible(bool(self._shown))

    def message(self, name: str) -> Message | None:
        banner = self._shown.get(name)
        return banner.message if banner else None

    def _add(self, name: str, message: Message) -> None:
        banner = Banner(message)
        banner.pressed.connect(lambda act: self.pressed.emit(name, act))
        above = [n for n in self._order[: self._order.index(name)] if n in self._shown]
        self._column.insertWidget(len(above), banner)
        self._shown[name] = banner
        if self.window().isActiveWindow():
            say_aloud(banner, banner.accessibleDescription())

    def _set_tab_order(self) -> None:
        """Tab comes to each where it stands; what is made later were behind everything else."""
        before: QWidget = self
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # else Qt puts nothing behind it
        for name in self._order:
            for button in self._shown[name].buttons if name in self._shown else ():
                QWidget.setTabOrder(before, button)
                before = button
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
