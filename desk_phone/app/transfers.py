"""The phonebook to and from files, free of Qt: what `transfer` reads and writes meets the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from desk_phone.app.phonebook import Phonebook
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.planning import Known, Planned
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import look_at, rows_of
from desk_phone.transfer.writing import CSV_ENCODING, Entry, write_cards, write_csv

CARDS = (".vcf", ".vcard")
SHEETS = (".csv", ".txt")


def rows_in(file: Path) -> Iterator[Row]:
    """The rows of a CSV or vCard file as far as it can be guessed how to read it; raises
    BadInput."""
    return card_rows(file) if are_cards(file) else rows_of(look_at(file))


def known(phonebook: Phonebook) -> list[Known]:
    """The entries that rows are held against."""
    spellings = phonebook.book.spellings()
    return [
        Known(contact.id, spellings.get(contact.id, ""), contact.effective)
        for contact in phonebook.book.contacts()
        if contact.effective is not None
    ]


def put(phonebook: Phonebook, planned: Planned, together: int) -> None:
    """Make one planned addition or change, as an act of a person that is undone ``together`` with
    the others of its import; raises BadInput."""
    with phonebook.book.past.as_part(together):
        _put(phonebook, planned)


def _put(phonebook: Phonebook, planned: Planned) -> None:
    if planned.content is None:
        raise ValueError(planned.verdict)
    before = planned.before
    if before is None:
        phonebook.add_content(planned.content, planned.name)
    elif not phonebook.save_content(before.id, planned.content, before.content, planned.name):
        raise BadInput(
            tr("The entry has changed meanwhile"), tr("The row lies in the list of conflicts.")
        )


def entries_of(phonebook: Phonebook) -> list[Entry]:
    """What an export writes, by name."""
    found = [
        Entry(k.name, k.content.name, k.content.number1, k.content.number2)
        for k in known(phonebook)
    ]
    return sorted(found, key=lambda entry: (entry.name.casefold(), entry.number1))


def write(entries: Iterable[Entry], file: Path, language: str) -> None:
    """As vCards or as CSV, by the file's ending; all or nothing. Raises BadInput."""
    ending = file.suffix.lower()
    if ending in CARDS:
        fill(file, "utf-8", lambda out: write_cards(entries, out))
    elif ending not in SHEETS:
        raise BadInput(
            tr("%(file)s: this kind of file is not written") % {"file": file.name},
            tr("Its name must end with %(ends)s.") % {"ends": ", ".join((*SHEETS, *CARDS))},
        )
    else:
        fill(file, CSV_ENCODING, lambda out: write_csv(entries, out, language))


def fill(file: Path, encoding: str, writing: Callable[[TextIO], None]) -> None:
    """Write a file, all or nothing: one that was there is whole until then. Raises BadInput."""
    draft = file.with_name(file.name + ".new")
    try:
        with draft.open("w", encoding=encoding, newline="") as out:
            writing(out)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadInput(
            tr("The file could not be written"),
            tr("%(file)s: %(why)s") % {"file": file, "why": error.strerror or type(error).__name__},
        ) from error
