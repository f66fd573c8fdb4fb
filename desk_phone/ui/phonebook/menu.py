"""The menu of an entry: what can be done with it as it stands."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.icons import icon
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.words import HELD, State


class RowAct(StrEnum):
    EDIT = "edit"
    FORM = "form"
    COPY = "copy"
    DELETE = "delete"
    RESTORE = "restore"
    TRY_AGAIN = "try again"
    GIVE_UP = "give up"
    DECIDE = "decide"


def menu_of(
    row: Row,
    may_edit: bool,
    call: Callable[[str], object],
    act: Callable[[RowAct], object],
    parent: QWidget,
) -> QMenu:
    """``call`` is given a canonical number."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for key in filter(None, (row.content.number1, row.content.number2)):
        text = tr("Call %(who)s") % {"who": words.number(key)}
        _add(menu, "phone", text, partial(call, key))
    _add(menu, "copy", tr("Copy"), lambda: act(RowAct.COPY))
    menu.addSeparator()
    for name, text, wanted in _acts(row):
        action = _add(menu, name, text, partial(act, wanted))
        action.setEnabled(may_edit or wanted is RowAct.DECIDE)
    return menu


def _acts(row: Row) -> list[tuple[str, str, RowAct]]:
    if row.state is State.LEAVING:
        return [("undo-2", tr("Don't delete"), RowAct.RESTORE)]
    acts = []
    if row.state is State.CONFLICT:
        acts.append(("triangle-alert", tr("Decide..."), RowAct.DECIDE))
    if row.state in HELD:
        acts.append(("refresh-cw", tr("Look and try again"), RowAct.TRY_AGAIN))
        acts.append(("x", tr("Give it up"), RowAct.GIVE_UP))
    acts.append(("square-pen", tr("Edit"), RowAct.EDIT))
    acts.append(("user", tr("Edit in the form"), RowAct.FORM))
    acts.append(("trash-2", tr("Delete"), RowAct.DELETE))
    return acts


def _add(menu: QMenu, name: str, text: str, deed: Callable[[], object]) -> QAction:
    action = QAction(icon(name), words.menu(text), menu)
    action.triggered.connect(lambda _=False: deed())
    menu.addAction(action)
    return action
