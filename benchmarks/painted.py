"""Keys typed into windows of the program, and how long until what they find is painted."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from PySide6.QtCore import QStringListModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget

from desk_phone.app.office import now
from desk_phone.app.preferences import Preferences
from desk_phone.controllers import Controllers
from desk_phone.model.secret import Secret
from desk_phone.paths import Paths
from desk_phone.settings import Settings
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.dialling.dialer import DialPalette
from desk_phone.ui.look import LIGHT, wear
from desk_phone.ui.phonebook.page import PhonebookPage

_TIMES = 3  # each text is typed


@dataclass(frozen=True, slots=True)
class Typing:
    """A window and its field."""

    window: QWidget
    field: QLineEdit


@contextmanager
def controllers(folder: Path, own: str) -> Iterator[Controllers]:
    """The program without its windows, over the data of a folder; it asks nobody."""
    app = QApplication([])
    wear(app, LIGHT)
    made = Controllers(
        *(Preferences(Settings(own_number=own), None), Paths(folder)),
        *(InstanceLock(folder / "lock"), Secret(""), MemoryKeyring()),
    )
    made.directory.start()
    _until(lambda: not made.directory.busy)
    try:
        yield made
    finally:
        made.close()
        made.let_go()


def palette(made: Controllers) -> Typing:
    parts = (made.calls, made.dialler, made.account, made.preferences, made.directory)
    window = DialPalette(*parts)
    window.open()
    return Typing(window, window.field)


def calls(made: Controllers) -> Typing:
    page = CallsPage(made.calls, made.dialler, made.account, made.directory, QWidget(), now)
    page.resize(704, 600)
    page.show()
    (field,) = page.findChildren(QLineEdit)
    return Typing(page, field)


def phonebook(made: Controllers) -> Typing:
    page = PhonebookPage(made.contacts, made.dialler, made.directory, now)
    page.resize(704, 600)
    page.show()
    _until(lambda: page.entries.model.count > 0)
    (field,) = page.head.findChildren(QLineEdit)
    return Typing(page, field)


def all_in_memory(made: Controllers) -> QWidget:
    """A plain list of the same calls, every row of it read at once."""
    window = QListView()
    names = [call.name or call.other for call in made.calls.ledger.page(limit=10**6)]
    window.setModel(QStringListModel(names, window))
    window.setUniformItemSizes(True)
    window.resize(704, 600)
    window.show()
    return window


def resident_mb() -> float:
    """MB of this process in memory (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024


def keys(typing: Typing, texts: Sequence[str], count: int) -> list[float]:
    """CPU ms of each of the first ``count`` keys of these texts, the median of three.

    From the key until nothing more is to be painted.
    """
    assert QTest.qWaitForWindowExposed(typing.window)  # what is not on a screen is not painted
    taken: list[float] = []
    for text in texts:
        times = [_typed(typing.field, text) for _ in range(_TIMES)]
        taken += [statistics.median(each) for each in zip(*times, strict=True)]
        if len(taken) >= count:
            break
    typing.window.hide()
    return taken[:count]


def _typed(field: QLineEdit, text: str) -> list[float]:
    field.clear()
    paint()
    taken = []
    for letter in text:
        begun = process_time()
        if letter.isascii():
            QTest.keyClick(field, letter)
        else:
            field.insert(letter)  # a key that Qt has no name for comes as its text, too
        paint()
        taken.append((process_time() - begun) * 1e3)
    return taken


def paint() -> None:
    QApplication.processEvents()


def _until(true: Callable[[], bool]) -> None:
    while not true():
        QApplication.processEvents()
