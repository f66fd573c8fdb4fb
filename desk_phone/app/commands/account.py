"""``account set | show | forget``. The password itself is never printed and never handed over.

Where the tray program runs, ``set`` happens in the process of the command, which asks for leave
(``may``), tries the password and tells what became of it (``take``, ``refused``): the tray program
counts the tries, reads the password from the keyring, and keeps the line that ``--own`` names.
"""

from __future__ import annotations

from desk_phone.app.acts import Act, LaneName
from desk_phone.app.commands import relay
from desk_phone.app.commands.desk import Desk, own_of
from desk_phone.app.commands.trouble import no_user, of_trouble
from desk_phone.app.kept_settings import check_locked
from desk_phone.app.no_password import through_relay
from desk_phone.app.presets import allowed, faults, in_force
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.numbers import shown
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.said import Said, as_json
from desk_phone.system.secrets import KeyringTrouble, NoKeyring


def account(desk: Desk, options: Options) -> Act[Said]:
    """Everything but ``set`` itself: for that see `keep`, which needs the password. ``desk`` is not
    yet `Desk.at_line`: the line that is named may be one to keep."""
    match options.deed:
        case "show":
            return (yield from _show(desk.at_line(options), options))
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
            return (yield from _take(desk, options))
        case "may":
            if desk.settings().relayed:
                raise through_relay()
            check_locked({"user": options.user} if options.user else {}, desk.preset)
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
    found = yield from desk.access.enter(user, password)
    desk.keep(user=user)
    refusal = _keep_line(desk, options, found)
    trouble = desk.access.keeping_trouble
    if isinstance(trouble, NoKeyring):
        raise cannot_keep()
    if (wrong := trouble or refusal) is not None:
        raise wrong
    return kept(options)


def _take(desk: Desk, options: Options) -> Act[Said]:
    desk.keep(user=options.user or desk.settings().user)
    desk.access.look_again()
    found = yield from desk.access.ask_numbers(LaneName.DIAL)
    if (refusal := _keep_line(desk, options, found)) is not None:
        raise refusal
    return kept(options)


def _keep_line(desk: Desk, options: Options, found: tuple[str, ...]) -> BadInput | None:
    """Make the line that was named the own one; why not, where it is none of the company's."""
    own = own_of(options.own) if options.own else ""
    if own and own not in found:
        return BadInput(
            tr("%(number)s is none of the company's numbers") % {"number": shown(own)},
            tr("The password works, but your line was not changed. See: desk-phone numbers"),
        )
    if own:
        desk.keep(own_number=own)
    return None


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
            **({"presets": _presets(desk)} if desk.preset.file else {}),
        }
    )


def _presets(desk: Desk) -> dict[str, object]:
    """``in_force`` has the locked ones, too."""
    preset = desk.preset
    return {
        "file": str(preset.file),
        "in_force": list(in_force(preset, desk.settings())),
        "locked": sorted(preset.locked),
        "wrong": [
            {"part": each.part, "name": each.name, "allowed": allowed(each.name)}
            for each in preset.wrong
        ],
    }


def _preset_lines(desk: Desk) -> tuple[str, ...]:
    preset = desk.preset
    if preset.file is None:
        return ()
    names = ", ".join(in_force(preset, desk.settings())) or tr("none")
    wrong = tr("Wrong for everybody: %(fault)s")
    return (
        tr("Preset for everybody: %(names)s (%(file)s)") % {"names": names, "file": preset.file},
        tr("Locked for everybody: %(names)s")
        % {"names": ", ".join(sorted(preset.locked)) or tr("none")},
        *(wrong % {"fault": fault} for fault in faults(preset)),
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
        *_preset_lines(desk),
    )
    return "".join(f"{line}\n" for line in lines)
