"""Settings: where others' contacts are read from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import SourceKind, SourceState
from desk_phone.model.secret import Secret
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.listing import ROW, Listing
from desk_phone.ui.pointing import scroll_to
from desk_phone.ui.settings import sources_words
from desk_phone.ui.settings.section import SectionFrame
from desk_phone.ui.settings.sources_asked import Ask, SourcesAsked
from desk_phone.ui.settings.sources_form import SourcesForm
from desk_phone.ui.speech import say_aloud

_ROWS_AT_MOST = 6  # of the list before it scrolls


class SourcesSection(SectionFrame):
    def __init__(
        self,
        outside: OutsideContacts,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Contacts from elsewhere"), parent)
        self._outside, self._now = outside, now
        self._states: dict[int, SourceState] = {}
        self._adding: frozenset[int] | None = None  # the sources there were before
        head = (tr("Name"), tr("People"), tr("Read"))
        self.list = Listing(tr("Sources of contacts"), head, (0, 90, 0))
        self.add = push_button(tr("Add..."))
        self.read = push_button(tr("Read now"))
        self.rename = push_button(tr("Rename..."))
        self.password = push_button(tr("Password..."))
        self.remove = push_button(tr("Remove..."))
        self._detail = plain_label(role="small", wraps=True)
        self._trouble = plain_label(role="bad", wraps=True)
        self._failure = plain_label(role="bad", wraps=True)
        self.asked, self.form = SourcesAsked(), SourcesForm()
        self._build()
        self._wire()
        self.look()

    def focus_first(self) -> None:
        first = self.list if self._states else self.add
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def said(self) -> str:
        """All that is said under the list."""
        labels = (self._none, self._detail, self._trouble, self._failure)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def look(self) -> None:
        """Show the sources as they are now."""
        states = self._outside.states()
        self._states = {state.source.id: state for state in states}
        reading = self._outside.reading
        now = self._now()
        self.list.show_lines(
            [sources_words.line(state, state.source.id in reading, now) for state in states]
        )
        if states and not self.list.chosen():
            self.list.choose(states[0].source.id)
        rows = min(max(len(states), 1), _ROWS_AT_MOST)
        self.list.setFixedHeight((rows + 1) * ROW + 4)
        self.list.setVisible(bool(states))
        self._none.setVisible(not states)
        if self.asked.id and self.asked.id not in self._states:
            self.asked.close_()
        self._end_adding()
        self._tell_chosen()

    # the chosen source

    def _chosen(self) -> SourceState | None:
        return self._states.get(next(iter(self.list.chosen()), 0))

    def _tell_chosen(self) -> None:
        state, outside = self._chosen(), self._outside
        detail = trouble = ""
        if state is not None:
            id_ = state.source.id
            detail = sources_words.detail(state, outside.next_look(id_), self._now())
            locked = outside.elsewhere.is_locked(id_)
            trouble = sources_words.trouble(state, locked) if id_ not in outside.reading else ""
        for label, text in ((self._detail, detail), (self._trouble, trouble)):
            label.setText(text)
            label.setVisible(bool(text))
        self.password.setVisible(state is not None and bool(state.source.user))
        for button in (self.rename, self.remove, self.read):
            button.setVisible(bool(self._states))
            button.setEnabled(state is not None)

    def _ask(self, what: Ask) -> None:
        state = self._chosen()
        if state is not None:
            self._tell_failure("")
            self.form.hide()
            self.asked.ask(what, state)
            scroll_to(self.asked)

    def _read(self) -> None:
        state = self._chosen()
        if state is not None:
            self._tell_failure("")
            self._outside.read(state.source.id)

    # a new one

    def _begin(self) -> None:
        self._tell_failure("")
        self.asked.hide()
        self.form.begin()
        scroll_to(self.form)

    def _add(self) -> None:
        form = self.form
        user = form.user.text().strip()
        secret = Secret(form.password.text()) if user else None
        self._tell_failure("")
        self._adding = frozenset(self._states)
        form.wait(True)
        kind: SourceKind = form.chosen
        self._outside.add(kind, form.address.text(), form.label.text(), user, secret)

    def _end_adding(self) -> None:
        """It is there: the form has done its work."""
        if self._adding is None:
            return
        new = self._states.keys() - self._adding
        if new:
            self._adding = None
            self.form.finish()
            self.list.choose(max(new))

    # what went wrong

    def _fail(self, error: PhoneError) -> None:
        said = " ".join(filter(None, (f"{error.title}.", error.message)))
        if self._adding is not None and self._adding == frozenset(
            state.source.id for state in self._outside.states()
        ):
            self._adding = None
            self.form.wait(False)
            self.form.tell(said)
        else:
            self._tell_failure(said)

    def _tell_failure(self, text: str) -> None:
        self._failure.setText(text)
        self._failure.setVisible(bool(text))
        if text:
            say_aloud(self, text)

    # making

    def _build(self) -> None:
        self.add_sentence(
            tr(
                "Names from Outlook, a phone, an address book or a directory. They are only read; "
                "nothing gets into the company's phonebook unless you copy it there."
            )
        )
        self._none = self.add_sentence(
            tr("No source yet. Add a file that Outlook or a phone has exported, or an address.")
        )
        self.column.addWidget(self.list)
        for label in (self._detail, self._trouble):
            self.column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add, self.read, self.rename, self.password, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(buttons)
        for widget in (self._failure, self.asked, self.form):
            self.column.addWidget(widget)
            widget.hide()

    def _wire(self) -> None:
        outside, asked = self._outside, self.asked
        outside.looked.connect(self.look)
        outside.changed.connect(self.look)  # no lambda: it would outlive the page
        outside.failed.connect(self._fail)
        asked.renamed.connect(outside.call)
        asked.password_given.connect(outside.give_password)
        asked.removed.connect(outside.remove)
        asked.closed.connect(self._back_to_list)
        self.form.closed.connect(self._back_to_list)
        self.form.add_wanted.connect(self._add)
        self.add.clicked.connect(self._begin)
        self.read.clicked.connect(self._read)
        self.rename.clicked.connect(lambda: self._ask(Ask.NAME))
        self.password.clicked.connect(lambda: self._ask(Ask.PASSWORD))
        self.remove.clicked.connect(lambda: self._ask(Ask.REMOVE))
        self.list.chosen_changed.connect(self._tell_chosen)
        self.list.pressed.connect(self._read)
        for key, what in (("F2", Ask.NAME), ("Del", Ask.REMOVE)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda what=what: self._ask(what))

    def _back_to_list(self) -> None:
        if self.isVisible():
            self.focus_first()
            scroll_to(self)

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
