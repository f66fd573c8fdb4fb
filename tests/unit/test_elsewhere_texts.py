"""Files of contacts as other programs write them: who is in them, and what is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk_phone.elsewhere import gathering, texts
from desk_phone.elsewhere.files import read_file
from desk_phone.elsewhere.gathering import gather
from desk_phone.elsewhere.reading import checked_address, usual_label
from desk_phone.elsewhere.texts import listing_of_bytes
from desk_phone.errors import BadInput, Offline
from desk_phone.model.elsewhere import Listing, Outsider, SourceKind
from desk_phone.transfer.rows import Row

OUTLOOK = (
    '"First Name","Middle Name","Last Name","Company","Department","Job Title",'
    '"Business Street","Business Postal Code","Assistant\'s Phone","Business Fax",'
    '"Business Phone","Business Phone 2","Callback","Company Main Phone","Home Phone",'
    '"Mobile Phone","Other Phone","Pager","TTY/TDD Phone","Account","E-mail Address",'
    '"Government ID Number","Organizational ID Number"\r\n'
    '"Mari","","Maasikas","Firma OÜ","","","","10111","640 9999","640 8888","640 1234",'
    '"640 1235","","640 0000","","+372 5123 4567","","","","1234567","mari@firma.ee",'
    '"48001010000","7654321"\r\n'
    '"","","","Kauplus AS","","","","","","","","","","640 0001","","","6402222","","","","","",""'
    "\r\n"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,"
    "Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value\n"
    "Žanna,,Щукина,,,,OOO Roga,,* myContacts,*,z@x.ee,Mobile,+372 5123 4567 ::: 640 1234,Work,"
    "+7 495 123-45-67\n"
    ",,,,,,Roga,,* myContacts,,,Work,640 5555,,\n"
)
OLD_GOOGLE = (
    "Name,Given Name,Family Name,Organization 1 - Name,Phone 1 - Type,Phone 1 - Value\n"
    "Anna Tamm,Anna,Tamm,Firma,Mobile,51234567\n"
)
CARD4 = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Simon Perreault\r\nN:Perreault;Simon;;;ing. jr\r\n"
    'ORG:Viagenie;Research\r\nTEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102\r\n'
    'TEL;VALUE=uri;TYPE="cell,voice,video,text":tel:+1-418-262-6501\r\n'
    "TEL;TYPE=fax:+1-418-656-9257\r\nEND:VCARD\r\n"
)
GROUPED = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Kask;Kaja;;;\nFN:Kaja Kask\nitem1.TEL;type=pref:6401234\n"
    "item1.X-ABLabel:_$!<Main>!$_\nTEL;type=CELL;type=VOICE:5123 4567\nTEL:6405678\nTEL:6405679\n"
    "END:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Sales\nX-ADDRESSBOOKSERVER-KIND:group\nEND:VCARD\n"
)


def read(text: str | bytes) -> Listing:
    return listing_of_bytes(text.encode() if isinstance(text, str) else text)


def known(listing: Listing) -> dict[str, tuple[str, ...]]:
    return {person.name: person.numbers for person in listing.people}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            OUTLOOK,
            {
                "Mari Maasikas": ("+3726401234", "+3726401235", "+37251234567"),
                "Kauplus AS": ("+3726402222",),
            },
            id="Outlook, without assistants, switchboards and faxes",
        ),
        pytest.param(
            GOOGLE,
            {
                "Žanna Щукина": ("+37251234567", "+3726401234", "+74951234567"),
                "Roga": ("+3726405555",),
            },
            id="Google, with several numbers in one cell",
        ),
        pytest.param(OLD_GOOGLE, {"Anna Tamm": ("+37251234567",)}, id="Google, as it was"),
        pytest.param(CARD4, {"Simon Perreault": ("+14186569254", "+14182626501")}, id="vCard 4"),
        pytest.param(
            GROUPED,
            {"Kaja Kask": ("+3726401234", "+37251234567", "+3726405678", "+3726405679")},
            id="Apple's vCard, four numbers and a group",
        ),
        pytest.param(
            "Nimi;Telefon\nÕnne;640 1234\n", {"Õnne": ("+3726401234",)}, id="Estonian sheet"
        ),
        pytest.param(
            "Mari,6401234\nKaja,6401235\n",
            {"Mari": ("+3726401234",), "Kaja": ("+3726401235",)},
            id="no head",
        ),
    ],
)
def test_what_other_programs_write_is_read(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert known(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("\n\n", "empty", id="blank"),
        pytest.param("<!doctype html><p>", "web page", id="page"),
        pytest.param("\ufeff  <!-- hi --><html>", "web page", id="page behind a mark"),
        pytest.param('{"a": 1}\n{"b": 2}\n', "not clear", id="JSON"),
        pytest.param("just some words\nand more\n", "not clear", id="prose"),
        pytest.param('Name,Phone\n"Mari,6401234\n', "quotation", id="cut in quotes"),
        pytest.param(b"PK\x03\x04rest", "workbook", id="workbook"),
        pytest.param(bytes(range(256)) * 8, "not a text", id="bytes"),
    ],
)
def test_what_is_no_list_says_why(text: str | bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        read(text)
    assert caught.value.message


def test_what_cannot_be_read_is_counted_and_costs_nothing_else() -> None:
    listing = read(
        "Name,Phone,Mobile\nMari,ask Kaja,5123 4567\nKaja,*21#,\n,6401234,\nB,01.02.2020,\n"
    )
    assert known(listing) == {"Mari": ("+37251234567",)}
    assert listing.left_out == 4


def test_a_broken_card_costs_nothing_else() -> None:
    listing = read(CARD4 + "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut\r\nTEL:640")
    assert list(known(listing)) == ["Simon Perreault"]
    assert listing.left_out == 1


def test_the_company_is_kept_beside_the_name() -> None:
    people = {person.name: person.company for person in read(OUTLOOK).people}
    assert people == {"Mari Maasikas": "Firma OÜ", "Kauplus AS": ""}


def test_names_are_cleaned() -> None:
    listing = read('Name,Phone\n"Ma\u202eri\n<b>",6401234\n')
    assert list(known(listing)) == ["Mari <b>"]


def test_the_same_person_twice_is_one() -> None:
    assert len(read("Name,Phone\nMari,6401234\nMari,+372 640 1234\n").people) == 1


def test_who_somebody_is_depends_on_what_they_are_alone() -> None:
    one = Outsider("Mari", ("+3726401234",), ("640 1234",), "Firma")
    assert one.id == Outsider("Mari", ("+3726401234",), ("6401234",), "Firma").id
    others = (
        Outsider("Mari", ("+3726401235",), ("640 1235",), "Firma"),
        Outsider("Mari", ("+3726401234",), ("640 1234",), ""),
        Outsider("Mary", ("+3726401234",), ("640 1234",), "Firma"),
    )
    assert len({one.id, *(other.id for other in others)}) == 4


def test_too_many_people_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PEOPLE_AT_MOST", 3)
    with pytest.raises(BadInput, match="too many"):
        gather(Row(n, f"P{n}", (f"640123{n}",)) for n in range(9))


# Files


def test_a_file_is_read_once_for_each_change(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Name,Phone\nMari,6401234\n")
    first = read_file(str(file), "")
    assert first is not None
    assert read_file(str(file), first.mark) is None
    new = tmp_path / "new"
    new.write_text("Name,Phone\nKaja,6401234\n")
    os.utime(new, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    new.replace(file)  # of the same size and time
    second = read_file(str(file), first.mark)
    assert second is not None
    assert list(known(second)) == ["Kaja"]


@pytest.mark.parametrize("what", ["gone", "folder", "large"])
def test_a_file_that_cannot_be_read_says_why(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "contacts.csv"
    if what == "folder":
        file.mkdir()
    if what == "large":
        monkeypatch.setattr("desk_phone.elsewhere.files.BYTES_AT_MOST", 10)
        file.write_text("Name,Phone\nMari,6401234\n")
    with pytest.raises(BadInput) as caught:
        read_file(str(file), "")
    assert caught.value.message


def test_a_file_that_is_being_written_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Name,Phone\nMari,6401234\nKaja,640")

    def read_while_written(path: Path, mark: str) -> Listing:
        with path.open("a") as more:
            more.write("1235\n")
        return texts.listing_of(path, mark)

    monkeypatch.setattr("desk_phone.elsewhere.files.listing_of", read_while_written)
    with pytest.raises(Offline, match="changed while"):
        read_file(str(file), "")


# Addresses


@pytest.mark.parametrize(
    ("kind", "address", "label"),
    [
        (SourceKind.WEB, "https://host.example/a.csv?key=1", "host.example"),
        (SourceKind.CARDDAV, " https://cloud.example ", "cloud.example"),
        (SourceKind.LDAP, "ldaps://ldap.example/dc=example", "ldap.example"),
        (SourceKind.FILE, "contacts.vcf", "contacts"),
    ],
)
def test_a_source_is_called_after_its_host_or_file(
    kind: SourceKind, address: str, label: str
) -> None:
    kept = checked_address(kind, address)
    assert usual_label(kind, kept) == label
    assert checked_address(kind, kept) == kept
    assert kind is not SourceKind.FILE or Path(kept).is_absolute()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (SourceKind.FILE, ""),
        (SourceKind.WEB, "http://host.example/"),
        (SourceKind.WEB, "https://host.example/" + "a" * 3000),
        (SourceKind.CARDDAV, "host.example"),
        (SourceKind.LDAP, "https://host.example"),
        (SourceKind.LDAP, "ldap://"),
        (SourceKind.FILE, "a\nb"),
    ],
)
def test_an_address_that_can_be_none_is_refused(kind: SourceKind, address: str) -> None:
    with pytest.raises(BadInput):
        checked_address(kind, address)
