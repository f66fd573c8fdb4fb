"""What each fault does to an answer.

Four places where one can bite, in this order: *instead* of the act (nothing is done, this answer
comes), on the *document* (the response element), on its *spelling*, and on the *answer*. A fault
without ``instead`` lets the service do what it was asked, whatever the answer then looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from desk_phone.simulator import values, wire
from desk_phone.simulator.answer import HTML, Answer, Framing, Spelling
from desk_phone.simulator.company import refusal
from desk_phone.simulator.operations import Operation
from desk_phone.simulator.wire import Element


@dataclass(frozen=True, slots=True)
class Trick:
    """``usual`` is the value where none is given. ``lasting`` faults belong to no request."""

    does: str
    usual: str = ""
    check: Callable[[str], None] = values.text
    instead: Callable[[str, Operation | None], Answer] | None = None
    document: Callable[[Element, str], Element] | None = None
    spelling: Spelling | None = None
    answer: Callable[[Answer, str], Answer] | None = None
    lasting: bool = False


def spoiled(
    tricks: Sequence[tuple[Trick, str]],
    operation: Operation | None,
    act: Callable[[], Element | str],
) -> Answer:
    """The answer to one request under these tricks with their values.

    ``act`` does what was asked and gives the response element, or a whole envelope where there is
    none.
    """
    answer = _first_instead(tricks, operation) or _done(tricks, act())
    for trick, value in tricks:
        if trick.answer:
            answer = trick.answer(answer, value)
    return answer


def _first_instead(
    tricks: Sequence[tuple[Trick, str]], operation: Operation | None
) -> Answer | None:
    for trick, value in tricks:
        if trick.instead:
            return trick.instead(value, operation)
    return None


def _done(tricks: Sequence[tuple[Trick, str]], document: Element | str) -> Answer:
    spelling = Spelling()
    for trick, value in tricks:
        if trick.document and isinstance(document, Element):
            document = trick.document(document, value)
        spelling = trick.spelling or spelling
    return spelling.answer(wire.envelope(document) if isinstance(document, Element) else document)


# Instead of the act

_LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head>"
    '<body><form method="post"><input name="user"></form></body></html>'
)


def _page(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return Answer(text.encode(), status, HTML, headers)


def _server_error(_value: str, _operation: Operation | None) -> Answer:
    return _page(500, "<html><body><h1>500 Internal Server Error</h1></body></html>")


def _html(value: str, _operation: Operation | None) -> Answer:
    return _page(int(value), _LOGIN_PAGE)


def _busy(value: str, _operation: Operation | None) -> Answer:
    page = "<html><body><h1>503 Service Unavailable</h1></body></html>"
    return _page(503, page, ("Retry-After", value))


def _error(value: str, operation: Operation | None) -> Answer:
    if operation is None:
        return _bare(value, operation)
    return Spelling().answer(wire.envelope(wire.refused(operation, refusal(value))))


def _bare(value: str, _operation: Operation | None) -> Answer:
    return Spelling().answer(wire.bare_error(value, "error in msg parsing: a fault was asked for"))


def _soap_fault(value: str, _operation: Operation | None) -> Answer:
    answer = Spelling().answer(wire.fault("SOAP-ENV:Server", "a fault was asked for"))
    return replace(answer, status=int(value))


def _redirect(value: str, _operation: Operation | None) -> Answer:
    return Answer(b"", 307, HTML, (("Location", value),))


def _bomb(_value: str, operation: Operation | None) -> Answer:
    entities = ['<!ENTITY a0 "ha">']
    entities += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    response = wire.response(operation or Operation.NUMBERS, Element("boom", "&a9;"))
    xml = wire.envelope(response).replace("&amp;a9;", "&a9;")
    return Spelling(declared="").answer(
        f'<?xml version="1.0"?><!DOCTYPE boom [{"".join(entities)}]>{xml}'
    )


def _dropped(_value: str, _operation: Operation | None) -> Answer:
    return Answer(silent=True)


# On the document


def _without_namespace(document: Element, _value: str) -> Element:
    children = _members(document)
    return document.holding(*(replace(child, attributes=' xmlns=""') for child in children))


def _partial(document: Element, value: str) -> Element:
    wanted = float(value)

    def part(list_: Element) -> Element:
        items = _members(list_)
        count = int(wanted if wanted >= 1 else len(items) * wanted)
        return list_.holding(*items[:count])

    return _with_list(document, part)


def _empty_list(document: Element, _value: str) -> Element:
    return _with_list(document, lambda list_: list_.holding())


def _no_list(document: Element, _value: str) -> Element:
    return document.holding(
        *(child for child in _members(document) if not child.name.startswith("listof"))
    )


def _other_wrapper(document: Element, value: str) -> Element:
    return replace(document, name=value)


def _extra(document: Element, _value: str) -> Element:
    return document.holding(Element("Extra", "unknown"), *_members(document))


def _with_list(document: Element, change: Callable[[Element], Element]) -> Element:
    return document.holding(
        *(
            change(child) if child.name.startswith("listof") else child
            for child in _members(document)
        )
    )


def _members(element: Element) -> tuple[Element, ...]:
    return element.content if isinstance(element.content, tuple) else ()


# On the answer


def _delayed(answer: Answer, value: str) -> Answer:
    return replace(answer, delay=answer.delay + float(value))


def _lost(answer: Answer, _value: str) -> Answer:
    return replace(answer, silent=True)


def _nothing(answer: Answer, value: str) -> Answer:
    return replace(answer, status=int(value), body=b"")


def _cut(answer: Answer, value: str) -> Answer:
    return replace(answer, sent=float(value))


def _cut_open(answer: Answer, value: str) -> Answer:
    return replace(answer, sent=float(value), framing=Framing.OPEN)


def _chunked(answer: Answer, _value: str) -> Answer:
    return replace(answer, framing=Framing.CHUNKED)


def _bom(answer: Answer, _value: str) -> Answer:
    return replace(answer, body=b"\xef\xbb\xbf" + answer.body)


def _newline(answer: Answer, _value: str) -> Answer:
    return replace(answer, body=b"\n" + answer.body)


def _warning(answer: Answer, _value: str) -> Answer:
    text = (
        b"<br />\n<b>Warning</b>:  mysql_connect(): Too many connections in <b>db.php</b><br />\n"
    )
    return replace(answer, body=text + answer.body)


def _dripping(answer: Answer, value: str) -> Answer:
    return replace(answer, byte_pause=float(value))


_LATIN1 = "iso-8859-1"

TRICKS: Mapping[str, Trick] = {
    "latency": Trick("answers after VALUE seconds", "2", values.number, answer=_delayed),
    "lost": Trick("does it, then closes without a byte", answer=_lost),
    "dropped": Trick("closes without a byte and does nothing", instead=_dropped),
    "500": Trick("HTTP 500 with a page", instead=_server_error),
    "html": Trick("a login page with status VALUE", "200", values.status, instead=_html),
    "503": Trick("HTTP 503, Retry-After VALUE seconds", "30", values.header, instead=_busy),
    "error": Trick("ServiceError with the code VALUE", "ERR003", instead=_error),
    "soap-fault": Trick(
        "a SOAP Fault with status VALUE", "500", values.status, instead=_soap_fault
    ),
    "bare": Trick(
        "a ServiceError straight under Body, code VALUE", "SOAP-ENV:Client", instead=_bare
    ),
    "redirect": Trick("HTTP 307 to VALUE", "", values.header, instead=_redirect),
    "bomb": Trick("entities that grow to gigabytes", instead=_bomb),
    "no-namespace": Trick('members with xmlns=""', document=_without_namespace),
    "partial": Trick(
        "only VALUE items of a list (a part of it below 1)", "0.5", values.number, document=_partial
    ),
    "empty-list": Trick("an empty list", document=_empty_list),
    "no-list": Trick("an answer without its list", document=_no_list),
    "other-wrapper": Trick(
        "the answer in the wrapper VALUE", "getUserResponse", values.name, document=_other_wrapper
    ),
    "extra": Trick("a member that nobody knows", document=_extra),
    "latin1": Trick(
        "ISO-8859-1 and says so", spelling=Spelling(_LATIN1, "ISO-8859-1", "ISO-8859-1")
    ),
    "latin1-header": Trick(
        "ISO-8859-1, said only in Content-Type", spelling=Spelling(_LATIN1, "", "ISO-8859-1")
    ),
    "latin1-lie": Trick("ISO-8859-1 that says UTF-8", spelling=Spelling(_LATIN1)),
    "empty": Trick(
        "does it, answers status VALUE and no body", "200", values.status, answer=_nothing
    ),
    "cut": Trick(
        "VALUE bytes (a part below 1), Content-Length says more", "0.5", values.number, answer=_cut
    ),
    "cut-open": Trick(
        "VALUE bytes (a part below 1), no Content-Length", "0.5", values.number, answer=_cut_open
    ),
    "chunked": Trick("Transfer-Encoding: chunked", answer=_chunked),
    "bom": Trick("a byte order mark first", answer=_bom),
    "newline": Trick("an empty line before the XML", answer=_newline),
    "warning": Trick("a PHP warning before the XML", answer=_warning),
    "drip": Trick("one byte every VALUE seconds", "1", values.number, answer=_dripping),
    "question-marks": Trick("letters beyond ISO-8859-1 become ? in requests", lasting=True),
    "notices-latin1": Trick("notices' names in ISO-8859-1", lasting=True),
    "notices-missed": Trick(
        "a second notice of type VALUE when a call was missed", "End", lasting=True
    ),
    "notices-anywhere": Trick("notices go to other machines too", lasting=True),
}
