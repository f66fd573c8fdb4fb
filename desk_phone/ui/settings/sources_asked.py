"""A small question about one source, inside the page: another name, another password, or Remove."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desk_phone.i18n import tr
from desk_phone.model.elsewhere import SourceState
from desk_phone.model.secret import Secret
from desk_phone.ui.buttons import push_button
from desk_phone.ui.dialling.asking_frame import AskingFrame
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings import sources_words


class Ask(StrEnum):
    NAME = "name"
    PASSWORD = "password"  # noqa: S105 - a word for what is asked
    REMOVE = "remove"


class SourcesAsked(AskingFrame):
    """One question at a time. The password goes with the answer and stays in no widget."""

    renamed = Signal(int, str)  # id, what it is called now
    password_given = Signal(int, object)  # id, Secret
    removed = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._ask, self._id = Ask.NAME, 0
        self._title = plain_label(wraps=True)
        self.name = QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.yes, self.no = push_button(kind="primary"), push_button()
        self._build()
        self.yes.clicked.connect(self._answer)
        self.no.clicked.connect(self.close_)
        self.left.connect(self.close_)
        for field in (self.name, self.password):
            field.returnPressed.connect(self._answer)
            field.textChanged.connect(self._allow)

    @property
    def id(self) -> int:
        """Of the source it is about; 0 while nothing is asked."""
        return 0 if self.isHidden() else self._id

    @property
    def said(self) -> str:
        return self._title.text()

    def ask(self, what: Ask, state: SourceState) -> None:
        self._ask, self._id = what, state.source.id
        label = sources_words.label(state)
        self._title.setText(_question(what) % {"label": label})
        self.name.setText(state.source.label)
        self.password.clear()
        self.name.setVisible(what is Ask.NAME)
        self.password.setVisible(what is Ask.PASSWORD)
        self.yes.setText(tr("Remove") if what is Ask.REMOVE else tr("Keep"))
        self.no.setText(tr("Leave it") if what is Ask.REMOVE else tr("Cancel"))
        self._allow()
        self.show()
        first = {Ask.NAME: self.name, Ask.PASSWORD: self.password, Ask.REMOVE: self.no}[what]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def close_(self) -> None:
        self.hide()
        self.closed.emit()

    def _answer(self) -> None:
        if not self.yes.isEnabled():
            return
        secret, name = Secret(self.password.text()), self.name.text()
        self.close_()
        match self._ask:
            case Ask.NAME:
                self.renamed.emit(self._id, name)
            case Ask.PASSWORD:
                self.password_given.emit(self._id, secret)
            case Ask.REMOVE:
                self.removed.emit(self._id)

    def _allow(self) -> None:
        text = {Ask.NAME: self.name.text().strip(), Ask.PASSWORD: self.password.text()}
        self.yes.setEnabled(bool(text.get(self._ask, "yes")))
        if self.isHidden() and self.password.text():  # put back by a page made anew
            self.password.clear()

    def _build(self) -> None:
        self.column.addWidget(self._title)
        self.name.setAccessibleName(tr("What the source is called"))
        self.password.setAccessibleName(tr("Password"))
        for field in (self.name, self.password):
            self.column.addWidget(field)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.yes, self.no):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.hide()

    # Qt's side

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.password.clear()


def _question(what: Ask) -> str:
    match what:
        case Ask.NAME:
            return tr("What “%(label)s” is called, as in: from %(label)s")
        case Ask.PASSWORD:
            return tr("The password for “%(label)s”")
        case Ask.REMOVE:
            return tr(
                "Remove “%(label)s”? Its people, their names on your calls and its password are "
                "forgotten here. Where they come from nothing changes."
            )
