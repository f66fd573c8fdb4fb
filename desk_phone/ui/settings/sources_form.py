"""A new source of others' contacts: what it is, where it is, who may read it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from desk_phone.i18n import tr
from desk_phone.model.elsewhere import SourceKind
from desk_phone.ui.buttons import push_button
from desk_phone.ui.dialling.asking_frame import AskingFrame
from desk_phone.ui.label import plain_label
from desk_phone.ui.phonebook.files import ask_for_file
from desk_phone.ui.settings import sources_words
from desk_phone.ui.settings.section import SteadyComboBox
from desk_phone.ui.speech import say_aloud


class SourcesForm(AskingFrame):
    """``add_wanted``: what is typed makes sense. The password stays in its field until the source
    is there, and no longer than the form is seen."""

    add_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Add a source"), parent)
        self.kind = SteadyComboBox()
        self.address, self.label, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.browse = push_button(tr("Choose..."))
        self.add = push_button(tr("Add"), kind="primary")
        self.cancel = push_button(tr("Cancel"))
        self._problem = plain_label(role="bad", wraps=True)
        self._logins: list[QWidget] = []
        for kind in SourceKind:
            self.kind.addItem(sources_words.kind_in_full(kind), kind)
        self._build()
        self._wire()
        self._show_kind()

    @property
    def chosen(self) -> SourceKind:
        return SourceKind(self.kind.currentData())

    @property
    def problem(self) -> str:
        return "" if self._problem.isHidden() else self._problem.text()

    def begin(self) -> None:
        self.tell("")
        self.show()
        self.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """It was added, or is wanted no more."""
        for field in (self.address, self.label, self.user, self.password):
            field.clear()
        self.wait(False)
        self.hide()
        self.closed.emit()

    def wait(self, waiting: bool) -> None:
        self.add.setEnabled(not waiting)

    def tell(self, problem: str) -> None:
        """Why it could not be added; what was typed stays."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            say_aloud(self, problem)

    def take_file(self, file: Path) -> None:
        self.address.setText(str(file))
        self.label.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is typed

    def _act(self) -> None:
        if not self.add.isEnabled():
            return
        problem, field = self._checked()
        self.tell(problem)
        if problem:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add_wanted.emit()

    def _checked(self) -> tuple[str, QLineEdit]:
        """What is missing, and where; the rest is for whoever keeps the source to say."""
        if not self.address.text().strip():
            return tr("The address is missing."), self.address
        if self.user.text().strip() and not self.password.text():
            return tr("The password is missing."), self.password
        if self.password.text() and not self.user.text().strip():
            return tr("The user name is missing."), self.user
        return "", self.address

    def _show_kind(self) -> None:
        is_file = self.chosen is SourceKind.FILE
        self.address.setPlaceholderText(sources_words.example(self.chosen))
        self.browse.setVisible(is_file)
        for widget in self._logins:
            widget.setVisible(not is_file)
        if is_file:
            self.user.clear()
            self.password.clear()

    def _forget_unseen(self, password: str) -> None:
        """A page made anew in another language puts back what was typed, into closed forms too."""
        if password and self.isHidden():
            self.password.clear()

    def _choose_file(self) -> QFileDialog:
        dialog = ask_for_file(self, self.take_file)
        dialog.setWindowTitle(tr("A file of contacts"))
        return dialog

    # making

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._row(tr("Kind"), self.kind)
        self._row(tr("File or address"), self.address, self.browse)
        self._row(tr("Call it (as in: from My phone)"), self.label)
        self._logins += [self._row(tr("User name, where one is asked for"), self.user), self.user]
        self._logins += [self._row(tr("Password"), self.password), self.password]
        self._logins.append(
            self.add_sentence(tr("It goes to that server alone, and into the keyring."), "small")
        )
        self.column.addWidget(self._problem)
        self._problem.hide()
        self.column.addSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(buttons)

    def _row(self, text: str, field: QWidget, *beside: QWidget) -> QLabel:
        label = self.add_field(text, field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        for widget in beside:
            row.addWidget(widget)
        self.column.addLayout(row)
        return label

    def _wire(self) -> None:
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.browse.clicked.connect(self._choose_file)
        self.add.clicked.connect(self._act)
        self.cancel.clicked.connect(self.finish)
        self.left.connect(self.finish)
        self.password.textChanged.connect(self._forget_unseen)
        for field in (self.address, self.label, self.user, self.password):
            field.returnPressed.connect(self._act)

    # Qt's side

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.password.clear()
