"""Joining the company's relay with a code that works once, and leaving it. Free of Qt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol, cast

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.kept_settings import Locked
from desk_phone.errors import BadInput, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.system.secrets import Keyring, KeyringTrouble, NoKeyring
from desk_phone.telco.enrolled import Enrolled
from desk_phone.telco.service import Telco

_TRIAL = "relay trial"
_CODE_AT_MOST = 200  # letters


def ask_relay(url: str, code: Secret, proxy: str) -> Enrolled:
    """As `telco.enrolling.enrol`."""
    from desk_phone.telco.enrolling import enrol  # with what speaks HTTP: once in a computer's life

    return enrol(url, code, proxy)


class KnowsItsLines(Protocol):
    """What the company's gateway can beside all that the company itself can."""

    def lines(self) -> tuple[str, ...]:
        """The numbers that this computer may use; raises PhoneError."""


class ChangeSettings(Protocol):
    def __call__(self, **fields: object) -> object: ...


class Enrolment:
    """For the thread that owns the data. ``ask`` hands a code to the relay at an address, by way
    of a proxy; ``settings`` is asked each time, ``change`` keeps settings."""

    def __init__(
        self,
        access: Access,
        keyring: Keyring,
        settings: Callable[[], Settings],
        change: ChangeSettings,
        ask: Callable[[str, Secret, str], Enrolled] = ask_relay,
    ) -> None:
        self._access, self._keyring = access, keyring
        self._settings, self._change, self._ask = settings, change, ask
        self._unkept: Enrolled | None = None

    def enrol(self, url: str, code: Secret) -> Act[Enrolled]:
        """Spend the code, and reach the company through the relay from now on.

        Raises PhoneError: BadInput before the code was used, Uncertain where nobody can tell. What
        the relay gave holds for this run even where the keyring cannot keep it after all:
        `Access.keeping_trouble` says so, and `keep_again` tries once more.
        """
        url, code = _address(url), _code(code)
        self._keep_address(url)
        yield from self._try_keyring()
        proxy = self._settings().proxy
        try:
            given = yield from away(LaneName.DIAL, lambda: self._ask(url, code, proxy))
        except Uncertain as doubt:
            raise _perhaps_used() from doubt
        before, user = self._settings().relay_device, self._settings().user
        trouble: PhoneError | None = None
        try:
            yield from self._keep(given)
        except PhoneError as error:
            trouble = error
        self._unkept = given if trouble is not None else None
        self._access.take_token(given.device, given.token, trouble)
        self._take_over(given)
        with suppress(PhoneError):
            if before not in ("", given.device):
                yield from self._forget(before)
            if trouble is None:  # the company's password has no business here any more
                yield from away(LaneName.DIAL, partial(self._keyring.forget, user))
        return given

    def keep_again(self) -> Act[None]:
        """Put into the keyring what it could not keep before; raises KeyringTrouble."""
        if self._unkept is None:
            return
        given = self._unkept
        yield from self._keep(given)
        self._access.take_token(given.device, given.token, None)
        self._unkept = None

    def refresh(self) -> Act[None]:
        """Which numbers are this computer's by now; raises PhoneError."""
        found = yield from self._access.ask(LaneName.UPKEEP, _lines)
        if found and self._settings().relayed:
            self._put(relay_numbers=" ".join(found))

    def leave(self) -> Act[None]:
        """Forget the token and the broker's password: the company is reached with its own password
        again, once somebody enters it. The relay's administrator takes the computer off the list
        there. Raises PhoneError, and then nothing changed."""
        device = self._settings().relay_device
        with suppress(NoKeyring):
            yield from self._forget(device)
        yield from self._access.forget()
        self._unkept = None
        self._change(relay_device="", relay_broker="", relay_numbers="")

    # inside

    def _keep_address(self, url: str) -> None:
        """Raises BadInput before the code is used: an administrator chose another one, the disk is
        full, or this computer is still enrolled elsewhere, and its token is not for that one."""
        settings = self._settings()
        if settings.relay_url == url:
            return
        if settings.relayed:
            raise BadInput(
                tr("This computer is enrolled at another relay"), tr("Leave that one first.")
            )
        self._change(relay_url=url)
        if self._settings().relay_url != url:
            raise Locked

    def _try_keyring(self) -> Act[None]:
        """Raises BadInput: without a place to keep the token the code would be lost."""
        import secrets  # as `ask_relay`

        trial = Secret(secrets.token_urlsafe(24))
        try:
            yield from away(LaneName.DIAL, lambda: self._keyring.keep(_TRIAL, trial))
            yield from away(LaneName.DIAL, lambda: self._keyring.forget(_TRIAL))
        except NoKeyring:
            raise BadInput(
                tr("The code was not used: this computer has no keyring"),
                tr("What comes for the code must be kept there. GNOME Keyring or KWallet would."),
            ) from None
        except KeyringTrouble as trouble:
            raise BadInput(
                tr("The code was not used: the keyring does not keep anything now"),
                f"{trouble.title}. {trouble.message}",
            ) from trouble

    def _keep(self, given: Enrolled) -> Act[None]:
        """Raises PhoneError."""
        items = ((given.device, given.token), (broker_item(given.device), given.broker_password))
        for name, secret in items:
            yield from away(LaneName.DIAL, partial(self._keyring.keep, name, secret))

    def _forget(self, device: str) -> Act[None]:
        """Raises KeyringTrouble."""
        for name in (broker_item(device), device):
            yield from away(LaneName.DIAL, partial(self._keyring.forget, name))

    def _take_over(self, given: Enrolled) -> None:
        settings = self._settings()
        own = settings.own_number
        if own not in given.numbers:
            own = given.numbers[0] if len(given.numbers) == 1 else ""
        wished: dict[str, object] = {
            "relay_device": given.device,
            "relay_broker": str(given.broker),
            "relay_numbers": " ".join(given.numbers),
            "own_number": own,
        }
        company: dict[str, object] = {"user": given.user, "service_url": given.service_url}
        with suppress(Locked):
            self._put(**wished, **company)
        if self._settings().relay_device != given.device:  # the company is fixed for everybody
            self._put(**wished)

    def _put(self, **fields: object) -> None:
        now = self._settings()
        self._change(**{name: to for name, to in fields.items() if getattr(now, name) != to})


def _lines(telco: Telco) -> tuple[str, ...]:
    return cast("KnowsItsLines", telco).lines()


def broker_item(device: str) -> str:
    """Under which the broker's password lies in the keyring."""
    return f"{device} broker"


def _address(url: str) -> str:
    """Raises BadInput for anything but ``https://`` (or ``http://`` to this very computer)."""
    from desk_phone.web.connecting import address_of  # as `ask_relay`

    trimmed = url.strip().rstrip("/")
    try:
        address_of(trimmed)
    except BadInput:
        raise BadInput(
            tr("The relay's address cannot be used"),
            tr("It looks like https://relay.company.example: your administrator knows it."),
        ) from None
    return trimmed


def _code(code: Secret) -> Secret:
    given = "".join(code.reveal().split())
    if not given or len(given) > _CODE_AT_MOST or not given.isprintable():
        raise BadInput(
            tr("The code is missing"), tr("Enter the one that your administrator gave you.")
        )
    return Secret(given)


def _perhaps_used() -> Uncertain:
    return Uncertain(
        tr("No answer came: the code may be used up"),
        tr("Try it once more. If the relay does not know it any more, ask for a new one."),
    )
