"""The phonebook as a command prints it: entries, conflicts, snapshots."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from desk_phone.app.phonebook import Phonebook
from desk_phone.i18n import tr
from desk_phone.model.entries import Contact, Content, Hold
from desk_phone.model.numbers import is_e164, shown, wire_other
from desk_phone.model.undo import Step
from desk_phone.said import as_json
from desk_phone.store.phonebook_conflicts import Conflict
from desk_phone.store.phonebook_past import Snapshot

_ZONE = "Europe/Tallinn"
_PARKED = (Hold.NOT_FOUND, Hold.REFUSED, Hold.ALREADY_THERE)


class Entries:
    """Entries as records and as lines; reads spellings and conflicts once."""

    def __init__(self, phonebook: Phonebook, only: int | None = None) -> None:
        self._spellings = phonebook.book.spellings(only)
        self._conflicted = phonebook.counting.conflicted()

    def record(self, contact: Contact) -> dict[str, object]:
        """``source``: the service has it, or it is only here yet."""
        content = contact.shown or Content("", "")
        return {
            "id": contact.id,
            "server_id": int(contact.server_id) if contact.server_id.isdigit() else None,
            "name": self._spellings.get(contact.id, content.name),
            "wire_name": content.name,
            "number1": _e164(content.number1),
            "number2": _e164(content.number2),
            "number1_text": wire_other(content.number1),
            "number2_text": wire_other(content.number2) or None,
            "state": self._state(contact),
            "source": "here" if contact.base is None else "service",
        }

    def line(self, contact: Contact) -> str:
        content = contact.shown or Content("", "")
        name = self._spellings.get(contact.id, content.name)
        if name != content.name:
            name = f"{name} ({content.name})"
        numbers = ", ".join(shown(key) for key in (content.number1, content.number2) if key)
        return f"{contact.id:>5}  {name:32}  {numbers:28}  {self._state_word(contact)}".rstrip()

    def _state(self, contact: Contact) -> str:
        if not contact.live:
            return "trash"
        if contact.id in self._conflicted:
            return "conflict"
        if contact.hold in _PARKED:
            return "parked"
        return "synced" if contact.quiet else "waiting"

    def _state_word(self, contact: Contact) -> str:
        if contact.live and contact.want_deleted:
            return tr("waiting to be deleted")
        words = {
            "trash": tr("in the trash"),
            "conflict": tr("conflict"),
            "parked": _why_parked(contact),
            "waiting": tr("waiting"),
        }
        return words.get(self._state(contact), "")


def _why_parked(contact: Contact) -> str:
    words = {
        Hold.NOT_FOUND: tr("sent, but in no list"),
        Hold.ALREADY_THERE: tr("another entry says the same"),
        Hold.REFUSED: tr("refused"),
    }
    why = words.get(contact.hold, "")
    return f"{why}: {' '.join(contact.words.split())}" if contact.words else why


def conflict_record(conflict: Conflict) -> dict[str, object]:
    return {
        "id": conflict.id,
        "entry": conflict.contact,
        "at": iso(conflict.at),
        "ours": _content(conflict.ours),
        "theirs": _content(conflict.theirs),
        "base": _content(conflict.base),
    }


def conflict_lines(conflict: Conflict) -> str:
    head = tr("Conflict %(id)d, about entry %(entry)d") % {
        "id": conflict.id,
        "entry": conflict.contact,
    }
    ours = tr("ours:   %(text)s") % {"text": said(conflict.ours)}
    theirs = tr("theirs: %(text)s") % {"text": said(conflict.theirs)}
    return f"{head}\n  {ours}\n  {theirs}\n"


def snapshot_record(snapshot: Snapshot) -> dict[str, object]:
    return {
        "id": snapshot.id,
        "at": iso(snapshot.at),
        "why": str(snapshot.why),
        "entries": snapshot.entries,
    }


def snapshot_line(snapshot: Snapshot) -> str:
    at = snapshot.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{snapshot.id:>5}  {at}  {snapshot.entries:>6}  {snapshot.why}"


def step_record(step: Step) -> dict[str, object]:
    return {
        "entry": step.contact or None,
        "before": _content(step.before),
        "after": _content(step.after),
    }


def step_line(step: Step) -> str:
    sign = "+" if step.before is None else "-" if step.after is None else "~"
    return f"{sign} {said(step.after or step.before)}"


def said(content: Content | None) -> str:
    """What an entry says, in one line."""
    if content is None:
        return tr("deleted")
    numbers = ", ".join(shown(key) for key in (content.number1, content.number2) if key)
    return f"{content.name}, {numbers}"


def iso(at: datetime) -> str:
    return at.astimezone(ZoneInfo(_ZONE)).isoformat()


def printed(records: list[dict[str, object]], lines: list[str], json: bool, none: str) -> str:
    """One of both; ``none`` where there is nothing to print as lines."""
    if json:
        return as_json(records)
    return "".join(f"{line}\n" for line in lines) or none + "\n"


def _content(content: Content | None) -> dict[str, object] | None:
    if content is None:
        return None
    return {
        "name": content.name,
        "number1": _e164(content.number1),
        "number2": _e164(content.number2),
        "number1_text": wire_other(content.number1),
        "number2_text": wire_other(content.number2) or None,
    }


def _e164(key: str) -> str | None:
    return key if is_e164(key) else None
