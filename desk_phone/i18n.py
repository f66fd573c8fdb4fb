"""The words people read, by gettext. Plain functions, so that no layer needs Qt to speak.

``tr("Call")``, ``ntr("%(n)d call", "%(n)d calls", n)``, ``ptr("menu", "Open")`` for a word whose
meaning the English alone does not give. Fill values in after translating:
``tr("Call %(who)s") % {"who": name}``.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

LANGUAGES = ("en", "et", "ru")
DOMAIN = "desk_phone"
_NO_LANGUAGE = ("", "C", "POSIX")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_spoken = "en"


def use(language: str, locale_dir: Path) -> None:
    """Speak ``language`` from now on; a language without a catalogue is spoken in English."""
    global _catalogue, _spoken  # the one thing that is global: which language this process speaks
    _catalogue = catalogue(language, locale_dir)
    _spoken = language


def catalogue(language: str, locale_dir: Path) -> gettext.NullTranslations:
    """By name: ``gettext.translation`` looks among all languages' names of ``locale``, which are
    half a megabyte and at a start 3 ms."""
    try:
        with (locale_dir / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            return gettext.GNUTranslations(file)
    except FileNotFoundError:
        return gettext.NullTranslations()


def spoken() -> str:
    """The language of `use`."""
    return _spoken


def chosen(language: str) -> str:
    """The language of the setting: one of `LANGUAGES`; the system's where none was chosen."""
    return language if language in LANGUAGES else system()


def best(wanted: Iterable[str]) -> str:
    """The first of our languages among names such as ``et_EE.UTF-8`` and ``ru-RU``, else English.

    A person who reads neither Estonian nor Russian is served best in English.
    """
    for name in wanted:
        if (language := name.replace("-", "_").partition("_")[0].lower()) in LANGUAGES:
            return language
    return "en"


def system(environ: Mapping[str, str] = os.environ) -> str:
    """The language that the person's system speaks, as far as it is one of ours; without Qt."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    said = next((environ[name] for name in names if environ.get(name)), "")
    if said.partition(".")[0] not in _NO_LANGUAGE:
        return best([*environ.get("LANGUAGE", "").split(":"), said.partition(".")[0]])
    if sys.platform == "win32" and not said:
        import ctypes
        import locale

        used = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return best([locale.windows_locale.get(used, "")])
    return "en"


def tr(message: str) -> str:
    return _catalogue.gettext(message)


def ntr(one: str, many: str, n: int) -> str:
    """The right plural of a count; ``%(n)d`` in the text is filled in."""
    return _catalogue.ngettext(one, many, n) % {"n": n}


def ptr(context: str, message: str) -> str:
    return _catalogue.pgettext(context, message)
