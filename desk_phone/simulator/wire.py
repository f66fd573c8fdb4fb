"""The XML: reading requests by local names, writing answers as the service's samples have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from lxml import etree

from desk_phone.model.calls import CallRecord
from desk_phone.simulator.company import Refusal, missing
from desk_phone.simulator.operations import ANY_WRAPPER, SHAPES, Operation, Place
from desk_phone.telco.service import Entry

PASSWORD_TEXT = "#PasswordText"  # noqa: S105 - a type's name

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unreadable(Exception):
    """No request this service knows; the text is for the bare ServiceError."""


# Reading


@dataclass(frozen=True, slots=True)
class Request:
    """One SOAP request. ``password`` is None unless it came as PasswordText."""

    operation: Operation
    members: Mapping[str, str]
    wrapper: str
    user: str
    password: str | None

    def check(self) -> None:
        """Raises ERR002 for the first mandatory element that is missing."""
        shape = SHAPES[self.operation]
        if (
            shape.wrapper
            and self.wrapper != shape.wrapper
            and (shape.wrapper != ANY_WRAPPER or not self.wrapper)
        ):
            raise missing(shape.wrapper if shape.wrapper != ANY_WRAPPER else shape.filled[0])
        for name in shape.filled:
            if not self.members.get(name):
                raise missing(name)
        for name in shape.present:
            if name not in self.members:
                raise missing(name)


def read_request(body: bytes, place: Place, charset: str = "") -> Request:
    """``charset`` is the HTTP header's and counts only where the XML declares none."""
    root = _parse(body, charset)
    if _name(root) != "Envelope":
        raise Unreadable("error in msg parsing: no SOAP envelope")
    body_element = _child(root, "Body")
    asked = _children(body_element)
    if not asked:
        raise Unreadable("error in msg parsing: empty SOAP body")
    operation = _operation(_name(asked[0]), place)
    wrappers = _children(asked[0])
    members = _children(wrappers[0]) if wrappers else []
    user, password = _login(_child(root, "Header"))
    return Request(
        operation=operation,
        members={_name(member): _text(member) for member in members},
        wrapper=_name(wrappers[0]) if wrappers else "",
        user=user,
        password=password,
    )


def _parse(body: bytes, charset: str) -> etree._Element:
    declared = body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")
    try:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,  # with comments gone too, every node is an element
            encoding=charset if charset and not declared else None,
        )
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Unreadable(
            f"error in msg parsing: XML error parsing SOAP payload on line {line}: {error}"
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("error in msg parsing: a DOCTYPE is not allowed")
    return root


def _operation(name: str, place: Place) -> Operation:
    for operation, shape in SHAPES.items():
        if operation == name and shape.place is place:
            return operation
    raise Unreadable(f"Operation '{name}' is not defined in the WSDL for this service")


def _login(header: etree._Element | None) -> tuple[str, str | None]:
    token = _child(_child(header, "Security"), "UsernameToken")
    password = _child(token, "Password")
    if password is None:
        return _text(_child(token, "Username")), None
    type_ = str(password.get("Type", PASSWORD_TEXT))
    plain = password.text or "" if type_.endswith(PASSWORD_TEXT) else None
    return _text(_child(token, "Username")), plain


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else list(element)


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((child for child in _children(element) if _name(child) == name), None)


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


# Writing


def writable(text: str) -> bool:
    """Whether XML 1.0 can hold it: no control characters, no half ones."""
    return not _UNWRITABLE.search(text)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an answer; ``attributes`` are verbatim."""

    name: str
    content: str | tuple[Element, ...] = ()
    attributes: str = ""

    def written(self) -> str:
        if isinstance(self.content, str):
            inside = escape(self.content)
        else:
            inside = "".join([child.written() for child in self.content])
        if not inside:
            return f"<{self.name}{self.attributes}/>"
        return f"<{self.name}{self.attributes}>{inside}</{self.name}>"

    def holding(self, *children: Element) -> Element:
        return replace(self, content=children)


_NAMESPACES = (
    ' xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"'
)
_ENCODING_STYLE = ' SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
_STRING = ' xsi:type="xsd:string"'
# These answer success with members, the phonebook's acts with an empty ServiceError.
_SUCCESS_WITH_MEMBERS = (
    Operation.CALL,
    Operation.ACTIVATE,
    Operation.DEACTIVATE,
    Operation.NAME_LINE,
)


def envelope(child: Element, *, encoding_style: bool = False) -> str:
    style = _ENCODING_STYLE if encoding_style else ""
    body = f"<SOAP-ENV:Body>{child.written()}</SOAP-ENV:Body>"
    return f"<SOAP-ENV:Envelope{style}{_NAMESPACES}>{body}</SOAP-ENV:Envelope>"


def response(operation: Operation, *members: Element) -> Element:
    namespace = SHAPES[operation].place.namespace
    return Element(f"{operation}Response", members, f' xmlns="{namespace}"')


def success(operation: Operation) -> Element:
    blank = service_error("", "", "") if operation in _SUCCESS_WITH_MEMBERS else None
    return response(operation, blank or Element("ServiceError"))


def refused(operation: Operation, why: Refusal) -> Element:
    return response(operation, service_error(why.code, why.message, why.description))


def service_error(code: str, message: str, description: str, attributes: str = "") -> Element:
    return Element("ServiceError").holding(
        Element("ErrorCode", code, attributes),
        Element("ErrorMessage", message, attributes),
        Element("ErrorDescription", description, attributes),
    )


def bare_error(code: str, message: str) -> str:
    """The whole envelope of the text's second error example: a ServiceError straight under Body."""
    return envelope(service_error(code, message, message, _STRING), encoding_style=True)


def fault(code: str, text: str) -> str:
    """A SOAP Fault's whole envelope, with its members in NuSOAP's order."""
    members = (
        Element("faultcode", code, _STRING),
        Element("faultactor", "", _STRING),
        Element("faultstring", text, _STRING),
        Element("detail", "", _STRING),
    )
    return envelope(Element("SOAP-ENV:Fault", members), encoding_style=True)


def numbers(own: Iterable[str]) -> Element:
    items = (Element("item").holding(Element("Number", number)) for number in own)
    return response(Operation.NUMBERS, Element("listofNumbers", tuple(items)))


def history(records: Iterable[CallRecord]) -> Element:
    items = (Element("item").holding(_record(record)) for record in records)
    return response(Operation.HISTORY, Element("listofCallDetaileRecord", tuple(items)))


def _record(record: CallRecord) -> Element:
    members = [
        Element("id", record.id),
        Element("CallingNumber", record.calling),
        Element("CalledNumber", record.called),
        Element("AnswerIndic", record.answered),
        Element("Direction", record.direction),
        Element("StartTime", record.start),
        Element("OtherPartyName", record.name),
    ]
    if record.answer:
        members.append(Element("AnswerTime", record.answer))
    if record.release:
        members.append(Element("ReleaseTime", record.release))
    return Element("CallDetaileRecord", tuple(members))


def entries(listed: Iterable[Entry]) -> Element:
    items = (Element("item").holding(_entry(entry)) for entry in listed)
    return response(Operation.ENTRIES, Element("listofPhoneBookEntries", tuple(items)))


def _entry(entry: Entry) -> Element:
    members = [
        Element("id", entry.id),
        Element("DisplayName", entry.name),
        Element("PhoneNumber1", entry.number1),
    ]
    if entry.number2:
        members.append(Element("PhoneNumber2", entry.number2))
    return Element("PhoneBookEntry", tuple(members))
