"""``note``: show, set, take away or erase what was noted about a person or of a call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.typed import key_of
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change
from desk_phone.model.notes import NOTE_AT_MOST, Note
from desk_phone.model.numbers import is_e164
from desk_phone.options import Options
from desk_phone.said import Said, as_json
from desk_phone.store.calls import CallFilter, Sought

_LOOKED_AT = 500  # calls with a person
_WHOLE = 7  # digits of an Estonian landline, the shortest that people write in groups
_ABROAD = (("+", 3), ("00", 5))  # digits more, where the country's are written
_GROUP = re.compile(r"\+?[\d()/.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A call by its id, else a person by the canonical number; ``text`` is to be noted."""

    call_id: int
    other: str
    text: str


def note(desk: Desk, options: Options) -> Act[Said]:
    """Raises BadInput for a number that is none, a call that is not known, a note too long."""
    yield from ()
    subject = _subject(options)
    if subject.call_id and desk.ledger.call(subject.call_id) is None:
        raise BadInput(
            tr("There is no call %(id)d") % {"id": subject.call_id},
            tr("desk-phone calls --json tells the ids."),
        )
    if options.erase:
        _erase(desk, subject)
    elif subject.text or options.clear:
        _write(desk, subject)
    found = _read(desk, subject)
    if options.json:
        return Said(out=as_json(_as_json(subject, found)))
    if found and found.text:
        return Said(out=f"{found.text}\n")
    asked = subject.other and not (options.clear or options.erase)
    more = _of_calls_with(desk, subject.other) if asked else ""
    return Said(out=f"{tr('No note.')}\n{more}")


def _subject(options: Options) -> _Subject:
    words = options.words
    if options.call_id:
        subject = _Subject(options.call_id, "", " ".join(words).strip())
    elif words:
        number, text = _number_and_text(words)
        subject = _Subject(0, key_of(number), text)
    else:
        subject = _Subject(0, "", "")
    if not subject.call_id and not subject.other:
        raise BadInput(tr("Whom is the note about?"), tr("Give a number, or --call ID."))
    if subject.text and (options.clear or options.erase):
        raise BadInput(
            tr("Write a note or take it away, not both"), tr("Leave out the text, or the option.")
        )
    if len(subject.text) > NOTE_AT_MOST:
        raise BadInput(
            tr("This note is too long"), tr("At most %(most)d characters.") % {"most": NOTE_AT_MOST}
        )
    return subject


def _number_and_text(words: Sequence[str]) -> tuple[str, str]:
    """A number may be written in groups: as many words as make a whole one, else the first."""
    count, digits = 0, 0
    whole = _WHOLE + next((more for start, more in _ABROAD if words[0].startswith(start)), 0)
    while count < len(words) and digits < whole and _GROUP.fullmatch(words[count]):
        digits += sum(letter.isdigit() for letter in words[count])
        count += 1
    count = count if digits >= whole else 1
    return " ".join(words[:count]), " ".join(words[count:]).strip()


def _read(desk: Desk, subject: _Subject) -> Note | None:
    notes = desk.ledger.notes
    return notes.of_call(subject.call_id) if subject.call_id else notes.about(subject.other)


def _write(desk: Desk, subject: _Subject) -> None:
    notes, now = desk.ledger.notes, desk.now()
    if subject.call_id:
        notes.write_of_call(subject.call_id, subject.text, now)
    else:
        notes.write_about(subject.other, subject.text, now)
    _tell(desk, subject)


def _erase(desk: Desk, subject: _Subject) -> None:
    if subject.call_id:
        raise BadInput(
            tr("Notes are erased by person"), tr("Give the number in the place of --call.")
        )
    desk.ledger.notes.erase_about(subject.other)
    _tell(desk, subject)


def _tell(desk: Desk, subject: _Subject) -> None:
    """Who shows a call with them reads the notes again."""
    call = desk.ledger.call(subject.call_id) if subject.call_id else _last_with(desk, subject.other)
    if call is not None:
        desk.told((Change(call, call),))


def _of_calls_with(desk: Desk, other: str) -> str:
    """What was noted of the last calls with somebody; empty for none."""
    calls = desk.ledger.page(CallFilter.ALL, Sought(others=(other,)), limit=_LOOKED_AT)
    texts = desk.ledger.notes.of_calls(call.id for call in calls)
    lines = [
        f"{call.start.astimezone():%Y-%m-%d %H:%M}  {' '.join(texts[call.id].split())}\n"
        for call in calls
        if call.id in texts
    ]
    return f"{tr('Notes of calls:')}\n{''.join(lines)}" if lines else ""


def _last_with(desk: Desk, other: str) -> Call | None:
    return next(iter(desk.ledger.page(CallFilter.ALL, Sought(others=(other,)), limit=1)), None)


def _as_json(subject: _Subject, note: Note | None) -> dict[str, object]:
    """``other`` is E.164 or null, as in ``calls --json``."""
    return {
        "call": subject.call_id or None,
        "other": subject.other if is_e164(subject.other) else None,
        "note": note.text if note else "",
        "created": note.created.isoformat() if note else None,
        "changed": note.changed.isoformat() if note else None,
    }
