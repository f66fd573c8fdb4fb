"""Beside the list of calls: the person of the chosen call, what was noted, what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change
from desk_phone.model.notes import Version, joined
from desk_phone.store.calls import CallFilter, CallLedger, Sought
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button, tool_button
from desk_phone.ui.calls.delegate import icon_of
from desk_phone.ui.calls.note_edit import NoteEdit
from desk_phone.ui.calls.person_head import PersonHead
from desk_phone.ui.calls.person_past import PastCall, PersonPast
from desk_phone.ui.calls.person_state import PersonState
from desk_phone.ui.label import plain_label

WIDTH = 288  # px
_PAST_AT_MOST = 6  # calls
_SHOWN_OF_A_VERSION = 40  # characters


class PersonPane(QFrame):
    """``looked`` tells when the history of an own line was last asked for."""

    call_wanted = Signal(object)  # Call
    copy_wanted = Signal(object)  # Call
    add_wanted = Signal(str)  # a canonical number for the phonebook
    left = Signal()  # Esc in a note

    def __init__(
        self,
        follow_up: FollowUp,
        ledger: CallLedger,
        looked: Callable[[str], datetime | None],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._follow_up, self._ledger, self._looked, self._now = follow_up, ledger, looked, now
        self._call: Call | None = None
        self.head = PersonHead()
        self.call = push_button(tr("Call"), "phone", "on_good", kind="call")
        self.copy = tool_button(icon_name="copy", said=tr("Copy number"))
        self.add = tool_button(icon_name="user-plus", said=tr("Add to phonebook"))
        self.state = PersonState(follow_up, ledger.follow_up, now)
        self.call_note = NoteEdit(tr("Note of this call"), tr("What was it about?"))
        self.person_note = NoteEdit(tr("Note about this person"), tr("Good to know next time"))
        self.became = plain_label(role="small", wraps=True)
        self.past = PersonPast()
        self.earlier: list[QToolButton] = []  # of the call's note, of the person's
        self._area = QScrollArea()
        self._person_part, self._past_part = QWidget(), QWidget()
        self._build()
        self._wire()

    @property
    def shown(self) -> Call | None:
        return self._call

    def show_call(self, call: Call) -> None:
        """Notes of the call before are saved; the same call again leaves what is being typed."""
        before, self._call = self._call, call
        self.head.show_call(call)
        self.call.setVisible(bool(call.other))
        self.copy.setVisible(bool(call.other))
        self.add.setVisible(bool(call.other) and not words.plain(call.name))
        if before is None or before.id != call.id:
            self.call_note.begin(self._follow_up.call_note(call.id), self._write_call_note(call.id))
        if before is None or before.other != call.other:
            self.person_note.begin(
                self._follow_up.person_note(call.other), self._write_about(call.other)
            )
        self._person_part.setVisible(bool(call.other))
        self.read_again()

    def take(self, changes: tuple[Change, ...]) -> None:
        """Two calls may have turned out to be one: what is typed goes on as the other's note."""
        call = self._call
        if call is None:
            return
        for change in changes:
            if change.before is not None and change.before.id == call.id != change.after.id:
                self._call = change.after
                typed = "" if self.call_note.is_kept else self.call_note.text
                kept = self._follow_up.call_note(change.after.id)
                self.call_note.forget()
                self.call_note.begin(kept, self._write_call_note(change.after.id))
                if typed:
                    self.call_note.replace_with(joined(kept, typed))

    def read_again(self) -> None:
        """Notes, reminders or calls changed somewhere; nothing happens while nobody looks."""
        call = self._call
        if call is None or self.isHidden():
            return
        self.call_note.refresh(self._follow_up.call_note(call.id))
        self.person_note.refresh(self._follow_up.person_note(call.other))
        self.became.setText(self._of_this_call(call))
        self.state.show_person(call.other)
        self._show_past(call)
        for button, versions in zip(self.earlier, self._versions(call), strict=True):
            button.setVisible(bool(versions))

    def keep(self) -> bool:
        """Whether nothing is lost when the program ends now."""
        return self.call_note.save() and self.person_note.save()

    def focus_note(self) -> None:
        self.call_note.focus()
        self._area.ensureWidgetVisible(self.call_note)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whoever types still sees it when something takes room below."""
        super().resizeEvent(event)
        for edit in (self.call_note, self.person_note):
            if edit.field.hasFocus():
                self._area.ensureWidgetVisible(edit)

    # reading

    def _of_this_call(self, call: Call) -> str:
        when = words.moment(call.start, self._now())
        said = words.became(call, self._looked(call.own))
        return f"{when[:1].upper()}{when[1:]} · {said}" if said else when

    def _show_past(self, call: Call) -> None:
        found = []
        if call.other:
            sought = Sought(others=(call.other,))
            found = self._ledger.page(CallFilter.ALL, sought, None, _PAST_AT_MOST + 1)
        others = [other for other in found if other.id != call.id][:_PAST_AT_MOST]
        self.past.show_calls([self._past_call(other) for other in others])
        self._past_part.setVisible(bool(others))

    def _past_call(self, call: Call) -> PastCall:
        now, looked = self._now(), self._looked(call.own)
        name, colour = icon_of(call)
        when = words.moment(call.start, now)
        return PastCall(
            *(name, colour, f"{when[:1].upper()}{when[1:]}", words.outcome(call, looked)),
            words.sentence(call, now.astimezone().date(), looked),
        )

    def _versions(self, call: Call) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
        about = self._follow_up.earlier_person_notes(call.other) if call.other else ()
        return self._follow_up.earlier_call_notes(call.id), about

    # writing

    def _write_call_note(self, call_id: int) -> Callable[[str], bool]:
        return lambda text: self._follow_up.write_call_note(call_id, text)

    def _write_about(self, other: str) -> Callable[[str], bool]:
        return lambda text: self._follow_up.write_person_note(other, text)

    def earlier_menu(self, nr: int) -> QMenu:
        """What the note of the call (0) or of the person (1) was before, the latest first."""
        menu = QMenu(self)
        edit = (self.call_note, self.person_note)[nr]
        versions = self._versions(self._call)[nr] if self._call is not None else ()
        for version in reversed(versions):
            when = words.moment(version.written, self._now())
            said = f"{when}  {words.plain(version.text, _SHOWN_OF_A_VERSION)}"
            menu.addAction(words.menu(said)).triggered.connect(
                lambda _=False, text=version.text: edit.replace_with(text)
            )
        return menu

    def _open_earlier(self, nr: int) -> None:
        menu = self.earlier_menu(nr)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.earlier[nr]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    # making

    def _build(self) -> None:
        self.setProperty("role", "section")
        self.setFixedWidth(WIDTH)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addLayout(self._buttons())
        column.addWidget(self.state)
        column.addLayout(self._note_part(tr("This call"), self.call_note, self.became))
        about = self._note_part(tr("About this person"), self.person_note)
        about.setContentsMargins(0, 0, 0, 0)
        self._person_part.setLayout(about)
        column.addWidget(self._person_part)
        past = QVBoxLayout(self._past_part)
        past.setContentsMargins(0, 0, 0, 0)
        past.setSpacing(2)
        past.addWidget(plain_label(tr("Other calls"), "strong"))
        past.addWidget(self.past)
        column.addWidget(self._past_part)
        column.addStretch(1)
        area = self._area
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(area)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.call, 1)
        row.addWidget(self.copy)
        row.addWidget(self.add)
        return row

    def _note_part(self, title: str, edit: NoteEdit, *more: QWidget) -> QVBoxLayout:
        nr = len(self.earlier)
        earlier = tool_button(icon_name="history", said=tr("Earlier texts"))
        earlier.clicked.connect(lambda: self._open_earlier(nr))
        self.earlier.append(earlier)
        head = QHBoxLayout()
        head.addWidget(plain_label(title, "strong"), 1)
        head.addWidget(earlier)
        part = QVBoxLayout()
        part.setSpacing(4)
        part.addLayout(head)
        for widget in more:
            part.addWidget(widget)
        part.addWidget(edit)
        return part

    def _wire(self) -> None:
        self.call.clicked.connect(lambda: self.call_wanted.emit(self._call))
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self._call))
        self.add.clicked.connect(self._want_add)
        for edit in (self.call_note, self.person_note):
            edit.left.connect(self.left)
        self.state.done.clicked.connect(self.left)  # to whoever is next
        self._follow_up.changed.connect(self.read_again)

    def _want_add(self) -> None:
        if self._call is not None:
            self.add_wanted.emit(self._call.other)
