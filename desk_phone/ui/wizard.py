"""The first start: four steps, each of which can be left for later. Everything applies at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble
from desk_phone.ui.banner import Banners
from desk_phone.ui.behind import Behind
from desk_phone.ui.buttons import push_button
from desk_phone.ui.front import bring, first_size
from desk_phone.ui.label import plain_label
from desk_phone.ui.pointing import scroll_to
from desk_phone.ui.speech import say_aloud
from desk_phone.ui.wizard_steps import AccountStep, KeysStep, LineStep, PopupsStep, Step, left_over


class Wizard(QWidget):
    """Made on first use and kept hidden: closing it leaves the rest for later and loses nothing
    but a password that was typed and not tried.

    ``finished``: the person has gone through it, whatever was left for later.
    """

    spoken_as = QAccessible.Role.Dialog
    finished = Signal()

    def __init__(self, behind: Behind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.account, self.line = AccountStep(behind), LineStep(behind)
        self.popups, self.keys = PopupsStep(behind), KeysStep(behind)
        self.steps: tuple[Step, ...] = (self.account, self.line, self.popups, self.keys)
        self._stack = QStackedWidget()
        self._place, self._title = plain_label(role="muted"), plain_label(role="title", wraps=True)
        self._bar = QProgressBar(textVisible=False)
        self._notices = Banners(("settings",))
        self._hint = plain_label(role="muted", wraps=True)
        self.back, self.later = push_button(tr("Back")), push_button(tr("Later"))
        self.next = push_button(tr("Next"), kind="primary")
        self._build()
        self._wire(behind)
        self.show_step(0)

    @property
    def step(self) -> Step:
        return self.steps[self._stack.currentIndex()]

    @property
    def hint(self) -> str:
        return self._hint.text()

    def open(self, step: Step | None = None) -> None:
        """Come to the front, at that step or where it was left."""
        if step is not None:
            self.show_step(self.steps.index(step))
        bring(self)
        self._begin()

    def open_where_needed(self) -> None:
        """At the first step that is not done; one that is open stays where it is."""
        if self.isVisible():
            self.open()
        else:
            self.open(next((step for step in self.steps if not step.done), self.steps[0]))

    def tell_tray(self, present: bool) -> None:
        self.popups.tell_tray(present)

    # making

    def _build(self) -> None:
        self.setWindowTitle(tr("Set up Desk Phone"))
        self.setMinimumSize(560, 460)
        self.resize(first_size(self, 620, 560))
        for step in self.steps:
            self._stack.addWidget(step)
        self._bar.setRange(0, len(self.steps))
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(tr("Steps"))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.later)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 12, 18)
        column.setSpacing(10)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)  # as beside the scroll bar of a step
        head.setSpacing(8)
        for widget in (self._place, self._title, self._bar, self._notices):
            head.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(self._hint)
        column.addLayout(foot)
        foot.setContentsMargins(0, 0, 12, 0)

    def _wire(self, behind: Behind) -> None:
        self.back.clicked.connect(self._go_back)
        self.later.clicked.connect(self._leave_for_later)
        self.next.clicked.connect(self._go_on)
        for step in self.steps:
            step.changed.connect(self._look)
            step.passed.connect(partial(self._passed, step))
        self._notices.pressed.connect(lambda name, _: self._notices.put(name, None))
        behind.preferences.failed.connect(self._tell_failure)
        behind.preferences.changed.connect(self._settings_kept)
        for keys, act in (("Alt+Left", self._go_back), ("Esc", self.close)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _settings_kept(self) -> None:
        self._notices.put("settings", None)

    # walking

    def _go_back(self) -> None:
        at = self._stack.currentIndex()
        if at > 0:
            self.show_step(at - 1)
            self._begin()

    def _go_on(self) -> None:
        if self.step.ready:
            self.step.go_on()

    def _passed(self, step: Step) -> None:
        if step is self.step and self.isVisible():
            self._leave_for_later()

    def _leave_for_later(self) -> None:
        """On, whether or not anything was done here."""
        at = self._stack.currentIndex() + 1
        if at == len(self.steps):
            self.close()
            self.show_step(0)
            self.finished.emit()
            return
        self.show_step(at)
        self._begin()

    def _begin(self) -> None:
        self.step.begin()
        self.step.focus_first()
        if self.focusWidget() not in self.step.findChildren(QWidget):  # all of it is fixed
            self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is shown

    def show_step(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        values = {"n": at + 1, "all": len(self.steps)}
        self._place.setText(tr("Step %(n)d of %(all)d") % values)
        self._title.setText(self.step.title)
        self._bar.setValue(at + 1)
        say_aloud(self, f"{self._place.text()}: {self.step.title}")
        self._look()

    def _look(self) -> None:
        at = self._stack.currentIndex()
        last = at == len(self.steps) - 1
        self.back.setEnabled(at > 0)
        self.later.setVisible(not last)
        self.next.setText(tr("Done") if last else tr("Next"))
        self.next.setEnabled(self.step.ready)
        self._hint.setText(left_over(self.steps) if last else self.step.way_on)
        self._hint.setVisible(bool(self._hint.text()))

    def _tell_failure(self, error: PhoneError) -> None:
        self._notices.put("settings", trouble.of_error(error))

    # Qt's side

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What scrolls shows what Tab comes to: Qt sees to it only within, not for who comes in."""
        moved = super().focusNextPrevChild(forward)
        if moved and (focused := self.focusWidget()) is not None:
            scroll_to(focused)
        return moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the keyboard; from a choice it goes on."""
        focused = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif isinstance(focused, QAbstractButton) and not focused.isCheckable():
            focused.click()
        elif not isinstance(focused, QLineEdit):  # which has said itself what Enter means there
            self._go_on()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.account.forget_typed()
        self.hide()
