"""``phonebook ...``: the company's phonebook. Edits need no connection: they wait for a sync."""

from __future__ import annotations

from collections.abc import Callable

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.phonebook_files import export_file, import_file
from desk_phone.app.commands.phonebook_sync import status, sync
from desk_phone.app.commands.phonebook_words import (
    Entries,
    conflict_lines,
    conflict_record,
    printed,
    snapshot_line,
    snapshot_record,
    step_line,
    step_record,
)
from desk_phone.app.phonebook_news import Answer, Restored
from desk_phone.app.typed import Typed
from desk_phone.errors import BadInput
from desk_phone.i18n import ntr, tr
from desk_phone.model.entries import Contact, Content
from desk_phone.model.names import problems
from desk_phone.model.wishes import Decision
from desk_phone.options import Options
from desk_phone.phonebook_options import ACCOUNT, ACCOUNT_ANSWERS
from desk_phone.said import Said, as_json, of_error


def phonebook(desk: Desk, options: Options) -> Act[Said]:
    act = _ACTS.get(options.deed)
    if act is not None:
        return (yield from act(desk, options))
    return _DEEDS[options.deed](desk, options)


def _list(desk: Desk, options: Options) -> Said:
    """With ``--json`` those in the trash too."""
    book = desk.phonebook.book
    entries = Entries(desk.phonebook)
    live, trash = book.contacts(), book.trash()
    if options.json:
        return Said(out=as_json([entries.record(contact) for contact in (*live, *trash)]))
    lines = [entries.line(contact) for contact in live]
    return Said(
        out=printed([], lines, False, tr("No entries. Read them: desk-phone phonebook sync"))
    )


def _add(desk: Desk, options: Options) -> Said:
    typed = Typed(options.entry_name or "", options.number1 or "", options.number2 or "")
    return _entry(desk, options, desk.phonebook.add(typed))


def _edit(desk: Desk, options: Options) -> Said:
    contact = desk.phonebook.contact(options.id)
    if not contact.live:
        raise BadInput(tr("This entry is in the trash"), tr("Add it anew."))
    if options.entry_name is options.number1 is options.number2 is None:
        raise BadInput(tr("There is nothing to change"), tr("Give --name, --number1 or --number2."))
    kept = desk.phonebook.save(contact.id, _edited(desk, options, contact), contact.effective)
    return _kept(desk, options, contact.id, kept)


def _edited(desk: Desk, options: Options, contact: Contact) -> Typed:
    """What was not given stays."""
    now = contact.shown or Content("", "")
    name, wire = options.entry_name, ""
    if name is None:
        name = desk.phonebook.book.spelling(contact.id)
        wire = "" if problems(now.name) else now.name
    number1 = now.number1 if options.number1 is None else options.number1
    number2 = now.number2 if options.number2 is None else options.number2
    return Typed(name, number1, number2, wire)


def _delete(desk: Desk, options: Options) -> Said:
    contact = desk.phonebook.contact(options.id)
    kept = desk.phonebook.delete(contact.id, contact.effective)
    return _kept(desk, options, contact.id, kept)


def _conflicts(desk: Desk, options: Options) -> Said:
    found = desk.phonebook.book.conflicts()
    if options.json:
        return Said(out=as_json([conflict_record(conflict) for conflict in found]))
    return Said(out="".join(map(conflict_lines, found)) or tr("No conflicts.") + "\n")


def _resolve(desk: Desk, options: Options) -> Said:
    if (options.id == ACCOUNT) != (options.decision in ACCOUNT_ANSWERS):
        raise BadInput(
            tr("These words do not go together"),
            tr("Say: resolve ID mine, theirs or both; or: resolve account same or new."),
        )
    if options.id == ACCOUNT:
        return _resolve_account(desk, options)
    contact = desk.phonebook.decide(options.id, Decision(options.decision))
    return _entry(desk, options, contact)


def _resolve_account(desk: Desk, options: Options) -> Said:
    stranger = desk.phonebook.stranger
    if stranger is None:
        raise BadInput(
            tr("This phonebook is not another account's"), tr("There is nothing to decide.")
        )
    same = options.decision == "same"
    desk.phonebook.answer(Answer.SAME_COMPANY if same else Answer.NEW_COPY)
    if options.json:
        return Said(out=as_json({"outcome": "done", "account": stranger.now.user}))
    words = tr("This phonebook belongs to %(now)s now.") % {"now": stranger.now.user}
    return Said(out=f"{words}\n")


def _undo(desk: Desk, options: Options) -> Act[Said]:
    """An import is undone whole."""
    together, count = desk.phonebook.book.past.last_together()
    if count == 1:
        return _undo_one(desk, options)
    restored = yield from desk.phonebook.undoing(together)
    return _restored(restored, options)


def _undo_one(desk: Desk, options: Options) -> Said:
    step = desk.phonebook.undo()
    if step.contact:
        return _entry(desk, options, desk.phonebook.contact(step.contact))
    return Said(out=printed([step_record(step)], [step_line(step)], options.json, ""))


def _snapshots(desk: Desk, options: Options) -> Said:
    found = desk.phonebook.book.past.snapshots()
    records, lines = map(snapshot_record, found), map(snapshot_line, found)
    return Said(out=printed([*records], [*lines], options.json, tr("No snapshots yet.")))


def _restore(desk: Desk, options: Options) -> Act[Said]:
    steps = desk.phonebook.restoration(options.id)
    if options.dry_run:
        records, lines = map(step_record, steps), map(step_line, steps)
        return Said(out=printed([*records], [*lines], options.json, tr("Nothing would change.")))
    restored = yield from desk.phonebook.restoring(options.id)
    return _restored(restored, options)


def _restored(restored: Restored, options: Options) -> Said:
    out = ntr("%(n)d entry was changed.", "%(n)d entries were changed.", restored.done) + "\n"
    if options.json:
        out = as_json({"done": restored.done, "refused": restored.refused})
    if restored.refused:
        refused = ntr(
            "%(n)d entry had changed meanwhile",
            "%(n)d entries had changed meanwhile",
            restored.refused,
        )
        return of_error(BadInput(refused, tr("Look at it, and change it by hand.")), out)
    return Said(out=out)


def _kept(desk: Desk, options: Options, contact_id: int, kept: bool) -> Said:
    said = _entry(desk, options, desk.phonebook.contact(contact_id))
    if kept:
        return said
    return of_error(
        BadInput(
            tr("Somebody changed this entry meanwhile"),
            tr("Your text is kept: desk-phone phonebook conflicts"),
        ),
        said.out,
    )


def _entry(desk: Desk, options: Options, contact: Contact) -> Said:
    entries = Entries(desk.phonebook, contact.id)
    if options.json:
        return Said(out=as_json(entries.record(contact)))
    return Said(out=entries.line(contact) + "\n")


_DEEDS: dict[str, Callable[[Desk, Options], Said]] = {
    "list": _list,
    "add": _add,
    "edit": _edit,
    "delete": _delete,
    "conflicts": _conflicts,
    "resolve": _resolve,
    "status": status,
    "snapshots": _snapshots,
}
_ACTS: dict[str, Callable[[Desk, Options], Act[Said]]] = {
    "sync": sync,
    "undo": _undo,
    "restore": _restore,
    "import": import_file,
    "export": export_file,
}
