"""What a person does to entries: save, delete, undo; and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desk_phone.app.contacts import Contacts, Kept
from desk_phone.app.phonebook_news import Restored
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.undo import Step
from desk_phone.ui import words
from desk_phone.ui.phonebook.draft import Draft
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.trouble import Deed
from desk_phone.ui.phonebook.words import State
from desk_phone.ui.trouble import Kind, Message


class PhonebookDeeds(QObject):
    """``said`` is for the banners; None takes the former word away."""

    said = Signal(object)  # Message | None

    def __init__(self, contacts: Contacts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._contacts = contacts
        self._asked: Callable[[], object] | None = None
        self._errors: list[PhoneError] = []  # of the act under way
        # Methods of ours, which end with us: the contacts outlive the page.
        contacts.failed.connect(self._note_error)
        contacts.import_undone.connect(self._tell_import_undone)

    def _note_error(self, error: PhoneError) -> None:
        self._errors.append(error)

    def _tell_import_undone(self, outcome: Restored) -> None:
        self.said.emit(_import_undone(outcome))

    def save(self, draft: Draft) -> PhoneError | int:
        """Our id of what is kept now, or lies in the conflict list; else why it could not be."""
        self._errors.clear()
        self.said.emit(None)
        typed = (draft.name, draft.number1, draft.number2, draft.wire)
        if draft.id:
            kept = self._contacts.save(draft.id, draft.seen, *typed)
            done = draft.id if kept is not Kept.FAILED else 0
            if kept is Kept.CONFLICT:
                self.said.emit(_conflicted())
        else:
            done = self._contacts.add(*typed)
        return self._errors[-1] if self._errors and not done else done

    def delete(self, rows: Sequence[Row]) -> None:
        """One at once; of many it asks first. What was never sent is gone without more ado."""
        rows = [row for row in rows if row.state is not State.LEAVING]
        if len(rows) == 1:
            self._delete(rows)
        elif rows:
            self.ask(_sure(len(rows)), lambda: self._delete(rows))

    def ask(self, message: Message, deed: Callable[[], object]) -> None:
        """Do it once a person says yes; the message's button is `Deed.GO_ON`."""
        self._asked = deed
        self.said.emit(message)

    def go_on(self) -> None:
        """Yes to what was asked."""
        asked, self._asked = self._asked, None
        self.said.emit(None)
        if asked is not None:
            asked()

    def undo(self) -> int:
        """Our id of the entry that is as it was before; 0: it failed, or it is gone again, or it
        would be a whole import, so that it asks first."""
        self.said.emit(None)
        together, count = self._contacts.book.past.last_together()
        if count > 1:
            self.ask(_sure_of_import(count), lambda: self._contacts.undo_import(together))
            return 0
        step = self._contacts.undo()
        if step is None:
            return 0
        self.said.emit(_undone(step, self._contacts.book.spelling(step.contact)))
        return step.contact

    def restore(self, contact_ids: Sequence[int]) -> None:
        """Not deleted after all, or back from the trash; the first failure ends it."""
        self.said.emit(None)
        all(self._contacts.restore(contact_id) for contact_id in contact_ids)

    def try_again(self, contact_id: int) -> None:
        self.said.emit(None)
        self._contacts.try_again(contact_id)

    def give_up(self, contact_id: int) -> None:
        self.said.emit(None)
        self._contacts.give_up(contact_id)

    def _delete(self, rows: Sequence[Row]) -> None:
        self.said.emit(None)
        kept = [self._contacts.delete(row.id, row.content) for row in rows]
        if Kept.CONFLICT in kept:
            self.said.emit(_conflicted())
        elif Kept.FAILED not in kept:
            self.said.emit(_deleted(rows))


def _sure(count: int) -> Message:
    return Message(
        Kind.WARN,
        ntr("Delete %(n)d entry?", "Delete %(n)d entries?", count),
        tr("They vanish from every desk phone of the company. Undo brings them back one by one."),
        tr("Delete"),
        Deed.GO_ON,
    )


def _sure_of_import(count: int) -> Message:
    return Message(
        Kind.WARN,
        ntr("Undo the import of %(n)d entry?", "Undo the import of %(n)d entries?", count),
        tr("Every desk phone of the company shows it then."),
        tr("Undo"),
        Deed.GO_ON,
    )


def _import_undone(outcome: Restored) -> Message:
    said = restored_words(outcome)
    return Message(Kind.INFO, tr("The import is undone"), said, tr("Close"), Deed.CLOSE)


def restored_words(outcome: Restored) -> str:
    """What came of bringing something back."""
    said = [ntr("%(n)d change made.", "%(n)d changes made.", outcome.done)]
    if outcome.refused:
        text = ntr(
            "%(n)d entry had changed meanwhile and was left alone.",
            "%(n)d entries had changed meanwhile and were left alone.",
            outcome.refused,
        )
        said.append(text)
    if outcome.left:
        said.append(ntr("%(n)d is left.", "%(n)d are left.", outcome.left))
    return " ".join(said)


def restore_question(changes: str) -> Message:
    """``changes``: what bringing an earlier state back would change, in words."""
    return Message(
        Kind.WARN,
        tr("Bring this state back?"),
        " ".join((changes, tr("Every desk phone of the company shows it then."))),
        tr("Bring it back"),
        Deed.GO_ON,
    )


def _deleted(rows: Sequence[Row]) -> Message:
    if len(rows) == 1:
        title = tr("%(name)s is deleted") % {"name": words.plain(rows[0].name, 60)}
    else:
        title = ntr("%(n)d entry is deleted", "%(n)d entries are deleted", len(rows))
    return Message(Kind.INFO, title, tr("The trash keeps it for 90 days."), tr("Undo"), Deed.UNDO)


def _undone(step: Step, spelling: str) -> Message:
    """``spelling`` is the person's own; empty where the entry is gone."""
    content = step.after or step.before
    name = words.plain(spelling or (content.name if content else ""), 60)
    if step.after is None:
        title = tr("Undone: %(name)s had been added, and is taken out again") % {"name": name}
    else:
        title = tr("Undone: %(name)s is as before") % {"name": name}
    return Message(Kind.INFO, title, "", tr("Close"), Deed.CLOSE)


def _conflicted() -> Message:
    return Message(
        Kind.WARN,
        tr("Somebody else changed this entry meanwhile"),
        tr("Theirs stays; what you wanted lies in the conflict list."),
        tr("Decide"),
        Deed.DECIDE,
    )
