"""The bytes of an answer: letters, damage, and what is meant to do harm."""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable

import pytest

from desk_phone.errors import Uncertain
from desk_phone.telco.answers import read_entries
from tests.replies import PHONEBOOK, reply, response

NAME = "Jüri Õun"
ANSWER = response(
    "listPhoneBookEntries",
    "<listofPhoneBookEntries><item><PhoneBookEntry><id>1</id>"
    f"<DisplayName>{NAME}</DisplayName></PhoneBookEntry></item></listofPhoneBookEntries>",
    PHONEBOOK,
)
LATIN1 = '<?xml version="1.0" encoding="ISO-8859-1"?>'
UTF8 = '<?xml version="1.0" encoding="UTF-8"?>'
PLAIN = '<?xml version="1.0"?>'


def name_in(body: bytes, content_type: str = "text/xml") -> str:
    (entry,) = read_entries(reply(body, content_type=content_type))
    return entry.name


def doubt(body: bytes, content_type: str = "text/xml") -> str:
    with pytest.raises(Uncertain) as caught:
        read_entries(reply(body, content_type=content_type))
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(ANSWER.encode(), "text/xml", id="nothing said"),
        pytest.param((UTF8 + ANSWER).encode(), "text/xml", id="UTF-8 declared"),
        pytest.param((UTF8 + ANSWER).encode(), "text/xml; charset=iso-8859-1", id="header lies"),
        pytest.param((PLAIN + ANSWER).encode(), "text/xml; charset=iso-8859-1", id="declaration"),
        pytest.param((LATIN1 + ANSWER).encode("latin-1"), "text/xml", id="Latin-1 declared"),
        pytest.param(
            (LATIN1 + ANSWER).encode("latin-1"), "text/xml; charset=UTF-8", id="header is wrong"
        ),
        pytest.param(ANSWER.encode("latin-1"), "text/xml; charset=ISO-8859-1", id="header only"),
        pytest.param(ANSWER.encode("latin-1"), 'text/xml;Charset = "iso-8859-1"', id="odd header"),
        pytest.param(ANSWER.encode("utf-16"), "text/xml", id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + ANSWER.encode(), "text/xml", id="BOM"),
        pytest.param(b"\xef\xbb\xbf" + (UTF8 + ANSWER).encode(), "text/xml", id="BOM declared"),
        pytest.param(b"\r\n\t " + (UTF8 + ANSWER).encode(), "text/xml", id="newline first"),
        pytest.param(b"\n\xef\xbb\xbf\n" + (UTF8 + ANSWER).encode(), "text/xml", id="both"),
        pytest.param((UTF8 + ANSWER).encode() + b"\n\n", "text/xml", id="newline last"),
        pytest.param(ANSWER.encode(), "", id="no content type"),
        pytest.param(ANSWER.encode(), "text/html; charset=", id="wrong content type"),
        pytest.param(
            ANSWER.replace("Õ", "&#213;").replace("ü", "&#xFC;").encode(),
            "text/xml",
            id="references",
        ),
    ],
)
def test_letters_survive_every_way_of_writing_them(body: bytes, content_type: str) -> None:
    assert name_in(body, content_type) == NAME


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param((UTF8 + ANSWER).encode("latin-1"), "text/xml", id="declared UTF-8"),
        pytest.param(ANSWER.encode("latin-1"), "text/xml; charset=utf-8", id="header says UTF-8"),
        pytest.param(ANSWER.encode("latin-1"), "text/xml", id="nothing said"),
        pytest.param((PLAIN + ANSWER).encode("latin-1"), "text/xml; charset=latin-1", id="plain"),
        pytest.param(ANSWER.replace("Õ", "\x00").encode(), "text/xml", id="NUL"),
        pytest.param(ANSWER.replace("Õ", "\x0b").encode(), "text/xml", id="control"),
    ],
)
def test_damaged_letters_are_never_taken(body: bytes, content_type: str) -> None:
    assert "damaged" in doubt(body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(ANSWER.replace("Õ", "&#0;").encode(), "text/xml", id="NUL reference"),
        pytest.param(ANSWER.replace("Õ", "&otilde;").encode(), "text/xml", id="HTML entity"),
        pytest.param(ANSWER.encode(), "text/xml; charset=klingon", id="unknown charset"),
        pytest.param(
            b'<?xml version="1.0" encoding="klingon"?>' + ANSWER.encode(), "", id="declared"
        ),
    ],
)
def test_what_cannot_be_read_leaves_doubt(body: bytes, content_type: str) -> None:
    assert doubt(body, content_type)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<br />\n<b>Warning</b>: db.php<br />" + ANSWER.encode(), id="before"),
        pytest.param(b"Notice: x\n" + (UTF8 + ANSWER).encode(), id="before the declaration"),
        pytest.param(ANSWER.encode() + b"<br />\n<b>Warning</b>: db.php", id="after"),
    ],
)
def test_a_php_warning_spoils_the_answer(body: bytes) -> None:
    assert "words of its own" in doubt(body)


def test_xml_that_was_cut_says_so() -> None:
    assert "cut short" in doubt((UTF8 + ANSWER).encode()[:-30])


# Meant to do harm


def bomb(where: str) -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f"<!DOCTYPE x [{entities}]>{ANSWER.replace('<item>', where)}".encode()


DOCTYPES = [
    pytest.param(b"<!DOCTYPE x>" + ANSWER.encode(), id="bare"),
    pytest.param(b"<!DOCTYPE x []>" + ANSWER.encode(), id="empty"),
    pytest.param(b'<!DOCTYPE x [<!ENTITY a "b">]>' + ANSWER.encode(), id="unused entity"),
    pytest.param(
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        + ANSWER.replace(NAME, "&a;").encode(),
        id="file",
    ),
    pytest.param(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + ANSWER.encode(), id="network"),
    pytest.param(bomb("<item>&a9;"), id="bomb"),
    pytest.param(bomb('<item x="&a9;">'), id="bomb in an attribute"),
    pytest.param((UTF8 + "\n<!-- -->").encode() + bomb("<item>&a9;"), id="declared bomb"),
]


@pytest.mark.parametrize("body", DOCTYPES)
def test_a_doctype_is_never_accepted_and_costs_nothing(body: bytes) -> None:
    start, peak = time.process_time(), peak_memory()
    assert doubt(body)
    assert time.process_time() - start < 0.5
    assert peak_memory() - peak < 30_000_000


def peak_memory() -> int:
    """Bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: "<a>" * 100_000, id="deep"),
        pytest.param(lambda: "<a>" * 5000 + "</a>" * 5000, id="deep and whole"),
        pytest.param(lambda: f"<{'x' * 20_000_000}/>", id="long name"),
        pytest.param(lambda: f"<a>{'x' * 20_000_000}</a>", id="long text"),
    ],
)
def test_monsters_are_refused(make: Callable[[], str]) -> None:
    start = time.process_time()
    assert doubt(ANSWER.replace("<item>", make() + "<item>").encode())
    assert time.process_time() - start < 2.0


def test_random_bytes_are_no_answer() -> None:
    noise = zlib.compress(bytes(range(256)) * 8)
    for start in range(0, len(noise), 3):
        assert doubt(noise[start:])
