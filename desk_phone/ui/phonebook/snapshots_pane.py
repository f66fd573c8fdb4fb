"""Earlier states of the phonebook: what bringing one back would change, and doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.app.phonebook_news import Restored
from desk_phone.app.piecemeal import Piecemeal
from desk_phone.i18n import ntr, ptr, tr
from desk_phone.model.undo import Step
from desk_phone.store.phonebook_past import Snapshot, Why
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.label import plain_label
from desk_phone.ui.listing import Line, Listing, MadeLines
from desk_phone.ui.phonebook import words as phonebook_words
from desk_phone.ui.phonebook.deeds import restored_words


class SnapshotsPane(QWidget):
    """``restore_wanted``: a person wants a state back, and was shown what that changes."""

    restore_wanted = Signal(int, str)  # the snapshot, and what it changes in words

    def __init__(
        self, contacts: Contacts, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._contacts, self._now = contacts, now
        self._steps: tuple[Step, ...] = ()
        self._work = Piecemeal(self)
        self._restoring = False
        head = (tr("State of"), tr("Kept"), tr("Entries"))
        self.list = Listing(tr("Earlier states"), head, (0, 0, 90))
        head = (ptr("column", "Change"), tr("Now"), tr("Then"))
        self.steps = Listing(tr("What it would change"), head, (100, 0, 0))
        self._said = plain_label(wraps=True)
        self.restore = push_button(tr("Bring it back..."), "history")
        self.stop = push_button(tr("Stop"))
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._build()
        self._wire()

    @property
    def busy(self) -> bool:
        """Whether it compares."""
        return self._work.busy

    @property
    def said(self) -> str:
        return self._said.text()

    def read_again(self) -> None:
        """Nothing happens while nobody looks, or while a state is brought back."""
        if not self.isVisible() or self._restoring:
            return
        snapshots = self._contacts.book.past.snapshots()
        moments = Counter(map(self._moment, snapshots))
        self.list.show_lines(
            [self._line(s, alone=moments[self._moment(s)] == 1) for s in snapshots]
        )
        self._stack.setCurrentIndex(0 if snapshots else 1)

    def begin(self, snapshot: int) -> None:
        """A person said yes."""
        self._restoring = True
        self._allow()
        self._contacts.restore_snapshot(snapshot)

    # reading

    def _moment(self, snapshot: Snapshot) -> str:
        return words.moment(snapshot.at, self._now())

    def _line(self, snapshot: Snapshot, alone: bool) -> Line:
        """``alone``: no other one is of that minute; else the seconds tell them apart."""
        why = {
            Why.DAILY: tr("daily"),
            Why.BEFORE_WRITING: tr("before changes were sent"),
        }[snapshot.why]
        when = self._moment(snapshot)
        if not alone:
            when = when.replace(words.clock(snapshot.at), f"{snapshot.at.astimezone():%H:%M:%S}")
        return Line(snapshot.id, (when, why, str(snapshot.entries)), "history")

    def _compare(self) -> None:
        chosen = self.list.chosen()
        self._show_steps(())
        if chosen:
            self._said.setText(tr("Comparing..."))
            self._work.begin(self._contacts.comparing(chosen[0]), self._have_steps)
        else:
            self._work.stop()
            self._said.setText(tr("Choose a state to see what bringing it back would change."))

    def _have_steps(self, steps: tuple[Step, ...]) -> None:
        self._show_steps(steps)
        if steps:
            self._said.setText(_summary(steps))
        else:
            self._said.setText(tr("The phonebook is as it was then."))

    def _show_steps(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self.steps.show_lines(MadeLines(steps, _step_line))
        self._allow()

    def _allow(self) -> None:
        may = self._contacts.state.unlocked and bool(self._steps)
        self.restore.setEnabled(may)
        self.restore.setVisible(not self._restoring)
        self.stop.setVisible(self._restoring)
        self.list.setEnabled(not self._restoring)
        if self._restoring:
            self._said.setText(tr("Bringing it back..."))

    def _want(self) -> None:
        chosen = self.list.chosen()
        if chosen and self.restore.isEnabled():
            self.restore_wanted.emit(chosen[0], _summary(self._steps))

    # what becomes of it

    def _restored(self, outcome: Restored) -> None:
        self._restoring = False
        self.read_again()
        self._said.setText(restored_words(outcome))

    def _failed(self) -> None:
        if self._restoring:
            self._restoring = False
            self.read_again()

    # making

    def _build(self) -> None:
        self._empty.show_this(
            Emptiness(
                "history",
                tr("No earlier states yet"),
                tr("A copy is kept every day, and before changes are sent."),
                "",
                "",
            )
        )
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.stop)
        foot.addWidget(self.restore)
        both = QWidget()
        inside = QVBoxLayout(both)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.list, 2)
        inside.addWidget(self.steps, 3)
        inside.addLayout(foot)
        self._stack.addWidget(both)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _wire(self) -> None:
        self.list.chosen_changed.connect(self._compare)
        self.list.pressed.connect(self._want)
        self.restore.clicked.connect(self._want)
        self.stop.clicked.connect(self._contacts.stop)
        self._contacts.restored.connect(self._restored)
        self._contacts.failed.connect(self._failed)
        self._contacts.changed.connect(self.read_again)
        self._contacts.state_changed.connect(self._allow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_again()


def _step_line(at: int, step: Step) -> Line:
    if step.before is None:
        word, icon, colour = tr("Add"), "user-plus", "good"
    elif step.after is None:
        word, icon, colour = tr("Delete"), "trash-2", "bad"
    else:
        word, icon, colour = tr("Change"), "square-pen", "accent"
    now = phonebook_words.summary(step.before) if step.before else ""
    then = phonebook_words.summary(step.after) if step.after else ""
    return Line(at, (word, now, then), icon, colour)


def _summary(steps: tuple[Step, ...]) -> str:
    """``2 would come back, 1 would change, 3 would be deleted.``"""
    kinds = Counter((step.before is None, step.after is None) for step in steps)
    said = []
    if back := kinds[(True, False)]:
        said.append(ntr("%(n)d would come back", "%(n)d would come back", back))
    if changed := kinds[(False, False)]:
        said.append(ntr("%(n)d would change", "%(n)d would change", changed))
    if gone := kinds[(False, True)]:
        said.append(ntr("%(n)d would be deleted", "%(n)d would be deleted", gone))
    return ", ".join(said) + "."
