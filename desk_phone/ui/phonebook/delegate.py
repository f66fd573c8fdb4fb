"""Paints the cells of the phonebook's table, and the field that edits one in place."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QWidget
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from desk_phone.ui.icons import draw
from desk_phone.ui.label import give_role
from desk_phone.ui.look import Tokens, tokens
from desk_phone.ui.painting import write
from desk_phone.ui.phonebook.cells import FIELDS, Column, Role, column_name
from desk_phone.ui.phonebook.draft import TYPED_AT_MOST
from desk_phone.ui.phonebook.model import PhonebookModel
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.words import LOOKS, State

ROW = 36  # px
PADDING = 8  # px, before and behind a cell's text
ICON = 16
_STATE = QStyle.StateFlag

Index = QModelIndex | QPersistentModelIndex


class PhonebookDelegate(QStyledItemDelegate):
    """``typed``: the field of a cell holds this now; both empty once it is closed."""

    typed = Signal(str, str)  # what is wrong with it, what the phones make of it

    def __init__(self, model: PhonebookModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: Option, index: Index) -> QSize:
        return QSize(120, ROW)

    # painting

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        row: Row = index.data(Role.ROW)
        look, whole = tokens(), QRect(option.rect)
        painter.save()
        problem = bool(index.data(Role.PROBLEM))
        _paint_ground(painter, option, whole, problem, look)
        text = whole.adjusted(PADDING, 0, -PADDING, 0)
        colour = _colour(row, Column(index.column()), look)
        if problem:
            _paint_icon(painter, text, "circle-alert", look.bad)
            colour = look.bad
        elif index.column() == Column.STATE:
            state = LOOKS[row.state]
            _paint_icon(painter, text, state.icon, str(getattr(look, state.colour)))
        if problem or index.column() == Column.STATE:
            text = text.adjusted(ICON + 6, 0, 2, 0)  # what a text may need beyond its measure
        font = QFont(option.font)
        font.setStrikeOut(row.state is State.LEAVING and index.column() != Column.STATE)
        write(painter, text, index.data(), font, colour)
        painter.restore()

    # editing

    def createEditor(self, parent: QWidget, option: Option, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setMaxLength(TYPED_AT_MOST)
        field.setProperty("role", "cell")
        field.setAccessibleName(column_name(Column(index.column())))
        kept = QPersistentModelIndex(index)
        field.textEdited.connect(lambda text: self._judge(field, kept, text))
        field.destroyed.connect(lambda: self.typed.emit("", ""))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Only once: what comes meanwhile from the service does not type over a person."""
        if isinstance(editor, QLineEdit) and not editor.isModified() and not editor.text():
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: Option, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(1, 1, -1, -1))

    def _judge(self, field: QLineEdit, index: QPersistentModelIndex, text: str) -> None:
        wanted = FIELDS.get(Column(index.column())) if index.isValid() else None
        checked = self._model.judged(index, text)
        if wanted is None or checked is None:
            return
        problem = checked.problems.get(wanted, "")
        give_role(field, "cell-wrong" if problem else "cell")
        field.setAccessibleDescription(problem)
        self.typed.emit(problem, checked.hints.get(wanted, ""))


def _colour(row: Row, column: Column, look: Tokens) -> str:
    if row.state is State.LEAVING:
        return look.muted
    if column is Column.WIRE and row.content.name == row.name:
        return look.muted  # nothing new
    return look.text


def _paint_ground(
    painter: QPainter, option: Option, whole: QRect, problem: bool, look: Tokens
) -> None:
    chosen = bool(option.state & _STATE.State_Selected)
    if problem:
        painter.fillRect(whole, QColor(look.bad_soft))
    elif chosen:
        painter.fillRect(whole, QColor(look.selected))
    elif option.state & _STATE.State_MouseOver:
        painter.fillRect(whole, QColor(look.hover))
    if option.state & _STATE.State_HasFocus:
        painter.setPen(QColor(look.accent))
        painter.drawRect(QRectF(whole).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_icon(painter: QPainter, text: QRect, name: str, colour: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(text.left(), text.center().y() - ICON / 2 + 0.5, ICON, ICON)
    draw(painter, name, box, colour)
