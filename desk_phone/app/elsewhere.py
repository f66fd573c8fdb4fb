"""Others' contacts: sources come, are read again, and go. Free of Qt: for windows and commands.

Nothing here writes to a source, nor to the company's phonebook.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.errors import BadCredentials, BadInput, PhoneError, Refused
from desk_phone.i18n import ntr, tr
from desk_phone.model.calls import Change
from desk_phone.model.elsewhere import Listing, Source, SourceKind, SourceState
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.system.secrets import Keyring, NoKeyring

Read = Callable[[Source, Secret, str, str], Listing | None]  # (source, password, mark, proxy)

_LANE = LaneName.FILES  # a share or a server that does not answer must not hold up the poll

_log = logging.getLogger(__name__)


def keyring_item(key: str) -> str:
    """Under which name the password of a source lies in the keyring."""
    return f"contacts {key}"


def new_key() -> str:
    return secrets.token_hex(16)


def read_source(source: Source, secret: Secret, mark: str, proxy: str) -> Listing | None:
    from desk_phone.elsewhere.reading import read_source  # long to import: in the lane

    return read_source(source, secret, mark, proxy)


class Elsewhere:
    """For the thread that owns the data. ``told`` hears which sources' people changed, and which
    calls are called otherwise by now; ``moved`` which source was added, looked at or removed. There
    is one listener."""

    def __init__(
        self,
        sources: Sources,
        outsiders: Outsiders,
        ledger: CallLedger,
        keyring: Keyring,
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
        read: Read = read_source,
    ) -> None:
        self._sources, self.outsiders, self._ledger = sources, outsiders, ledger
        self._keyring, self._settings, self._now, self._read = keyring, settings, now, read
        self._given: dict[int, Secret] = {}  # of this run
        self._refused: dict[int, BadCredentials] = {}
        self._busy: set[int] = set()
        self.tried: set[int] = set()  # not read for the first time yet: nobody sees them
        self.told: Callable[[frozenset[int], tuple[Change, ...]], object] = lambda *_: None
        self.moved: Callable[[int], object] = lambda _: None

    # what is so

    def states(self) -> tuple[SourceState, ...]:
        return tuple(s for s in self._sources.states() if s.source.id not in self.tried)

    def state(self, source_id: int) -> SourceState:
        """Raises BadInput where there is none."""
        return self._sources.state(source_id)

    def is_locked(self, source_id: int) -> bool:
        """Its password was refused, and nobody has acted since."""
        return source_id in self._refused

    # what a person does

    def add(
        self,
        kind: SourceKind,
        address: str,
        label: str = "",
        user: str = "",
        secret: Secret | None = None,
        key: str = "",
        tried: bool = False,
    ) -> Act[tuple[Source, PhoneError | None]]:
        """A new source, not read yet; and why its password is kept in memory only, if it is.

        ``key``: the password lies in the keyring already. ``tried``: nobody shall see it before
        it is no more in `tried`. Raises BadInput.
        """
        address, usual = yield from away(LaneName.DIAL, lambda: _checked(kind, address))
        if kind is SourceKind.FILE and user:
            raise BadInput(tr("A file has no user name"), tr("Leave it out."))
        if user and not (secret or key):
            raise BadInput(tr("The password is missing"), tr("Give it with --password-stdin."))
        if key and key in (state.source.key for state in self._sources.states()):
            raise BadInput(tr("This password belongs to another source"), tr("Give it anew."))
        named = clean(label) or usual
        source = self._sources.add(kind, address, named, user.strip(), key or new_key())
        trouble = None
        if tried:
            self.tried.add(source.id)
        if secret and not key:
            trouble = yield from self._keep(source, secret)
        if not tried:
            self.moved(source.id)
        return source, trouble

    def give_password(self, source_id: int, secret: Secret) -> Act[PhoneError | None]:
        """Another one; it is tried with the next reading. As `add`."""
        source = self._sources.state(source_id).source
        self._refused.pop(source_id, None)
        return (yield from self._keep(source, secret))

    def call(self, source_id: int, label: str) -> None:
        """What a person calls a source; the calls follow."""
        self._sources.state(source_id)
        if not clean(label):
            raise BadInput(tr("The name is missing"), tr("Nothing was changed."))
        self._sources.call(source_id, clean(label))
        self._tell(source_id)

    def remove(self, source_id: int) -> Act[None]:
        """The source with its people, their names, and its password."""
        source = self._sources.state(source_id).source
        yield from self._alone(source_id)
        try:
            yield from _in_turn(self.outsiders.leaving(source_id))
            self._sources.forget(source_id)
        finally:
            self._busy.discard(source_id)
        self._given.pop(source_id, None)
        self._refused.pop(source_id, None)
        self.moved(source_id)
        yield from self._rename(source_id)
        yield from away(LaneName.DIAL, lambda: self._forget_password(source))

    # reading

    def read(self, source_id: int, asked: bool = False) -> Act[SourceState]:
        """Look whether it changed, and take over what did. Raises PhoneError, which its state
        keeps as its trouble; then all stays as it was.

        ``asked``: by a person, who wants a refused password to be tried again.
        """
        source = self._sources.state(source_id).source
        if asked:
            self._refused.pop(source_id, None)
        if source_id in self._refused:
            raise self._refused[source_id]
        yield from self._alone(source_id)
        try:
            yield from self._read_alone(source)
        except PhoneError as error:
            self._failed(source_id, error)
            raise
        finally:
            self._busy.discard(source_id)
            self.moved(source_id)
        return self._sources.state(source_id)

    def _read_alone(self, source: Source) -> Act[None]:
        known, proxy = self._sources.known(source.id), self._settings().proxy
        secret = yield from self._password(source)

        def work() -> tuple[Listing, str] | None:
            listing = self._read(source, secret, known.mark, proxy)
            return None if listing is None else (listing, listing.digest)

        found = yield from away(_LANE, work)
        if found is None:
            self._sources.unchanged(source.id, self._now())
            return
        listing, digest = found
        if self._sources.doubt(source.id, listing, digest, self._now()):
            raise _too_few(known.entries, len(listing.people))
        changed = digest != known.digest
        if changed:
            yield from _in_turn(self.outsiders.replacing(source.id, listing.people))
        self._sources.finished(source.id, listing, digest, self._now())
        if changed:
            yield from self._rename(source.id)

    def _failed(self, source_id: int, error: PhoneError) -> None:
        if isinstance(error, BadCredentials):
            self._refused[source_id] = error
        _log.info("source %d: %s", source_id, type(error).__name__)
        try:
            self._sources.failed(source_id, str(error))
        except BadInput as full:
            _log.warning("%s", full)

    def _rename(self, source_id: int) -> Act[None]:
        """Let the calls be called what the sources say by now."""
        there_is_room = self._tell(source_id)
        while there_is_room and self._ledger.names_due:
            yield from away(_LANE, _nothing)
            there_is_room = self._tell()

    def _tell(self, *source_ids: int) -> bool:
        """Whether there is room to write names; else they wait."""
        changes: tuple[Change, ...] = ()
        there_is_room = True
        try:
            changes = self._ledger.rename()
        except BadInput as full:
            there_is_room = False
            _log.warning("%s", full)
        self.told(frozenset(source_ids) - self.tried, changes)
        return there_is_room

    def _alone(self, source_id: int) -> Act[None]:
        """After whatever is done to that source now; it waits in the same lane."""
        while source_id in self._busy:
            yield from away(_LANE, _nothing)
        self._sources.state(source_id)  # it may have been removed
        self._busy.add(source_id)

    # passwords

    def _password(self, source: Source) -> Act[Secret]:
        if not source.user:
            return Secret("")
        if source.id not in self._given:
            found = yield from away(_LANE, lambda: self._keyring.read(keyring_item(source.key)))
            if not found:
                raise BadCredentials(
                    tr("The password of this source is not there"), tr("Give it anew.")
                )
            self._given[source.id] = found
        return self._given[source.id]

    def _keep(self, source: Source, secret: Secret) -> Act[PhoneError | None]:
        self._given[source.id] = secret
        item = keyring_item(source.key)
        try:
            yield from away(LaneName.DIAL, lambda: self._keyring.keep(item, secret))
        except PhoneError as trouble:
            return trouble
        return None

    def _forget_password(self, source: Source) -> None:
        if not source.user:
            return
        try:
            self._keyring.forget(keyring_item(source.key))
        except NoKeyring:
            return


def _checked(kind: SourceKind, text: str) -> tuple[str, str]:
    """The address as it is kept, and what its source is called when nobody says otherwise."""
    from desk_phone.elsewhere.reading import checked_address, usual_label

    address = checked_address(kind, text)
    return address, clean(usual_label(kind, address)) or str(kind)


def _in_turn(slices: Iterator[None]) -> Act[None]:
    """One after the other, with others' turns in between."""
    for _ in slices:
        yield from away(_LANE, _nothing)


def _nothing() -> None:
    """On a lane: others' turn."""


def _too_few(before: int, now: int) -> Refused:
    if not now:
        return Refused(
            tr("The list is empty now"),
            ntr(
                "The %(n)d person it had is kept. Remove the source if that is right.",
                "The %(n)d people it had are kept. Remove the source if that is right.",
                before,
            ),
        )
    return Refused(
        tr("The list shrank from %(before)d to %(now)d people") % {"before": before, "now": now},
        tr("All are kept; if it stays so for a day it is believed."),
    )
