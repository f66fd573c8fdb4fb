"""How the phonebook stands, for the windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.errors import PhoneError
from desk_phone.model.company import Stranger
from desk_phone.model.verdict import Suspicion, Trust


class Kept(StrEnum):
    """What became of an act on an entry."""

    KEPT = "kept"  # durable; the service hears of it in the next sync
    CONFLICT = "conflict"  # somebody changed the entry meanwhile: it lies in the conflict list
    FAILED = "failed"  # `Contacts.failed` said why


@dataclass(frozen=True, slots=True)
class PhonebookState:
    """``stranger`` is set where the copy is another company's than the account: nothing is asked or
    sent before the person answers.

    ``updated``: when the last list came that could be believed. ``trouble``: why the last sync
    failed. ``locked``: nothing is asked before a person gives a password; then ``trouble`` is the
    service's refusal, or None where nobody gave one yet. ``trust``: the verdict on the last list;
    ``suspicion`` (whose ``missing`` are gone, and who `asks`) only of a suspicious one. ``waiting``
    entries go by themselves; ``held`` and ``conflicts`` wait for the person. ``unlocked``: the
    person may edit. ``can_undo``: there is an act to undo."""

    busy: bool = False
    updated: datetime | None = None
    next_try: datetime | None = None
    trouble: PhoneError | None = None
    locked: bool = False
    trust: Trust = Trust.TRUSTED
    suspicion: Suspicion | None = None
    waiting: int = 0
    held: int = 0
    conflicts: int = 0
    unlocked: bool = False
    can_undo: bool = False
    stranger: Stranger | None = None
