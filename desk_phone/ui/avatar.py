"""A person as a coloured disc with initials: the same name has the same colour everywhere."""

from __future__ import annotations

import unicodedata
from zlib import crc32

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from desk_phone.ui.icons import draw
from desk_phone.ui.look import Tokens

_READ_AT_MOST = 128  # characters of a name


def initials(name: str) -> str:
    """One or two capital letters, ``KÕ`` for ``Kristiina Õunapuu``; empty when no word begins so.

    A number, and a name of signs alone, have none.
    """
    words = unicodedata.normalize("NFC", name[:_READ_AT_MOST]).split()
    letters = [first for first in map(_first_letter, words) if first]
    chosen = letters[:1] + letters[1:][-1:]
    return "".join(letter.upper()[0] for letter in chosen)


def _first_letter(word: str) -> str:
    """The letter a word begins with; quotes and brackets before it do not count, digits do."""
    for character in word:
        if character.isalpha():
            return character
        if character.isalnum():
            return ""
    return ""


def colour(name: str, look: Tokens) -> str:
    """One of the look's avatar colours, the same on every run and machine."""
    return look.avatars[crc32(name[:_READ_AT_MOST].encode()) % len(look.avatars)]


def paint_avatar(painter: QPainter, rect: QRectF, name: str, look: Tokens) -> None:
    """Paint the disc into the square ``rect``; a person without initials gets a figure."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    text = initials(name)
    painter.setBrush(QColor(colour(name, look) if text else look.border))
    painter.drawEllipse(rect)
    if text:
        font = QFont(painter.font())
        font.setPixelSize(max(8, round(rect.height() * 0.38)))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(look.on_avatar))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    else:
        inset = rect.height() * 0.26
        draw(painter, "user", rect.adjusted(inset, inset, -inset, -inset), look.muted)
    painter.restore()
