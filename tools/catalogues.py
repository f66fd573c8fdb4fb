"""The translation catalogues: collected from the code, checked, and compiled for gettext.

What a person translates are ``resources/locale/*/LC_MESSAGES/desk_phone.po``; the compiled ``.mo``
beside them are never committed. The build hook and dev.py both compile by `compile_all`, which
refuses a catalogue with gaps.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

DOMAIN = "desk_phone"
LANGUAGES = ("et", "ru")
_KEYWORDS = {"tr": None, "ntr": (1, 2), "ptr": ((1, "c"), 2)}  # of `desk_phone.i18n`
_NOT_KEPT = (
    *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
    *("Last-Translator", "Language-Team", "Generated-By"),
)
_NO_DATE = datetime.fromtimestamp(0, UTC)  # else Babel's is now, and no two builds are alike
_HOLES = re.compile(r"%(?:\(\w+\))?0?\d?[sdr%]|%\d")  # of Python, and of Qt
_LETTER = re.compile(r"[^\W\d_]")


class Gaps(Exception):
    """A catalogue that must not be shipped; the text is one line a fault."""


def po_file(root: Path, language: str) -> Path:
    return root / "resources" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def collect(root: Path) -> Catalog:
    """All that the code says, in the order of its files."""
    catalogue = Catalog(domain=DOMAIN, project="Desk Phone", fuzzy=False)
    found = extract_from_dir(
        root / DOMAIN, method_map=[("**.py", "python")], keywords=_KEYWORDS, comment_tags=("say:",)
    )
    for file, _line, text, comments, context in sorted(found, key=lambda each: each[:2]):
        catalogue.add(text, None, [(f"{DOMAIN}/{file}", None)], (), comments, context=context)
    return catalogue


def update(root: Path, language: str) -> int:
    """Bring a catalogue up to date with the code; gives how many texts wait for a translation.

    Nothing is guessed from texts that look alike: what changed is translated anew.
    """
    file = po_file(root, language)
    catalogue = _read(file, language) if file.exists() else Catalog(language, domain=DOMAIN)
    catalogue.update(collect(root), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# Desk Phone, {language}: resources/locale, dev.py translate"
    catalogue.fuzzy = False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_written(catalogue))
    return sum(1 for message in _texts(catalogue) if not all(_strings(message)))


def compile_all(root: Path) -> None:
    """Raises Gaps, and writes nothing then."""
    compiled = {}
    for language in LANGUAGES:
        file = po_file(root, language)
        catalogue = _read(file, language)
        if faults := list(_faults(catalogue)):
            raise Gaps("\n".join(f"{file.name} ({language}): {fault}" for fault in faults))
        target = io.BytesIO()
        write_mo(target, _with_countries(catalogue))
        compiled[file.with_suffix(".mo")] = target.getvalue()
    for target_file, data in compiled.items():
        target_file.write_bytes(data)


def compile_what_there_is(root: Path) -> None:
    """For a checkout at work: a text without a translation is said in English."""
    for language in LANGUAGES:
        file = po_file(root, language)
        target = file.with_suffix(".mo")
        if file.exists() and _is_older(target, file):
            with target.open("wb") as opened:
                write_mo(opened, _with_countries(_read(file, language)))


def is_up_to_date(root: Path, language: str) -> bool:
    """Whether the catalogue holds exactly the texts that the code says."""
    known = {(m.context, m.id) for m in _texts(_read(po_file(root, language), language))}
    return known == {(m.context, m.id) for m in _texts(collect(root))}


def _with_countries(catalogue: Catalog) -> Catalog:
    """The names of countries, by their codes: everybody calls them the same, so nobody needs to
    translate them. `desk_phone.ui.words` asks for them."""
    names = Locale.parse(catalogue.locale_identifier).territories
    for code, name in names.items():
        if len(code) == 2:
            catalogue.add(code, name, context="country")
    return catalogue


def _faults(catalogue: Catalog) -> Iterator[str]:
    for message in _texts(catalogue):
        strings = _strings(message)
        if message.fuzzy or not all(strings):
            yield f"not translated: {message.id!r}"
            continue
        wanted = [_holes(text) for text in _ids(message)]
        for string in strings:
            # One call may be said without its number: "ühe kõne"; else every hole is needed.
            if _holes(string) not in wanted:
                yield f"other holes than {message.id!r}: {string!r}"
            if _edges(string) != _edges(_ids(message)[-1]):
                yield f"begins or ends with other spaces than {message.id!r}: {string!r}"
    for message, errors in catalogue.check():
        for error in errors:
            yield f"{message.id!r}: {error}"


def _holes(text: str) -> list[str]:
    return sorted(_HOLES.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id and _LETTER.search(_ids(message)[0]))


def _ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def _read(file: Path, language: str) -> Catalog:
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN, abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    """Without dates, so that only a change of words changes the file."""
    target = io.BytesIO()
    write_po(target, catalogue, width=0, omit_header=False, include_lineno=False)
    lines = target.getvalue().split(b"\n")
    dropped = tuple(f'"{name}'.encode() for name in _NOT_KEPT)
    return b"\n".join(line for line in lines if not line.startswith(dropped))


def _is_older(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns
