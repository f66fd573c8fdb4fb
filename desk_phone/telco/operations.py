"""The ten operations, by the service's own names (only AddEntry begins with a capital)."""

from __future__ import annotations

from enum import StrEnum

from desk_phone.i18n import tr


class Operation(StrEnum):
    CALL = "clickToCall"
    ACTIVATE_NOTICES = "activateNotification"
    DEACTIVATE_NOTICES = "deactivateNotification"
    NUMBERS = "listOwnNumbers"
    NAME_LINE = "updateCallingLineNameIdentity"
    HISTORY = "getCallHistory"
    ADD_ENTRY = "AddEntry"
    UPDATE_ENTRY = "updateEntry"
    DELETE_ENTRY = "deleteEntry"
    ENTRIES = "listPhoneBookEntries"


_READS = (Operation.NUMBERS, Operation.HISTORY, Operation.ENTRIES)


def when_in_doubt(operation: Operation) -> str:
    """What a person should know when nobody can say whether it was done; empty for reading."""
    if operation in _READS:
        return ""
    if operation is Operation.CALL:
        return tr("Your phone may ring: look before you call again.")
    if operation is Operation.ADD_ENTRY:
        return tr("The entry may have been added: look before you add it again.")
    return tr("It may have been done; doing it again does no harm.")
