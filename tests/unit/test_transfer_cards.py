"""Reading vCards as phones, Outlook, Google and Apple write them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.transfer.card_lines import split_fields, unescaped
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.rows import Row
from desk_phone.transfer.writing import escaped, folded

OUTLOOK = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
    b"N;LANGUAGE=et;CHARSET=windows-1257;ENCODING=QUOTED-PRINTABLE:=D5unapuu;Kristiina\r\n"
    b"FN;CHARSET=windows-1257;ENCODING=QUOTED-PRINTABLE:Kristiina=20=\r\n=D5unapuu\r\n"
    b"ORG;CHARSET=windows-1257;ENCODING=QUOTED-PRINTABLE:P=F5hja Veod O=DC\r\n"
    b"TEL;WORK;VOICE:+372 640 3231\r\nTEL;WORK;FAX:+372 640 3299\r\nTEL;CELL;VOICE:5123 4567\r\n"
    b"ADR;WORK;PREF;CHARSET=windows-1257;ENCODING=QUOTED-PRINTABLE:;;P=E4rnu mnt 1=0D=0A=\r\n"
    b"Tallinn;;;;\r\n"
    b"X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\n"
    b"PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQSkZJRgABAQEAYABgAAD=\r\n AAAA==\r\n\r\n"
    b"REV:20260101T100000Z\r\nEND:VCARD\r\n"
)
IPHONE = (
    "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//Apple Inc.//iPhone OS 17.0//EN\nN:Tamm;Jaan;;;\n"
    "FN:Jaan Tamm\\, juhataja\nORG:Külmasalv AS;\nTEL;type=CELL;type=VOICE:5555 5555\n"
    "item1.TEL;type=pref:+372 5123 4567\nitem1.X-ABLabel:_$!<HomeFAX>!$_\n"
    "NOTE:tel 1\\nrida\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSk\n ZJRgABAQ==\nEND:VCARD\n"
).encode()
GOOGLE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Наталья Щербакова\r\nN:Щербакова;Наталья;;;\r\n"
    "TEL;TYPE=CELL:+372 5123 4567\r\nTEL;TYPE=HOMEFAX,FAX:640 3299\r\n"
    "TEL;TYPE=WORK:640 3231\r\nCATEGORIES:myContacts\r\nEND:VCARD\r\n"
).encode()
FOUR = (
    b"BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\nFN:Mari Kask\r\n"
    b'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+372-640-3231;ext=12\r\n'
    b"TEL;VALUE=text;TYPE=fax:640 3299\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Everybody\r\nMEMBER:urn:uuid:1\r\nEND:VCARD\r\n"
)
ANDROID = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
    b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=D1=82=D1=80=D0=BE=D0=B2;=D0=98=D0=\r\n"
    b"=B2=D0=B0=D0=BD;;;\r\nTEL;CELL;PREF:51234567\r\nEND:VCARD\r\n"
)


def read(tmp_path: Path, content: bytes) -> list[Row]:
    file = tmp_path / "contacts.vcf"
    file.write_bytes(content)
    return list(card_rows(file))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(
            OUTLOOK, [("Kristiina Õunapuu", ("+372 640 3231", "5123 4567"))], id="outlook, 2.1"
        ),
        pytest.param(
            IPHONE, [("Jaan Tamm, juhataja", ("+372 5123 4567", "5555 5555"))], id="iphone"
        ),
        pytest.param(
            GOOGLE, [("Наталья Щербакова", ("+372 5123 4567", "640 3231"))], id="google"
        ),
        pytest.param(FOUR, [("Mari Kask", ("tel:+372-640-3231;ext=12",))], id="4.0, and a group"),
        pytest.param(ANDROID, [("Иван Петров", ("51234567",))], id="android, a letter cut in two"),
        pytest.param(IPHONE.decode().encode("utf-16"),
                     [("Jaan Tamm, juhataja", ("+372 5123 4567", "5555 5555"))], id="utf-16"),
        pytest.param(GOOGLE.decode().encode("cp1251"),
                     [("Наталья Щербакова", ("+372 5123 4567", "640 3231"))], id="cp1251"),
        pytest.param(b"\xef\xbb\xbf" + IPHONE,
                     [("Jaan Tamm, juhataja", ("+372 5123 4567", "5555 5555"))], id="with a mark"),
        pytest.param(b"begin:vcard\rversion:3.0\rn:Kask;Mari;Ann;;\rtel:1234\rend:vcard\r",
                     [("Mari Ann Kask", ("1234",))], id="small letters, old mac line ends"),
        pytest.param(b"BEGIN:VCARD\nVERSION:3.0\nFN:\nN:;;;;\nORG:Veod O\xc3\x9c;Osakond\n"
                     b"TEL:1234\nEND:VCARD\n", [("Veod OÜ", ("1234",))], id="a company"),
        pytest.param("BEGIN:VCARD\nVERSION:3.0\nFN:Mari Õ".encode() + b"\n una\n\tpuu\nTEL:1\n"
                     b"END:VCARD\n", [("Mari Õunapuu", ("1",))], id="folded"),
        pytest.param(b"BEGIN:VCARD\nVERSION:3.0\nFN:\xc3\n \x95ie\nEND:VCARD\n", [("Õie", ())],
                     id="folded inside a letter"),
        pytest.param(b"BEGIN:VCARD\nNOTE:one\nbroken line: of a note\nno colon\nFN:A\nTEL:12\n"
                     b"END:VCARD\n", [("A", ("12",))], id="a note folded wrongly"),
    ],
)  # fmt: skip
def test_cards_of_other_programs(
    tmp_path: Path, content: bytes, rows: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(row.name, row.numbers) for row in read(tmp_path, content)] == rows
    assert are_cards(tmp_path / "contacts.vcf")


def test_a_broken_card_says_where_and_the_others_are_read(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        b"BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nTEL:6403231\nno line\nEND:VCARD\n"
        b"BEGIN:VCARD\nFN:C\nTEL:6403232\nEND:VCARD\nBEGIN:VCARD\nFN:D\n",
    )
    assert [(row.line, row.name, row.trouble) for row in rows] == [
        (1, "A", "This card has no end."),
        (3, "B", "Line 6 is not of a card."),
        (8, "C", ""),
        (12, "D", "This card has no end."),
    ]


@pytest.mark.parametrize("content", [b"hello", b"Nimi;Telefon\nA;1\n", b"END:VCARD\nFN:A\n"])
def test_a_file_without_cards_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="no contacts"):
        read(tmp_path, content)
    assert not are_cards(tmp_path / "contacts.vcf")


def test_an_unknown_charset_is_no_crash(tmp_path: Path) -> None:
    card = b"BEGIN:VCARD\nFN;CHARSET=X-\xff;ENCODING=QUOTED-PRINTABLE:=C3=95ie=ZZ\nEND:VCARD\n"
    assert [row.name for row in read(tmp_path, card)] == ["Õie=ZZ"]


def test_a_large_picture_is_not_kept(tmp_path: Path) -> None:
    picture = b"PHOTO;ENCODING=b:" + (b"A" * 74 + b"\r\n ") * 100_000 + b"\r\n"
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + picture + b"FN:A\r\nTEL:6403231\r\nEND:VCARD\r\n"
    file = tmp_path / "contacts.vcf"
    file.write_bytes(card)
    tracemalloc.start()
    try:
        assert [row.name for row in card_rows(file, "utf-8")] == ["A"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(card) / 4


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60))
def test_escapes_come_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert split_fields(f"{escaped(text)};b") == [escaped(text), "b"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_folded_lines_are_short_and_whole(text: str) -> None:
    lines = folded("FN:" + text).encode().removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode().startswith(" ") for line in lines[1:])
    assert lines[0] + b"".join(line[1:] for line in lines[1:]) == f"FN:{text}".encode()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(
    [b"BEGIN:VCARD\n", b"END:VCARD\n", b"FN:A\n", b"N:", b"TEL;", b":", b"\\", b"=\n", b'"', b" ",
     b"\n", b"ENCODING=QUOTED-PRINTABLE", b"\xff", b"\xc3\x95", b";", b"item1.", b"\x00"],
), max_size=30))  # fmt: skip
def test_any_bytes_are_cards_or_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    try:
        rows = read(tmp_path_factory.mktemp("any"), b"".join(pieces))
    except BadInput:
        return
    assert all(row.line > 0 for row in rows)


def test_an_encoding_that_is_none_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "cards.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=undefined:Mari\nTEL:6403231\nEND:VCARD\n")
    assert [row.name for row in card_rows(file)] == ["Mari"]
