"""Reading CSV as the programs of this world write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.transfer.cells import harmed, harmless
from desk_phone.transfer.columns import OUR_HEADS, Columns, by_head
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import look_at, rows_of
from desk_phone.transfer.source import BYTES_AT_MOST

PLAIN = "Nimi;Telefon\r\nKristiina Õunapuu;640 3231\r\nŽanna Šmidt;5123 4567\r\n"
RUSSIAN = "Имя;Телефон\r\nИван Петров;640 3231\r\nНаталья Щербакова;5123 4567\r\n"
OUTLOOK = (
    '"First Name","Middle Name","Last Name","Company","Job Title","Business Street",'
    '"Business Fax","Business Phone","Business Phone 2","Home Phone","Mobile Phone","Pager",'
    '"E-mail Address","Notes"\r\n'
    '"Kristiina","","Õunapuu","Põhja Veod OÜ","juhataja","Pärnu mnt 1\r\nTallinn","6403299",'
    '"+372 640 3231","","","5123 4567","999","k@example.com","ütles ""tere"""\r\n'
    '"","","","Külmasalv AS","","","","6441111","","","","","",""\r\n'
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,"
    "Labels,E-mail 1 - Label,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
    "Jaan,,Tamm,,,,,* myContacts,,Mobile,+372 5123 4567 ::: +372 5555 5555,Work,640 3231\n"
)
OLD_GOOGLE = (
    "Name,Given Name,Additional Name,Family Name,Group Membership,Phone 1 - Type,Phone 1 - Value\n"
    "Jaan Tamm,Jaan,,Tamm,* My Contacts,Mobile,5123 4567\n"
    ",Mari,,Kask,* My Contacts,Mobile,5555 5555\n"
)


def write(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content)
    return file


