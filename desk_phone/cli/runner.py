"""Runs one command where the data is: here, or in the tray program that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from desk_phone import logs
from desk_phone import settings as settings_file
from desk_phone.app.acts import perform
from desk_phone.app.commands import Desk, run
from desk_phone.app.commands.account import cannot_keep, keep
from desk_phone.app.commands.trouble import no_user, of_trouble
from desk_phone.app.kept_settings import KeptSettings, check_locked, load, load_preset
from desk_phone.app.office import Office, connect, now, open_office, overrides
from desk_phone.app.presets import faults
from desk_phone.app.relay_acts import Enrolment
from desk_phone.cli import phonebook
from desk_phone.cli.terminal import show
from desk_phone.errors import BadCredentials, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths, preset
from desk_phone.said import Said, Status
from desk_phone.settings import BadSettings, Preset, Settings
from desk_phone.store.database import Opened, Recovery
from desk_phone.system.handover import Answer, Request, hand_over, take_or_hand_over
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import NoKeyring, SystemKeyring
from desk_phone.telco.account import Account

PATIENCE = 90.0  # seconds for the tray program to do it; the service has 60
_STATUS_PATIENCE = 10.0


class Runner:
    """``given`` are the words as they were typed; ``password`` is empty unless it was given.

    ``patience``: seconds for whoever holds the data.
    """

    def __init__(
        self,
        options: Options,
        given: Sequence[str],
        place: Paths,
        password: Secret,
        patience: float = PATIENCE,
    ) -> None:
        self._options, self._given = options, tuple(given)
        self._place, self._password = place, password
        self._patience, self._seconds = patience, 0.0
        self._lock = InstanceLock(place.lock)

    def run(self, seconds: float = 0.0, answered: bool = False) -> Said:
        """``seconds``: how long to wait for it at most; 0: the usual time. ``answered``: a person
        said yes to the question of the first time."""
        self._seconds = seconds
        try:
            check_locked(overrides(self._options), load_preset(preset()))
            if self._sets_account:
                return self._set()
            return self._run(answered)
        except PhoneError as error:
            return of_trouble(error)
        finally:
            logs.shut_down()
            self._lock.release()

    @property
    def _sets_account(self) -> bool:
        return (self._options.command, self._options.deed) == ("account", "set")

    def _run(self, answered: bool) -> Said:
        options, words = self._options, self._given
        if answered:
            options, words = replace(options, yes=True, even_costly=True), _with_yes(options, words)
        patience = self._seconds or self._patience
        try:
            answer = take_or_hand_over(self._lock, self._place.endpoint, Request(words), patience)
        except Uncertain as silence:
            answer = self._status(silence)
        return self._run_here(options) if answer is None else _said(answer)

    def _status(self, silence: Uncertain) -> Answer:
        """A sync of the tray program's may take long: what is so by now? Raises ``silence``."""
        options = self._options
        if (options.command, options.deed) != ("phonebook", "sync"):
            raise silence
        json = ("--json",) if options.json else ()
        request = Request(("phonebook", "status", *json))
        answer = hand_over(self._place.endpoint, request, _STATUS_PATIENCE)
        if answer is None:  # it is gone
            raise silence
        return answer

    # here

    def _run_here(self, options: Options) -> Said:
        logs.set_up(self._place.logs, options.verbose)
        logs.hide(self._password.reveal())
        fixed = load_preset(preset())
        written, aside = load(self._place.settings, now(), fixed)
        settings = KeptSettings(written, self._place.settings, overrides(options), fixed)
        if self._password and not settings.current.user:
            raise no_user()
        office = open_office(self._place, lambda: settings.current, SystemKeyring(), self._password)
        try:
            said = self._perform(options, office, settings)
        finally:
            office.close()
        notes = "".join(f"{note}\n" for note in (*_wrong(fixed), *_mended(aside, office.opened)))
        return replace(said, err=notes + said.err)

    def _perform(self, options: Options, office: Office, settings: KeptSettings) -> Said:
        keyring, current = SystemKeyring(), lambda: settings.current
        desk = Desk(
            *(office.access, office.ledger, office.looked, office.phonebook),
            *(current, settings.change, now),
            root=self._place.root,
            elsewhere=office.elsewhere,
            notices=office.notices,
            keyring=keyring,
            enrolment=Enrolment(office.access, keyring, current, settings.change),
            preset=settings.preset,
        )
        try:
            if (options.command, options.deed) == ("notices", "listen"):
                return _listen(desk.at_line(options), office, options.json)
            if self._sets_account:
                return perform(keep(desk, options, self._password))
            act = run(desk, options)
            if self._seconds:
                act = phonebook.within(self._seconds, act, office.phonebook.stop)
            return perform(act)
        except PhoneError as error:
            return of_trouble(error)

    # `account set` beside the tray program

    def _set(self) -> Said:
        """The password goes into the keyring, never through the socket; whoever holds the data is
        asked for leave first and told afterwards."""
        settings = _as_written(self._place)
        user = self._options.user or settings.user
        if not user:
            raise no_user()
        leave = _about(user, "may", self._options)
        answer = take_or_hand_over(self._lock, self._place.endpoint, leave, self._patience)
        if answer is None:
            return self._run_here(self._options)
        if answer.status != Status.DONE:
            return _said(answer)
        service = self._options.service or settings.service_url
        return self._set_beside(Account(user, self._password, service, settings.proxy))

    def _set_beside(self, account: Account) -> Said:
        try:
            connect(account).numbers()
        except BadCredentials:
            with suppress(PhoneError):  # the person needs the first reason more
                told = _about(account.user, "refused", self._options)
                hand_over(self._place.endpoint, told, self._patience)
            raise
        try:
            SystemKeyring().keep(account.user, account.password)
        except NoKeyring:
            raise cannot_keep() from None
        request = _about(account.user, "take", self._options)
        answer = take_or_hand_over(self._lock, self._place.endpoint, request, self._patience)
        if answer is None:  # it is gone meanwhile, and what it was to keep is kept here
            return self._run_here(self._options)
        return _said(answer)


