"""The XML of WebDAV (RFC 4918) and CardDAV (RFC 6352): never trusting, never half read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from desk_phone.web.xml import has_doctype, parse

DAV, CARD, SERVER = "DAV:", "urn:ietf:params:xml:ns:carddav", "http://calendarserver.org/ns/"
_OK, _NO_ROOM = " 200", " 507"


class NotDav(ValueError):
    """It is no multistatus answer that can be believed."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One ``response``: the properties that the server has of it, by ``{namespace}name``.

    ``cut`` says that the server left something out (507, RFC 6352 8.6.2); ``missing`` that there
    is no such resource.
    """

    href: str
    properties: dict[str, etree._Element]
    cut: bool = False
    missing: bool = False

    def text(self, namespace: str, name: str) -> str:
        found = self.properties.get(f"{{{namespace}}}{name}")
        return "" if found is None else (found.text or "").strip()

    def href_in(self, namespace: str, name: str) -> str:
        """The first ``href`` within a property."""
        found = self.properties.get(f"{{{namespace}}}{name}")
        inside = None if found is None else found.find(f"{{{DAV}}}href")
        return "" if inside is None else (inside.text or "").strip()

    @property
    def is_address_book(self) -> bool:
        kind = self.properties.get(f"{{{DAV}}}resourcetype")
        return kind is not None and kind.find(f"{{{CARD}}}addressbook") is not None


def resources(body: bytes) -> list[Resource]:
    """Raises NotDav."""
    root = _parse(body)
    if root.tag != f"{{{DAV}}}multistatus":
        raise NotDav(str(root.tag))
    return [_resource(response) for response in root.iterchildren(f"{{{DAV}}}response")]


def propfind(*names: tuple[str, str]) -> bytes:
    root = _element(DAV, "propfind")
    _names(etree.SubElement(root, f"{{{DAV}}}prop"), names)
    return _bytes(root)


def query(wanted: tuple[str, ...]) -> bytes:
    """All cards of an address book, of each the properties ``wanted`` if the server minds."""
    root = _element(CARD, "addressbook-query")
    _card_data(root, wanted)
    etree.SubElement(root, f"{{{CARD}}}filter")
    return _bytes(root)


def multiget(hrefs: list[str], wanted: tuple[str, ...]) -> bytes:
    root = _element(CARD, "addressbook-multiget")
    _card_data(root, wanted)
    for href in hrefs:
        etree.SubElement(root, f"{{{DAV}}}href").text = href
    return _bytes(root)


def _card_data(root: etree._Element, wanted: tuple[str, ...]) -> None:
    prop = etree.SubElement(root, f"{{{DAV}}}prop")
    _names(prop, ((DAV, "getetag"),))
    data = etree.SubElement(prop, f"{{{CARD}}}address-data")
    for name in wanted:
        etree.SubElement(data, f"{{{CARD}}}prop", name=name)


def _names(prop: etree._Element, names: tuple[tuple[str, str], ...]) -> None:
    for namespace, name in names:
        etree.SubElement(prop, f"{{{namespace}}}{name}")


def _element(namespace: str, name: str) -> etree._Element:
    return etree.Element(f"{{{namespace}}}{name}", nsmap={"d": DAV, "c": CARD})


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _parse(body: bytes) -> etree._Element:
    try:
        root = parse(body)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotDav("not XML") from error
    if has_doctype(root):
        raise NotDav("a DOCTYPE")
    return root


def _resource(response: etree._Element) -> Resource:
    href = (response.findtext(f"{{{DAV}}}href") or "").strip()
    status = response.findtext(f"{{{DAV}}}status") or ""
    found: dict[str, etree._Element] = {}
    for propstat in response.iterchildren(f"{{{DAV}}}propstat"):
        if _OK in (propstat.findtext(f"{{{DAV}}}status") or ""):
            found |= {str(prop.tag): prop for prop in _properties(propstat)}
    return Resource(href, found, _NO_ROOM in status, " 404" in status)


def _properties(propstat: etree._Element) -> Iterator[etree._Element]:
    prop = propstat.find(f"{{{DAV}}}prop")
    if prop is not None:
        yield from prop
