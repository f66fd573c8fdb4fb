"""Files of the phonebook: choosing one, writing one. Dialogs are opened, never waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desk_phone.app.transfers import fill, write
from desk_phone.i18n import tr
from desk_phone.transfer.applying import Outcome, write_results
from desk_phone.transfer.writing import CSV_ENCODING, Entry
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.words import State


def ask_for_file(parent: QWidget, then: Callable[[Path], object]) -> QFileDialog:
    """Which file to import."""
    dialog = _dialog(parent, tr("Import"), then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(
        [
            tr("Contacts (%(ends)s)") % {"ends": "*.csv *.txt *.vcf *.vcard"},
            tr("All files (%(ends)s)") % {"ends": "*"},
        ]
    )
    dialog.open()
    return dialog


def ask_where(
    parent: QWidget,
    title: str,
    name: str,
    then: Callable[[Path], object],
    cards: bool = False,
) -> QFileDialog:
    """Where to write; the ending of the name says in which form. ``cards``: vCard may be chosen."""
    dialog = _dialog(parent, title, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    filters = [tr("Table (%(ends)s)") % {"ends": "*.csv"}]
    if cards:
        filters.append(tr("Contacts (%(ends)s)") % {"ends": "*.vcf"})
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix("csv")
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix("vcf" if "vcf" in chosen else "csv")
    )
    dialog.selectFile(name)
    dialog.open()
    return dialog


def export(rows: Iterable[Row], file: Path, language: str) -> int:
    """Write the entries, as vCards where the name ends with ``.vcf``; how many they are.

    Raises BadInput where it cannot be written; a file that was there is whole then.
    """
    entries = [_entry(row) for row in rows if row.state is not State.LEAVING]
    write(entries, file, language)
    return len(entries)


def save_results(outcomes: Sequence[Outcome], file: Path) -> int:
    """How many rows they are; raises BadInput."""
    fill(file, CSV_ENCODING, lambda out: write_results(outcomes, out))
    return len(outcomes)


def _entry(row: Row) -> Entry:
    content = row.content
    return Entry(row.name, content.name, content.number1, content.number2)


def _dialog(parent: QWidget, title: str, then: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    return dialog
