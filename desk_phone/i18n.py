"""The words people read, by gettext. Plain functions, so that no layer needs Qt to speak.

``tr("Call")``, ``ntr("%(n)d call", "%(n)d calls", n)``, ``ptr("menu", "Open")`` for a word whose
meaning the English alone does not give. Fill values in after translating:
``tr("Call %(who)s") % {"who": name}``.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = ("en", "et", "ru")
DOMAIN = "desk_phone"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str, locale_dir: Path) -> None:
    """Speak ``language`` from now on; a language without a catalogue is spoken in English."""
    global _catalogue  # the one global: which language this process speaks
    _catalogue = gettext.translation(DOMAIN, locale_dir, [language], fallback=True)


def tr(message: str) -> str:
    return _catalogue.gettext(message)


def ntr(one: str, many: str, n: int) -> str:
    """The right plural of a count; ``%(n)d`` in the text is filled in."""
    return _catalogue.ngettext(one, many, n) % {"n": n}


def ptr(context: str, message: str) -> str:
    return _catalogue.pgettext(context, message)
