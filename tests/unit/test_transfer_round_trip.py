"""What is exported and imported again is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.model.entries import Content, listed_number
from desk_phone.model.names import wire_name
from desk_phone.model.numbers import from_service
from desk_phone.model.text import clean
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.columns import OUR_HEADS
from desk_phone.transfer.planning import Known, Verdict, plan_import
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import look_at, rows_of
from desk_phone.transfer.writing import (
    CSV_ENCODING,
    Entry,
    Version,
    number_text,
    write_cards,
    write_csv,
)

ENTRIES = (
    Entry("Kristiina Õunapuu", "Kristiina Õunapuu", "+3726403231", "+37251234567"),
    Entry("Žanna Иванова", "Zhanna Ivanova", "+358401234567"),
    Entry('Põhja "Veod" OÜ; ladu, kontor', 'Põhja "Veod" OÜ; ladu, kontor', "+37260000002"),
    Entry("=1+1", "=1+1", "112"),
    Entry("Мари 🙂", "Mari K", "555111222", "0401234567"),
    Entry("back\\slash\\n; 'tis", "back\\slash\\n; 'tis", "+37212345678901"),
)

# What a spreadsheet would run, names that were guarded by somebody already, and none of either.
FORMULAS = (
    *("=HYPERLINK(1)", "+Uus", "-Mari", "@Help desk", "'=1+1", "''@x", "'tis", "- Ladu", "=Žanna"),
    *("＝Žanna", "＠Иван"),
)


def through_csv(entries: tuple[Entry, ...], folder: Path, language: str = "et") -> list[Row]:
    file = folder / "phonebook.csv"
    with file.open("w", encoding=CSV_ENCODING, newline="") as out:
        write_csv(entries, out, language)
    return list(rows_of(look_at(file)))


def through_cards(entries: tuple[Entry, ...], folder: Path, version: Version) -> list[Row]:
    file = folder / "phonebook.vcf"
    with file.open("w", encoding="utf-8", newline="") as out:
        write_cards(entries, out, version)
    assert are_cards(file)
    return list(card_rows(file))


def proved(entries: tuple[Entry, ...], rows: list[Row]) -> None:
    """The rows say what the entries say: to an empty phonebook, and to the one they came from."""
    assert [(row.name, row.wire or wire_name(row.name).text) for row in rows] == [
        (entry.name, entry.wire) for entry in entries
    ]
    wanted = {listed(entry).key: (entry.name, listed(entry)) for entry in reversed(entries)}
    added = [p for p in plan_import(rows, ()) if p.verdict is not Verdict.SAME]
    assert {p.verdict for p in added} <= {Verdict.ADD}
    assert {p.content.key: (p.name, p.content) for p in added if p.content} == wanted

    if len(wanted) == len(entries):
        book = [Known(n, entry.name, Content(*_content(entry))) for n, entry in enumerate(entries)]
        assert {p.verdict for p in plan_import(rows, book)} <= {Verdict.SAME}


def listed(entry: Entry) -> Content:
    """The entry as a new one will be: a few odd numbers do not survive the wire."""
    keys = (entry.number1, entry.number2)
    return Content(entry.wire, *dict.fromkeys(listed_number(key) for key in keys if key))


@pytest.mark.parametrize("language", [*OUR_HEADS, "xx"])
def test_csv(tmp_path: Path, language: str) -> None:
    proved(ENTRIES, through_csv(ENTRIES, tmp_path, language))


@pytest.mark.parametrize("version", list(Version))
def test_vcard(tmp_path: Path, version: Version) -> None:
    proved(ENTRIES, through_cards(ENTRIES, tmp_path, version))


def named(names: tuple[str, ...]) -> tuple[Entry, ...]:
    """Entries whose desk phones show what such a name becomes there."""
    return tuple(
        Entry(name, wire_name(name).text, f"+37264000{n:02}") for n, name in enumerate(names, 10)
    )


def test_names_that_look_like_formulas_come_back(tmp_path: Path) -> None:
    entries = named(FORMULAS)
    proved(entries, through_csv(entries, tmp_path))
    cells = (tmp_path / "phonebook.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert not [cell for cell in cells if cell.strip('"')[0] in "=+-@＝＋－＠"]
    for version in Version:
        proved(entries, through_cards(entries, tmp_path, version))


def test_csv_is_what_estonian_excel_opens_rightly(tmp_path: Path) -> None:
    through_csv(ENTRIES[:4], tmp_path)
    assert (tmp_path / "phonebook.csv").read_bytes().decode() == (
        "\ufeffNimi;Telefonides kuvatakse;Number 1;Number 2\r\n"
        "Kristiina Õunapuu;;640 3231;5123 4567\r\n"
        "Žanna Иванова;;00358 40 1234567;\r\n"
        '"Põhja ""Veod"" OÜ; ladu, kontor";;60000002;\r\n'
        "'=1+1;;112;\r\n"
    )


def test_vcard_is_as_the_rfc_has_it(tmp_path: Path) -> None:
    entry = Entry("Žanna; Mari, OÜ", "Mari", "+3726403231", "123")
    through_cards((entry,), tmp_path, Version.FOUR)
    assert (tmp_path / "phonebook.vcf").read_bytes().decode() == (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nPRODID:-//Desk Phone//EN\r\nFN:Žanna\\; Mari\\, OÜ\r\n"
        "X-DESK-PHONE-NAME:Mari\r\nTEL;VALUE=uri;TYPE=voice:tel:+3726403231\r\n"
        "TEL;TYPE=voice:123\r\nEND:VCARD\r\n"
    )
    through_cards((entry,), tmp_path, Version.THREE)
    assert (tmp_path / "phonebook.vcf").read_bytes().decode() == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Desk Phone//EN\r\nFN:Žanna\\; Mari\\, OÜ\r\n"
        "N:Žanna\\; Mari\\, OÜ;;;;\r\n"
        "X-DESK-PHONE-NAME:Mari\r\nTEL;TYPE=voice:+3726403231\r\n"
        "TEL;TYPE=voice:123\r\nEND:VCARD\r\n"
    )


def test_a_name_mended_in_the_sheet_is_mended_on_the_phones(tmp_path: Path) -> None:
    through_csv(ENTRIES[:1], tmp_path)
    file = tmp_path / "phonebook.csv"
    file.write_bytes(file.read_bytes().replace(b"Kristiina", b"Krista"))
    known = Known(1, ENTRIES[0].name, Content(*_content(ENTRIES[0])))
    (planned,) = plan_import(rows_of(look_at(file)), (known,))
    assert (planned.verdict, planned.before) == (Verdict.CHANGE, known)
    assert planned.content
    assert planned.content.name == "Krista Õunapuu"


def _content(entry: Entry) -> tuple[str, str, str]:
    return entry.wire, entry.number1, entry.number2


_LETTERS = st.text(
    st.one_of(
        st.sampled_from("abcÕüŽщЯ,;\"'\\=+-@:|%<& \n\t🙂👩‍👩‍👧"), st.characters(codec="utf-8")
    ),
    min_size=1,
    max_size=40,
)
_PRETTY = _LETTERS.map(clean).filter(lambda name: wire_name(name).text)
_OWN_WIRE = st.text(st.sampled_from("abÕü ,;\"'\\=+-@"), min_size=1).map(
    lambda text: " ".join(text.split())
).filter(bool)  # fmt: skip
_KEYS = st.one_of(
    st.sampled_from(["+3726403231", "+37251234567", "+358401234567", "+74951234567", "112"]),
    st.from_regex(r"\A(\+|00)?[0-9]{1,15}\Z").map(from_service),
).filter(bool)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    name = draw(_PRETTY)
    wire = draw(st.one_of(st.just(wire_name(name).text), _OWN_WIRE))[:128].rstrip()
    numbers = draw(st.lists(_KEYS, min_size=1, max_size=2, unique=True))
    return Entry(name, wire, *numbers)


@given(_KEYS)
def test_a_number_is_read_back(key: str) -> None:
    assert from_service(number_text(key)) == key
    assert not number_text(key).startswith("+")


@settings(max_examples=150, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=5).map(tuple))
def test_any_entries_come_back(
    tmp_path_factory: pytest.TempPathFactory, some: tuple[Entry, ...]
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    proved(some, through_csv(some, folder))
    for version in Version:
        proved(some, through_cards(some, folder, version))
