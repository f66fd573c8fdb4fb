"""What the service was told to call, and telling it. Free of Qt.

Nobody can ask the service which address it has for a number: what we told it is written down here,
before it is told, so that it can be switched off again whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from desk_phone import logs
from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName
from desk_phone.app.notices_address import public_problem, with_secret
from desk_phone.app.notices_state import Active, NoticesState
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.memory import Memory

_SECRET, _ACTIVE, _HEARD = "notices secret", "notices active", "notices heard"
_WAITS = "notices wait to be told"
_SECRET_BYTES = 32
_WRITE_DOWN_EVERY = timedelta(hours=1)


class Activation:
    """For the thread that owns the data. ``settings`` and ``now`` are asked each time."""

    def __init__(
        self,
        memory: Memory,
        access: Access,
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
    ) -> None:
        self._memory, self._access = memory, access
        self._settings, self._now = settings, now
        self._secret = Secret("")
        self._state: Callable[[], NoticesState] | None = None
        self._changed: Callable[[], object] = lambda: None

    # what is so

    @property
    def secret(self) -> Secret:
        """256 bits that only the service is told; made when it is first asked for.

        Raises BadInput where it cannot be written down.
        """
        if not self._secret:
            kept = self._memory.get(_SECRET) or self._make_secret()
            logs.hide(kept)
            self._secret = Secret(kept)
        return self._secret

    @property
    def target(self) -> str:
        """What the service is to call now, with the secret; empty where no address is set."""
        url = self._settings().notices_url
        return with_secret(url, self.secret) if url else ""

    @property
    def active(self) -> tuple[Active, ...]:
        """The numbers that the service was told to call us about."""
        lines = self._memory.get(_ACTIVE).splitlines()
        return tuple(map(_read, lines))

    @property
    def numbers(self) -> frozenset[str]:
        """Whose notices are believed: those, and the own line."""
        own = self._settings().own_number
        return frozenset((*(active.own for active in self.active), *((own,) if own else ())))

    @property
    def in_force(self) -> bool:
        """Whether the service was told the present address for the own line."""
        own, target = self._settings().own_number, self.target
        return any(a.own == own and a.url == target and a.sure for a in self.active)

    @property
    def since(self) -> datetime | None:
        """When the service was told last; None where it knows nothing of us."""
        return max((active.at for active in self.active), default=None)

    @property
    def outdated(self) -> bool:
        """Whether the service calls an address that is not ours any more, or may."""
        target = self.target
        return any(active.url != target or not active.sure for active in self.active)

    @property
    def waiting(self) -> bool:
        """Whether a person said that the service is to be told, who could not be asked then."""
        own, _, url = self._memory.get(_WAITS).partition(" ")
        return bool(own) and self._settings().notices_on and url == self.target

    @property
    def heard(self) -> datetime | None:
        """When a notice came last since the service was told; to the hour."""
        kept = self._memory.get(_HEARD)
        return datetime.fromisoformat(kept) if kept else None

    @property
    def state(self) -> NoticesState:
        """As whoever listens sees it; where nobody does, what is set."""
        if self._state is not None:
            return self._state()
        on = self._settings().notices_on
        known = (self.target, self.active, self.outdated)
        return NoticesState(on, "", *known, waiting=self.waiting)

    # what happens

    def watch(self, state: Callable[[], NoticesState], changed: Callable[[], object]) -> None:
        """For whoever listens: ``state`` is how it stands as they see it, ``changed`` is called
        when numbers, address or secret are others."""
        self._state, self._changed = state, changed

    def note_heard(self) -> None:
        """A notice came."""
        now, before = self._now(), self.heard
        if before is None or now - before >= _WRITE_DOWN_EVERY:
            with suppress(BadInput):  # no room: only the pace of looking depends on it
                self._memory.put(_HEARD, now.isoformat())

    def renew_secret(self) -> None:
        """Make another one: what the service calls until it is told anew is refused from now on."""
        self._memory.forget(_SECRET)
        self._secret = Secret("")
        self._changed()

    def activate(self, own: str) -> Act[None]:
        """Tell the service to call us about ``own``, instead of whatever it was told before.

        Only after a person said so: the address of the company's CRM may be lost. May be repeated.
        Raises PhoneError; after Uncertain it may be in force, after Offline and BadCredentials it
        is `waiting`.
        """
        url = self.target
        if not url or public_problem(url.removesuffix(f"/{self.secret.reveal()}")):
            raise no_address()
        before = self.active
        self._memory.put(_WAITS, f"{own} {url}")
        self._keep(Active(own, url, self._now(), sure=False))
        try:
            yield from self._access.ask(
                LaneName.UPKEEP, lambda telco: telco.activate_notices(own, url)
            )
        except PhoneError as error:
            if not isinstance(error, Offline | BadCredentials):
                self._memory.forget(_WAITS)
            if not isinstance(error, Uncertain):
                self._put_back(own, before)
            raise
        self._keep(Active(own, url, self._now()))
        for known in (_HEARD, _WAITS):
            self._memory.forget(known)

    def activate_waiting(self) -> Act[None]:
        """Tell the service what it could not be told when a person said so; as `activate`."""
        own, _, _ = self._memory.get(_WAITS).partition(" ")
        yield from self.activate(own)

    def deactivate(self, own: str) -> Act[None]:
        """Tell the service to call nobody about ``own``. Raises PhoneError; may be repeated."""
        yield from self._access.ask(LaneName.UPKEEP, lambda telco: telco.deactivate_notices(own))
        self._put_back(own, ())

    def deactivate_all(self) -> Act[None]:
        """Of every number that we told it about and did not take back."""
        self._memory.forget(_WAITS)
        for active in self.active:
            yield from self.deactivate(active.own)

    def _keep(self, told: Active) -> None:
        self._write((*(a for a in self.active if a.own != told.own), told))

    def _put_back(self, own: str, before: tuple[Active, ...]) -> None:
        others = (active for active in self.active if active.own != own)
        self._write((*others, *(active for active in before if active.own == own)))

    def _write(self, all_: tuple[Active, ...]) -> None:
        self._memory.put(_ACTIVE, "\n".join(map(_written, all_)))
        self._changed()

    def _make_secret(self) -> str:
        import secrets  # milliseconds at each start, for what is made once

        made = secrets.token_urlsafe(_SECRET_BYTES)
        self._memory.put(_SECRET, made)
        return made


def no_address() -> BadInput:
    return BadInput(
        tr("The service needs an address that it can call"),
        tr("Enter the public one that leads to this computer, without the secret."),
    )


def _written(active: Active) -> str:
    return f"{active.own} {active.url} {active.at.isoformat()} {'yes' if active.sure else 'no'}"


def _read(line: str) -> Active:
    own, url, at, sure = line.split(" ")
    return Active(own, url, datetime.fromisoformat(at), sure == "yes")