def _about(user: str, deed: str, options: Options) -> Request:
    service = ("--service", options.service) if options.service else ()
    own = ("--own", options.own) if options.own and deed == "take" else ()
    json = ("--json",) if options.json else ()
    return Request(("account", deed, "--user", user, *service, *own, *json))


def _listen(desk: Desk, office: Office, as_json: bool) -> Said:
    from desk_phone.app.notices_listen import listen

    return listen(desk, office.notices, lambda line: show(Said(out=f"{line}\n")), as_json)


def _with_yes(options: Options, words: tuple[str, ...]) -> tuple[str, ...]:
    at = words.index("--") if "--" in words else len(words)
    yes = ("--yes", "--even-costly") if options.command == "call" else ("--yes",)
    return (*words[:at], *yes, *words[at:])


def _said(answer: Answer) -> Said:
    return Said(answer.status, answer.out, answer.err)


def _as_written(place: Paths) -> Settings:
    try:
        return settings_file.load(place.settings, load_preset(preset()))
    except BadSettings:
        return Settings()


def _wrong(preset: Preset) -> Iterator[str]:
    for fault in faults(preset):
        yield tr("%(file)s is not obeyed in this: %(fault)s") % {
            "file": preset.file,
            "fault": fault,
        }


def _mended(settings_aside: Path | None, opened: Opened) -> Iterator[str]:
    """What was put right before the command, a line each."""
    if settings_aside is not None:
        yield tr("The settings could not be read: they lie in %(file)s now.") % {
            "file": settings_aside
        }
    if opened.recovery is Recovery.RESTORED:
        yield tr("The data was damaged or gone: it is as of %(when)s again.") % {
            "when": f"{opened.restored_from:%Y-%m-%d %H:%M}" if opened.restored_from else "?"
        }
    elif opened.recovery is Recovery.STARTED_ANEW:
        yield tr("The data was damaged: it lies in %(file)s now.") % {"file": opened.aside}
