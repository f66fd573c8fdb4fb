"""What is said of sources of others' contacts. Pure."""

from __future__ import annotations

from datetime import datetime

from desk_phone.i18n import ntr, tr
from desk_phone.model.elsewhere import SourceKind, SourceState
from desk_phone.ui import words
from desk_phone.ui.listing import Line

_LABEL_AT_MOST = 60
_ICONS = {
    SourceKind.FILE: "users",
    SourceKind.WEB: "external-link",
    SourceKind.CARDDAV: "book-user",
    SourceKind.LDAP: "building-2",
}


def kind(of: SourceKind) -> str:
    return {
        SourceKind.FILE: tr("File"),
        SourceKind.WEB: tr("Web address"),
        SourceKind.CARDDAV: tr("Address book"),
        SourceKind.LDAP: tr("Directory"),
    }[of]


def kind_in_full(of: SourceKind) -> str:
    return {
        SourceKind.FILE: tr("A file on this computer or a share (CSV, vCard)"),
        SourceKind.WEB: tr("A web address that gives such a file"),
        SourceKind.CARDDAV: tr("An address book in the net (CardDAV)"),
        SourceKind.LDAP: tr("A directory (LDAP, Active Directory)"),
    }[of]


def example(of: SourceKind) -> str:
    """Of an address."""
    return {
        SourceKind.FILE: "contacts.csv",
        SourceKind.WEB: "https://intranet.example/phones.csv",
        SourceKind.CARDDAV: "https://cloud.example/",
        SourceKind.LDAP: "ldaps://dc.example/ou=people,dc=example,dc=ee",
    }[of]


def label(state: SourceState) -> str:
    return words.plain(state.source.label, _LABEL_AT_MOST)


def people(count: int) -> str:
    return ntr("%(n)d person", "%(n)d people", count)


def line(state: SourceState, reading: bool, now: datetime) -> Line:
    source = state.source
    bad = bool(state.trouble) and not reading
    known = people(state.entries) if state.read_at is not None else ""
    return Line(
        source.id,
        (label(state), known, _how(state, reading, now)),
        "circle-alert" if bad else _ICONS[source.kind],
        "bad" if bad else "muted",
    )


def detail(state: SourceState, next_look: datetime | None, now: datetime) -> str:
    """What the line has no room for: the address, when it was read, what was left out."""
    source = state.source
    said = [kind(source.kind), words.plain(source.address, 200)]
    if source.user:
        said.append(tr("as %(user)s") % {"user": words.plain(source.user, 80)})
    if state.read_at is not None:
        said.append(tr("read %(when)s") % {"when": words.moment(state.read_at, now)})
    if state.left_out:
        left = ntr("%(n)d left out: no number", "%(n)d left out: no number", state.left_out)
        said.append(left)
    if next_look is not None:
        said.append(tr("next look %(when)s") % {"when": words.moment(next_look, now)})
    return " · ".join(said)


def trouble(state: SourceState, locked: bool) -> str:
    """Why it could not be read, and what becomes of its people; empty where it could."""
    if not state.trouble:
        return ""
    said = [". ".join(words.plain(line, 300).rstrip(".") for line in state.trouble.splitlines())]
    if state.entries:
        kept = tr("The people it had (%(people)s) are still known.")
        said.append(kept % {"people": people(state.entries)})
    if locked:
        said.append(tr("It is not asked again until you give the password anew."))
    first, *rest = said
    return " ".join((first + ".", *rest))


def _how(state: SourceState, reading: bool, now: datetime) -> str:
    if reading:
        return tr("reading...")
    if state.trouble:
        return words.plain(state.trouble.splitlines()[0], 80)
    if state.read_at is None:
        return tr("not read yet")
    return words.moment(state.read_at, now)