def said(file: Path) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.name, row.numbers) for row in rows_of(look_at(file))]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[pytest.param(PLAIN, encoding, id=f"estonian {encoding}") for encoding in
          ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1257", "cp1252")],
        *[pytest.param(RUSSIAN, encoding, id=f"russian {encoding}") for encoding in
          ("utf-8", "utf-8-sig", "utf-16", "cp1251")],
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_letters_and_delimiters_are_found_out(
    tmp_path: Path, text: str, encoding: str, delimiter: str
) -> None:
    file = write(tmp_path, text.replace(";", delimiter).encode(encoding))
    assert said(file) == [
        (name, (number,)) for name, number in (line.split(";") for line in text.splitlines()[1:])
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param(
            OUTLOOK,
            [
                ("Kristiina Õunapuu", ("+372 640 3231", "5123 4567")),
                ("Külmasalv AS", ("6441111",)),
            ],
            id="outlook",
        ),
        pytest.param(
            GOOGLE,
            [("Jaan Tamm", ("+372 5123 4567 ::: +372 5555 5555", "640 3231"))],
            id="google",
        ),
        pytest.param(
            OLD_GOOGLE,
            [("Jaan Tamm", ("5123 4567",)), ("Mari Kask", ("5555 5555",))],
            id="google, the old way",
        ),
        pytest.param(
            "Фамилия;Имя;Отчество;Рабочий телефон;Рабочий факс;Телефон переносной\n"
            "Петров;Иван;Ильич;6403231;6403299;51234567\n",
            [("Иван Ильич Петров", ("6403231", "51234567"))],
            id="outlook in russian",
        ),
        pytest.param(
            "Perekonnanimi,Eesnimi,Töötelefon,Faks tööl,Mobiiltelefon\n"
            "Õunapuu,Kristiina,6403231,6403299,51234567\n",
            [("Kristiina Õunapuu", ("6403231", "51234567"))],
            id="outlook in estonian",
        ),
        pytest.param(
            "640 3231;Mari\n5123 4567;Jaan\n",
            [("Mari", ("640 3231",)), ("Jaan", ("5123 4567",))],
            id="no head",
        ),
        pytest.param(
            "sep=,\r\nName,Phone\r\nA;B,640 3231\r\n",
            [("A;B", ("640 3231",))],
            id="delimiter named",
        ),
        pytest.param(
            'Nimi;Telefon\n"Mari\r\nKask";"640 3231\n5123 4567"\n\n;;\nJaan;1234\n',
            [("Mari Kask", ("640 3231\n5123 4567",)), ("Jaan", ("1234",))],
            id="line breaks in cells, blank rows",
        ),
        pytest.param(
            "Nimi;Telefon\rMari;640 3231\rJaan;641 1111\r",
            [("Mari", ("640 3231",)), ("Jaan", ("641 1111",))],
            id="old mac line ends",
        ),
        pytest.param("Nimi;Telefon\nMari\n", [("Mari", ())], id="a row cut short"),
    ],
)
def test_sheets_of_other_programs(
    tmp_path: Path, text: str, rows: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert said(write(tmp_path, text.encode())) == rows


def test_rows_know_the_line_they_begin_in(tmp_path: Path) -> None:
    file = write(tmp_path, b'sep=;\nNimi;Telefon\n"A\nB";6403231\n\nC;6403232\n')
    assert [(row.line, row.name) for row in rows_of(look_at(file))] == [(3, "A B"), (6, "C")]


def test_columns_may_be_chosen_otherwise(tmp_path: Path) -> None:
    sheet = look_at(write(tmp_path, b"a;b;c\nx;Mari;640 3231\ny;Jaan;5123 4567\n"))
    assert sheet.head == ()
    chosen = replace(sheet, columns=Columns(name=(1, 0), numbers=(2,)))
    assert list(rows_of(chosen))[1:] == [
        Row(2, "Mari x", ("640 3231",)),
        Row(3, "Jaan y", ("5123 4567",)),
    ]


def test_a_guessed_encoding_may_be_overruled(tmp_path: Path) -> None:
    file = write(tmp_path, "Имя;Телефон\nИван;6403231\n".encode("cp866"))
    sheet = look_at(file, encoding="cp866")
    assert [row.name for row in rows_of(sheet)] == ["Иван"]


@pytest.mark.parametrize("language", ["en", "et", "ru"])
def test_our_own_head_is_known(language: str) -> None:
    assert by_head(OUR_HEADS[language]) == Columns(name=(0,), numbers=(2, 3), wire=(1,))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \r\n\r\n", "empty", id="blank"),
        pytest.param(b"PK\x03\x04" + bytes(100), "workbook", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(100), "workbook", id="xls"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a text", id="a picture"),
        pytest.param(b'Nimi;Telefon\nA;1\n"B;6403231\nC;3\n', "Line 3", id="an open quotation"),
        pytest.param(b'Nimi;Telefon\nA;1\n"B"x;2\n', "Line 3", id="a quotation mark out of place"),
        pytest.param(b'Nimi;Telefon\nA;"' + b"x" * 200_000, "Line 2", id="an endless cell"),
        pytest.param(b"Eesnimi;Linn\nMari;Tallinn\n", "which columns", id="no numbers"),
        pytest.param(b"just some words\nand more\n", "which columns", id="no sheet"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        list(rows_of(look_at(write(tmp_path, content))))
    assert words in refused.value.title
    assert refused.value.message


def test_a_wrong_encoding_names_the_line(tmp_path: Path) -> None:
    file = write(tmp_path, b"Nimi;Telefon\nMari;640\nJ\xfcri;641\n")
    with pytest.raises(BadInput, match="Line 3 cannot be read as utf-8"):
        list(rows_of(look_at(file, encoding="utf-8")))
    with pytest.raises(BadInput, match="Unknown encoding"):
        look_at(file, encoding="klingon")


def test_a_file_that_is_too_large_or_gone(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as stream:
        stream.write(b"Nimi;Telefon\n")
        stream.truncate(BYTES_AT_MOST + 1)
    with pytest.raises(BadInput, match="too large"):
        look_at(file)
    with pytest.raises(BadInput, match="cannot be read"):
        look_at(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+372", "'+372"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("'Tis", "'Tis"),
        ("Mari", "Mari"),
        ("", ""),
    ],
)
def test_formulas_are_made_harmless(text: str, cell: str) -> None:
    assert harmless(text) == cell
    assert harmed(cell) == text


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6))
def test_no_cell_is_a_formula_and_none_is_lost(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmed(harmless(text)) == text


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.lists(st.sampled_from([b";", b'"', b"\n", b"Nimi", b"640 3231"]))
)
def test_any_bytes_are_rows_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, pieces: Sequence[bytes]
) -> None:
    file = write(tmp_path_factory.mktemp("any"), b"".join(pieces) + noise)
    try:
        rows = list(rows_of(look_at(file)))
    except BadInput:
        return
    assert all(row.line > 0 for row in rows)
