"""What may go into a request: caught here, because the service would damage it without a word."""

from __future__ import annotations

import re
import unicodedata

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.text import clean

# Control characters, halves of characters, and what XML has no place for.
_UNSENDABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# "ASCII characters plus õ,ü,ö,ä"; the capitals are a fair reading of it.
_NOT_IN_A_NAME = re.compile(r"[^ -~õüöäÕÜÖÄ]")
_NOT_LATIN1 = re.compile("[^\x00-\xff]")


def sendable(text: str) -> bool:
    """Whether XML can carry it at all."""
    return not _UNSENDABLE.search(text)


def wire_name(name: str) -> str:
    """``name`` composed (NFC), in the letters that the service documents; raises BadInput."""
    composed = unicodedata.normalize("NFC", name)
    if odd := _NOT_IN_A_NAME.findall(composed):
        raise BadInput(
            tr("The service does not take a character of this name"),
            tr("It takes plain Latin letters, digits, signs, and õ ä ö ü, but not: %(odd)s")
            % {"odd": clean(" ".join(dict.fromkeys(odd))) or "?"},
        )
    return composed


def wire_value(value: str) -> str:
    """``value`` as it is; raises BadInput for what would arrive as ``?`` or not at all."""
    if _NOT_LATIN1.search(value) or not sendable(value):
        raise BadInput(
            tr("A character cannot be sent"),
            tr("Type it anew, with plain letters: %(value)s") % {"value": clean(value) or "?"},
        )
    return value
