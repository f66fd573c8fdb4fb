"""Reads the service's answers: strict about XML, lax about its shape, and never trusting.

zeep's own reader takes an error for success where the ServiceError is bare, in a foreign wrapper or
without a namespace (tested with 4.3.3), so answers are read here. Names are compared without
their namespaces; what is unknown is ignored, in any order.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from lxml import etree

from desk_phone.model.calls import CallRecord
from desk_phone.model.numbers import from_service
from desk_phone.model.text import clean
from desk_phone.telco import unreadable
from desk_phone.telco.operations import Operation
from desk_phone.telco.refusals import refusal
from desk_phone.telco.reply import Reply
from desk_phone.telco.service import Entry
from desk_phone.web.xml import has_doctype, parse

log = logging.getLogger(__name__)

_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

_CALL = (  # in CallRecord's order
    "id",
    "CallingNumber",
    "CalledNumber",
    "AnswerIndic",
    "Direction",
    "StartTime",
    "OtherPartyName",
    "AnswerTime",
    "ReleaseTime",
)
_ENTRY = ("id", "DisplayName", "PhoneNumber1", "PhoneNumber2")  # in Entry's order


def read_done(operation: Operation, reply: Reply) -> None:
    """Returns when the service did it.

    Raises Refused or BadCredentials (it said no), or Uncertain, as all functions here do.
    """
    _answer(operation, reply)


def read_numbers(reply: Reply) -> tuple[str, ...]:
    """The company's numbers, canonical, each once, in the service's order."""
    answer = _answer(Operation.NUMBERS, reply)
    texts = (_text(number) for number in _records(answer, "listofNumbers", "Number"))
    return tuple(dict.fromkeys(_canonical(text) for text in texts if text))


def read_history(reply: Reply) -> tuple[CallRecord, ...]:
    """All records, in the service's order. One without an id cannot be kept and is left out."""
    answer = _answer(Operation.HISTORY, reply)
    places = _Places(_CALL)
    records, nameless = [], 0
    for record in _records(answer, "listofCallDetaileRecord", "CallDetaileRecord"):
        values = _row(record, places)
        if values[0]:
            records.append(CallRecord(*values))
        elif any(values):
            nameless += 1
    if nameless:
        log.warning("%d call records without an id were left out", nameless)
    return tuple(records)


def read_entries(reply: Reply) -> tuple[Entry, ...]:
    """All entries. A number that is none stays as the service wrote it, lest an edit lose it.

    An entry without an id makes the whole answer Uncertain: a list that lacks one would look as
    if somebody had deleted it.
    """
    answer = _answer(Operation.ENTRIES, reply)
    places = _Places(_ENTRY)
    entries = []
    for record in _records(answer, "listofPhoneBookEntries", "PhoneBookEntry"):
        id_, name, number1, number2 = values = _row(record, places)
        if id_:
            entries.append(Entry(id_, name, _canonical(number1), _canonical(number2)))
        elif any(values):
            raise unreadable.not_understood()
    return tuple(entries)


def _canonical(text: str) -> str:
    return from_service(text) or text


def _answer(operation: Operation, reply: Reply) -> etree._Element:
    """The ``<operation>Response`` of a success."""
    top = _body(reply)
    name = _local(top)
    if name == "Fault":
        raise _fault(top)
    error = top if name == "ServiceError" else _child(top, "ServiceError")
    if error is not None:
        code, said = _text(_child(error, "ErrorCode")), _text(_child(error, "ErrorMessage"))
        if code or said:
            raise refusal(code, said or _text(_child(error, "ErrorDescription")))
    if reply.status != 200:
        raise unreadable.by_status(reply) or unreadable.not_understood()
    if name != f"{operation}Response":
        raise unreadable.other_answer(clean(name))
    return top


def _fault(fault: etree._Element) -> Exception:
    """SOAP 1.1 (faultcode, faultstring), or 1.2 (Code/Value, Reason/Text)."""
    code, reason = _child(fault, "faultcode"), _child(fault, "faultstring")
    if code is None and (wrapped := _child(fault, "Code")) is not None:
        code = _child(wrapped, "Value")
    if reason is None and (wrapped := _child(fault, "Reason")) is not None:
        reason = _child(wrapped, "Text")
    return refusal(_text(code) or "Fault", _text(reason))


def _body(reply: Reply) -> etree._Element:
    """The one child of ``Body``."""
    root = _parse(reply)
    body = _child(root, "Body") if _local(root) == "Envelope" else None
    if body is None or len(body) != 1:
        raise unreadable.by_status(reply) or unreadable.not_understood()
    return body[0]


def _parse(reply: Reply) -> etree._Element:
    """XML that was cut is no list, not half a list.

    The HTTP charset counts only where there is no XML declaration.
    """
    data = reply.body.lstrip(_BEFORE_XML)
    if not data:
        raise unreadable.by_status(reply) or unreadable.empty()
    charset = None if data.startswith(b"<?xml") else _CHARSET.search(reply.content_type)
    try:
        root = parse(data, charset[1] if charset else None)
    except etree.XMLSyntaxError as error:
        raise unreadable.by_status(reply) or unreadable.not_xml(data, error) from None
    except LookupError:  # a charset that nobody knows
        raise unreadable.by_status(reply) or unreadable.not_understood() from None
    if _local(root).lower() == "html":
        raise unreadable.by_status(reply) or unreadable.web_page()
    if has_doctype(root):
        raise unreadable.by_status(reply) or unreadable.forbidden_xml()
    return root


def _records(answer: etree._Element, listed: str, name: str) -> Iterator[etree._Element]:
    """Each ``item/<name>``, bare ``<name>`` or plain ``item`` of a list; none if it is left out."""
    items = _child(answer, listed)
    for item in () if items is None else items:
        found = _local(item)
        if found == name:
            yield item
        elif found == "item":
            yield from [child for child in item if _local(child) == name] or (item,)


class _Places(dict[str, int]):
    """Where a member belongs in a row, by its tag; each spelling of a tag is looked up once.

    One answer's: it keeps what that answer said.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self.blank = [""] * len(names)
        self.cleaned = _Cleaned()

    def __missing__(self, tag: str) -> int:
        name = tag.rpartition("}")[2]
        self[tag] = place = self._names.index(name) if name in self._names else -1
        return place


class _Cleaned(dict[str, str]):
    """Texts and what is left of them. Most come again, and are then one object for all records."""

    def __missing__(self, text: str) -> str:
        self[text] = cleaned = clean(text)
        return cleaned


def _row(record: etree._Element, places: _Places) -> list[str]:
    """The members of a record in their fixed order, the missing ones empty.

    Runs for each of thousands of records, so it does little and asks lxml once for each thing.
    """
    row = places.blank.copy()
    for member in record:
        text = member.text
        if text is not None:
            place = places[member.tag]
            if place >= 0:
                row[place] = places.cleaned[text]
    return row


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    for child in element:
        if _local(child) == name:
            return child
    return None


def _text(element: etree._Element | None) -> str:
    """Cleaned; empty where there is none."""
    return clean(element.text) if element is not None and element.text else ""
