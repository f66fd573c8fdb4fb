"""Which language the command speaks. Known before its words are read: that can fail already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from desk_phone import i18n, settings
from desk_phone.paths import paths, preset


def language_of(given: Sequence[str]) -> str:
    """``--lang``, else what was chosen in the settings, else the system's.

    What is wrong with these words or files is not said here: whoever reads them next says it.
    """
    lang = _value(given, "--lang")
    if lang in i18n.LANGUAGES:
        return lang
    with suppress(settings.BadSettings, OSError, ValueError):
        place = paths(_value(given, "--data-dir").strip() or None)
        return i18n.chosen(settings.load(place.settings, settings.load_preset(preset())).language)
    return i18n.system()


def _value(given: Sequence[str], option: str) -> str:
    """The last one counts; after ``--`` nothing is an option."""
    ours = given[: given.index("--")] if "--" in given else given
    found = ""
    for at, word in enumerate(ours):
        name, _, value = word.partition("=")
        if word == option:
            found = ours[at + 1] if at + 1 < len(ours) else ""
        elif name == option:
            found = value
    return found
