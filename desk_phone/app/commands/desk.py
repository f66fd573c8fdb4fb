"""What a command finds on the desk of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from desk_phone.app.access import Access
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.kept_settings import Locked, check_locked
from desk_phone.app.notices_activation import Activation
from desk_phone.app.phonebook import Phonebook
from desk_phone.app.poll import Looked
from desk_phone.app.relay_acts import Enrolment
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Change
from desk_phone.model.diagnostics import Part
from desk_phone.model.numbers import from_service
from desk_phone.model.reading import of_key, read
from desk_phone.options import Options
from desk_phone.settings import NO_PRESET, Preset, Settings
from desk_phone.store.calls import CallLedger
from desk_phone.system.secrets import Keyring


class ChangeSettings(Protocol):
    def __call__(self, **fields: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The data of one person and the way to the company, owned by the thread that runs acts.

    ``told`` hears what a command changed in the ledger; ``change`` keeps settings; ``root`` is the
    data directory; ``keyring`` has what is no password of the service's (None: nothing).
    ``elsewhere``: others' contacts, ``notices``: what the service tells by itself, ``enrolment``:
    joining the company's relay (None: there are none here). ``live``: what the running program
    says of itself in a report. ``preset``: what an administrator set for everybody.
    """

    access: Access
    ledger: CallLedger
    looked: Looked
    phonebook: Phonebook
    settings: Callable[[], Settings]
    change: ChangeSettings
    now: Callable[[], datetime]
    told: Callable[[tuple[Change, ...]], None] = lambda _: None
    root: Path | None = None
    keyring: Keyring | None = None
    elsewhere: Elsewhere | None = None
    notices: Activation | None = None
    enrolment: Enrolment | None = None
    live: Callable[[], tuple[Part, ...]] = tuple
    preset: Preset = NO_PRESET

    @property
    def own(self) -> str:
        """The own line, canonical; raises BadInput when none is chosen."""
        own = self.settings().own_number
        if not own:
            raise BadInput(
                tr("Your line is not chosen yet"),
                tr("Give it with --own NUMBER, or choose it once in the settings."),
            )
        return own

    def keep(self, **fields: object) -> None:
        """As ``change``, but raises `Locked` also where the windows only tell so."""
        self.change(**fields)
        if any(getattr(self.settings(), name) != value for name, value in fields.items()):
            raise Locked

    def at_line(self, options: Options) -> Desk:
        """The same desk, for one command at the line that ``--own`` names. Raises `Locked`."""
        if not options.own:
            return self
        own = own_of(options.own)
        check_locked({"own_number": own}, self.preset)
        return replace(self, settings=lambda: replace(self.settings(), own_number=own))


def own_of(text: str) -> str:
    """The canonical number that ``--own`` means, in no plan perhaps; raises BadInput."""
    key = read(text).key or of_key(from_service(text)).key
    if not key:
        raise BadInput(
            tr("%(text)s is no phone number") % {"text": text[:40]},
            tr("Give one of the company's numbers, such as 640 1234."),
        )
    return key
