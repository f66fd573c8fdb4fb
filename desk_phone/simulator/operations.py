"""The ten operations as the service's text has them: where each lives and what it must be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NAMESPACE = "http://teenused.telia.ee/external/"
ANY_WRAPPER = "*"


class Place(StrEnum):
    """The two services; a place's path and namespace end the same way."""

    SERVICES = "services"
    PHONEBOOK = "phonebook"

    @property
    def path(self) -> str:
        return f"/external/{self}/index.php"

    @property
    def namespace(self) -> str:
        return f"{NAMESPACE}{self}/"


class Operation(StrEnum):
    CALL = "clickToCall"
    ACTIVATE = "activateNotification"
    DEACTIVATE = "deactivateNotification"
    NUMBERS = "listOwnNumbers"
    NAME_LINE = "updateCallingLineNameIdentity"
    HISTORY = "getCallHistory"
    ADD_ENTRY = "AddEntry"
    UPDATE_ENTRY = "updateEntry"
    DELETE_ENTRY = "deleteEntry"
    ENTRIES = "listPhoneBookEntries"


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an operation lives and what it wants.

    ``wrapper`` is the element around the members (empty: there are none). ``filled`` members must
    have text; ``present`` ones must be there and may be empty.
    """

    place: Place
    wrapper: str = ""
    filled: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


_ENTRY = "PhoneBookEntry"

SHAPES: Mapping[Operation, Shape] = {
    Operation.CALL: Shape(Place.SERVICES, "clickToCall", ("Anumber", "Bnumber")),
    Operation.ACTIVATE: Shape(Place.SERVICES, "activate", ("Anumber", "TargetURL")),
    Operation.DEACTIVATE: Shape(Place.SERVICES, "Anumber", ("Anumber",)),
    Operation.NUMBERS: Shape(Place.SERVICES),
    # Its request is not printed anywhere: nobody knows the wrapper's name.
    Operation.NAME_LINE: Shape(Place.SERVICES, ANY_WRAPPER, ("Anumber", "FirstName", "LastName")),
    Operation.HISTORY: Shape(Place.SERVICES, "Anumber", ("Anumber",)),
    Operation.ADD_ENTRY: Shape(
        Place.PHONEBOOK, _ENTRY, ("DisplayName", "PhoneNumber1"), ("PhoneNumber2",)
    ),
    Operation.UPDATE_ENTRY: Shape(
        Place.PHONEBOOK, _ENTRY, ("DisplayName", "PhoneNumber1", "id"), ("PhoneNumber2",)
    ),
    Operation.DELETE_ENTRY: Shape(Place.PHONEBOOK, _ENTRY, ("id",)),
    Operation.ENTRIES: Shape(Place.PHONEBOOK),
}
