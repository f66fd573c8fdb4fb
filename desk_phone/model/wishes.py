"""What a person may do with an entry, as functions of what we know of it.

Each act that allows an AddEntry allows one: it sets ``may_add``, and noting the sending takes it
back.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.entries import (
    Contact,
    Content,
    GoneHow,
    Hold,
    Kind,
    listed_number,
    respelled,
    same,
)
from desk_phone.model.merge import APART
from desk_phone.model.names import Problem, odd_letters, problems
from desk_phone.model.text import AT_MOST


class Decision(StrEnum):
    """What becomes of a conflict. Edit is MINE with another text."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


def checked(content: Content) -> Content:
    """``content`` as a list will show it once it was sent; raises BadInput for what cannot be.

    The name must be in the wire's letters already (`names.wire_name` proposes them).
    """
    name = unicodedata.normalize("NFC", content.name)
    if found := problems(name):
        raise BadInput(tr("This name cannot be sent"), _why(found, name))
    numbers = dict.fromkeys(
        listed_number(key.strip()) for key in (content.number1, content.number2) if key.strip()
    )
    if not numbers:
        raise BadInput(tr("There is no number"), tr("An entry needs one number, or two."))
    if not all(key.isascii() and key.isprintable() for key in numbers):
        raise BadInput(tr("This number cannot be sent"), tr("Type it anew, with plain digits."))
    return Content(name, *numbers)


def added(content: Content) -> Contact:
    """A new entry."""
    return Contact(0, want=content, may_add=True)


def edited(contact: Contact, content: Content) -> Contact:
    """The entry shall say this. A text the service refused may be sent anew."""
    agreed = contact.flight is None and same(content, contact.base)
    contact = replace(contact, want=None if agreed else content, want_deleted=False)
    if contact.hold in (Hold.REFUSED, Hold.ALREADY_THERE):
        return tried_again(contact)
    return contact


def deleted(contact: Contact) -> Contact:
    """The entry shall go, as it is now."""
    hold = contact.hold if contact.hold is Hold.GONE else Hold.NONE
    return replace(contact, want_deleted=True, may_add=False, hold=hold, words="")


def restored(contact: Contact) -> Contact:
    """Not deleted after all, or out of the trash: then it is added, unless the next list has it."""
    if contact.gone_at is not None:
        back = replace(contact, gone_at=None, gone_how=GoneHow.NONE)
        return put_back(back, missing_since=contact.gone_at - APART)  # the trash is proof enough
    leaving = contact.flight is not None and contact.flight.kind is Kind.DELETE
    unsent = not contact.server_id and contact.flight is None
    missing = contact.missing_since is not None
    return replace(contact, want_deleted=False, may_add=leaving or unsent or missing)


def tried_again(contact: Contact) -> Contact:
    """Send it once more; an add is looked for first."""
    may_add = contact.may_add or not contact.server_id
    return replace(contact, hold=Hold.NONE, words="", may_add=may_add)


def put_back(contact: Contact, missing_since: datetime) -> Contact:
    """It vanished and shall be added again, unless the next list has it."""
    since = missing_since if contact.server_id else None
    return replace(contact, may_add=True, missing_since=since)


def parted(contact: Contact) -> Contact:
    """Another entry has its id at the service by now."""
    want = None if contact.shown is None else respelled(contact.shown)
    return replace(contact, server_id="", base=None, want=want, missing_since=None)


def given_up(contact: Contact, now: datetime) -> Contact:
    """What a person wanted and did not get is wanted no more."""
    if not contact.server_id:
        return replace(
            contact,
            want_deleted=False,
            may_add=False,
            flight=None,
            hold=Hold.NONE,
            words="",
            gone_at=now,
            gone_how=GoneHow.DISCARDED,
        )
    hold = contact.hold if contact.hold is Hold.GONE else Hold.NONE
    return replace(contact, want=None, want_deleted=False, hold=hold, words="")


def _why(found: tuple[Problem, ...], name: str) -> str:
    if Problem.EMPTY in found:
        return tr("An entry needs a name.")
    if Problem.LETTERS in found:
        return tr("The phones take plain Latin letters, signs, and õ ä ö ü, but not: %(odd)s") % {
            "odd": odd_letters(name)
        }
    if Problem.TOO_LONG in found:
        return tr("At most %(most)d letters.") % {"most": AT_MOST}
    return tr("No spaces at its ends, nor two together.")
