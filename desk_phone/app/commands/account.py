"""``account set | show | forget``. The password itself is never printed and never handed over.

Where the tray program runs, ``set`` happens in the process of the command, which asks for leave
(``may``), tries the password and tells what became of it (``take``, ``refused``): the tray program
counts the tries, and reads the password from the keyring.
"""

from __future__ import annotations

from desk_phone.app.acts import Act, LaneName
from desk_phone.app.commands import relay
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import no_user, of_trouble
from desk_phone.app.no_password import through_relay
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.numbers import shown
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.said import Said, as_json
from desk_phone.system.secrets import KeyringTrouble, NoKeyring


def account(desk: Desk, options: Options) -> Act[Said]:
    """Everything but ``set`` itself: for that see `keep`, which needs the password."""
    match options.deed:
        case "show":
            return (yield from _show(desk, options))
        case "enrol":
            return (yield from relay.enrol(desk, options))
        case "leave":
            return (yield from relay.leave(desk, options))
        case "forget" if desk.settings().relayed:
            return (yield from relay.leave(desk, options))
        case "forget":
            yield from desk.access.forget()
            return _done(options, tr("The password is forgotten."))
        case "take":
            desk.change(user=options.user or desk.settings().user)
            desk.access.look_again()
            yield from desk.access.ask_numbers(LaneName.DIAL)
            return kept(options)
        case "may":
            if desk.settings().relayed:
                raise through_relay()
            desk.access.check_tries()
            return Said()
        case "refused":
            desk.access.count_try()
            return Said()
    raise BadInput(tr("A password is not handed over"), tr("Nothing was changed."))


def keep(desk: Desk, options: Options, password: Secret) -> Act[Said]:
    """``set``: try the account once; if the service takes it, keep it."""
    user = desk.settings().user
    if not user:
        raise no_user()
    yield from desk.access.enter(user, password)
    desk.change(user=user)
    trouble = desk.access.keeping_trouble
    if isinstance(trouble, NoKeyring):
        raise cannot_keep()
    if trouble is not None:
        raise trouble
    return kept(options)


def kept(options: Options) -> Said:
    return _done(options, tr("The password works and is kept in the system's keyring."))


def cannot_keep() -> NoKeyring:
    return NoKeyring(
        tr("The password works, but this computer has no keyring to keep it in"),
        tr("Give it each time with --password-stdin, or in the window: it stays in memory there."),
    )


def _done(options: Options, words: str) -> Said:
    return Said(out=as_json({"outcome": "done"}) if options.json else words + "\n")


def _show(desk: Desk, options: Options) -> Act[Said]:
    """A keyring that fails is told by the status; the rest is shown all the same."""
    trouble: KeyringTrouble | None = None
    kept = False
    try:
        kept = yield from desk.access.is_kept()
    except KeyringTrouble as error:
        trouble = error
    password = "unknown" if trouble else _state(desk, kept)
    out = _as_json(desk, password) if options.json else _as_lines(desk, password)
    return of_trouble(trouble, out) if trouble else Said(out=out)


def _state(desk: Desk, kept: bool) -> str:
    if not kept:
        return "missing"
    if desk.access.refusal is not None:
        return "refused"
    return "kept" if desk.access.stored else "memory"


def _as_json(desk: Desk, password: str) -> str:
    settings = desk.settings()
    return as_json(
        {
            "user": settings.user,
            "password": password,
            "service": settings.service_url,
            **({"relay": settings.relay_url} if settings.relayed else {}),
            "own": settings.own_number or None,
            "data": str(desk.root) if desk.root else None,
        }
    )


def _as_lines(desk: Desk, password: str) -> str:
    settings = desk.settings()
    words = {
        "refused": tr("refused"),
        "memory": tr("in memory only"),
        "kept": tr("kept in the keyring"),
        "missing": tr("none"),
        "unknown": tr("not to be seen now"),
    }
    own = shown(settings.own_number) if settings.own_number else tr("not chosen yet")
    lines = (
        tr("User name: %(user)s") % {"user": settings.user or tr("none")},
        tr("Password: %(state)s") % {"state": words[password]},
        tr("Service: %(url)s") % {"url": settings.service_url},
        *((tr("Relay: %(url)s") % {"url": settings.relay_url},) if settings.relayed else ()),
        tr("My line: %(number)s") % {"number": own},
        *((tr("Data: %(folder)s") % {"folder": desk.root},) if desk.root else ()),
    )
    return "".join(f"{line}\n" for line in lines)
