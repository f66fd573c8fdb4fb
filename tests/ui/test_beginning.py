"""A program that cannot begin says why, and the words stay until somebody has read them."""

from __future__ import annotations

import gc

from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desk_phone.desktop import _say_why
from desk_phone.errors import BadInput


def test_why_nothing_begins_stays_to_be_read(qapp: QApplication, qtbot: QtBot) -> None:
    _say_why(qapp, BadInput("The file cannot be read", "Ask your administrator."))
    gc.collect()
    (box,) = [each for each in qapp.topLevelWidgets() if isinstance(each, QMessageBox)]
    assert box.isVisible()
    assert (box.text(), box.informativeText()) == (
        "The file cannot be read",
        "Ask your administrator.",
    )
    box.finished.disconnect()  # it would end the tests
    box.close()
