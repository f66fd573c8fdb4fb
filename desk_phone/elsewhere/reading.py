"""Reads a source of any kind, and says whether an address can be one at all."""

from __future__ import annotations

from pathlib import Path

from desk_phone.elsewhere.carddav import read_book
from desk_phone.elsewhere.directory import read_directory
from desk_phone.elsewhere.fetch import Web, address_in
from desk_phone.elsewhere.files import read_file
from desk_phone.elsewhere.ldap_address import directory_of
from desk_phone.elsewhere.pages import read_page
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import Listing, Source, SourceKind
from desk_phone.model.secret import Secret

_ADDRESS_AT_MOST = 2000  # characters


def read_source(source: Source, secret: Secret, mark: str, proxy: str) -> Listing | None:
    """All of its people, or None: nothing changed since it got this ``mark``.

    For a worker: it may take a minute. Raises PhoneError, BadCredentials where the password is
    refused.
    """
    match source.kind:
        case SourceKind.FILE:
            return read_file(source.address, mark)
        case SourceKind.WEB:
            return read_page(Web(source.user, secret, proxy), source.address, mark)
        case SourceKind.CARDDAV:
            return read_book(Web(source.user, secret, proxy), source.address, mark)
        case SourceKind.LDAP:
            return read_directory(source.address, source.user, secret)


def checked_address(kind: SourceKind, text: str) -> str:
    """The address as it is kept; raises BadInput for one that can be none of this kind."""
    address = text.strip()
    if not address or len(address) > _ADDRESS_AT_MOST or not address.isprintable():
        raise BadInput(tr("The address is missing or too long"), tr("Give it anew."))
    match kind:
        case SourceKind.FILE:
            return str(Path(address).expanduser().absolute())
        case SourceKind.LDAP:
            directory_of(address)
        case SourceKind.WEB | SourceKind.CARDDAV:
            address_in(address)
    return address


def usual_label(kind: SourceKind, address: str) -> str:
    """What a source is called when nobody says otherwise: its file's name, or its host."""
    match kind:
        case SourceKind.FILE:
            return Path(address).stem
        case SourceKind.LDAP:
            return directory_of(address).address.host
        case SourceKind.WEB | SourceKind.CARDDAV:
            return address_in(address).host
