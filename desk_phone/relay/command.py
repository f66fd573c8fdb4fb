"""``desk-phone relay``: the server itself, and what an administrator does beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.numbers import is_e164
from desk_phone.model.reading import read as read_number
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean
from desk_phone.options import Options
from desk_phone.relay import configuration, credentials
from desk_phone.relay.asking import lines, status
from desk_phone.relay.company.lines import remembered
from desk_phone.relay.configuration import Configuration, Listen
from desk_phone.relay.state import audit, beside, checking, copies, devices
from desk_phone.relay.state.devices import CODE_LIVES, Device, Rights
from desk_phone.said import Said, Status, as_json
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import Keyring


def run(options: Options, password: Secret, keyring: Keyring) -> Said:
    """Everything but ``serve`` (`relay.server`). Raises PhoneError.

    ``password`` is what a person wrote, for ``password`` alone.
    """
    conf = configuration.read(Path(options.config))
    return _DEEDS[options.deed](conf, options, password, keyring)


def _check(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    chosen = sorted(conf.numbers)
    told = {
        "company": (tr("Company"), f"{conf.company_user}, {conf.service_url}"),
        "numbers": (tr("Numbers"), ", ".join(chosen) or tr("all of the company's")),
        "public": (tr("Public address"), conf.public_url),
        "notices": (tr("For the service"), f"{conf.notices_url}/…"),
        "listen.notices": (tr("It is taken at"), _at(conf.endpoint)),
        "listen.desks": (tr("For desks"), _at(conf.gateway)),
        "listen.local": (tr("For watching"), _at(conf.local)),
        "broker": (tr("Broker"), f"{conf.broker.host}:{conf.broker.port}"),
        "broker.desks": (
            tr("Broker for desks"),
            f"{conf.desk_broker.host}:{conf.desk_broker.port}",
        ),
        "state_dir": (tr("Data"), str(conf.state_dir)),
    }
    faults = tuple(checking.faults(conf))
    ended = Status.BAD_INPUT if faults else Status.DONE
    if options.json:
        values = {key: value for key, (_, value) in told.items()}
        return Said(ended, as_json({**values, "faults": faults}))
    return Said(ended, lines(dict(told.values())), "".join(f"{fault}\n" for fault in faults))


def _at(listen: Listen) -> str:
    return f"{listen.address}:{listen.port}"


def _status(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    return status(conf.local, options.json)


def _enrol(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    now, rights = _now(), _rights(conf, options)
    code = beside.do(conf, now, lambda db: devices.new_code(db, options.label, rights, now))
    minutes = int(CODE_LIVES.total_seconds() // 60)
    if options.json:
        whose = {"name": options.label, "numbers": rights.numbers}
        told = {"code": code.reveal(), "url": conf.public_url, "minutes": minutes}
        return Said(out=as_json({**whose, **told}))
    ends = f"{(now + CODE_LIVES).astimezone():%H:%M}"
    words = (
        tr("The code for %(name)s:") % {"name": clean(options.label)},
        "",
        f"    {code.reveal()}",
        "",
        tr("It works once, for %(minutes)d minutes, until %(time)s.")
        % {"minutes": minutes, "time": ends},
        tr("In Desk Phone: Settings, Account, “I have a code from my administrator”:"),
        f"    {conf.public_url}",
        tr("Or as a command, which asks for the code:"),
        f"    desk-phone account enrol {conf.public_url}",
    )
    return Said(out="\n".join(words) + "\n")


def _number(text: str, ours: frozenset[str]) -> str:
    """Raises BadInput for what is no whole number, or none of the relay's, if those are known."""
    number = read_number(text).key
    if not is_e164(number):
        raise BadInput(
            tr("%(number)s is no whole number") % {"number": clean(text)},
            tr("Write it with its country code: %(number)s") % {"number": "+3726403231"},
        )
    if ours and number not in ours:
        raise BadInput(
            tr("%(number)s is none of the relay's numbers") % {"number": number},
            tr("relay.toml lists them, or the service does. Add it there, then reload the relay."),
        )
    return number


def _devices(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    found = beside.read(conf, _now(), devices.listed)
    if options.json:
        return Said(out=as_json([_told(one) for one in found]))
    if not found:
        return Said(out=tr("No computer was enrolled yet.") + "\n")
    return Said(out="".join(f"{_line(one)}\n" for one in found))


def _told(device: Device) -> dict[str, object]:
    rights = device.rights
    return {
        "id": device.id,
        "name": device.name,
        "numbers": rights.numbers,
        "may_edit": rights.may_edit,
        "may_target": rights.may_target,
        "enrolled": device.enrolled.isoformat(),
        "seen": device.seen.isoformat() if device.seen else None,
        "revoked": device.revoked.isoformat() if device.revoked else None,
    }


def _line(device: Device) -> str:
    if device.revoked is not None:
        state_word = tr("revoked on %(day)s") % {"day": f"{device.revoked:%Y-%m-%d}"}
    elif device.seen is None:
        state_word = tr("not seen yet")
    else:
        state_word = tr("seen on %(day)s") % {"day": f"{device.seen:%Y-%m-%d}"}
    rights = [tr("phonebook")] * device.rights.may_edit + [tr("notices")] * device.rights.may_target
    words = (device.id, device.name, ", ".join(device.rights.numbers), ", ".join(rights))
    return "  ".join([*filter(None, words), state_word])


def _grant(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    now, rights = _now(), _rights(conf, options)
    beside.do(conf, now, lambda db: devices.grant(db, options.device, rights, now))
    words = tr("These are its rights now. What it hears of follows within seconds.")
    return Said(out=words + "\n")


def _rights(conf: Configuration, options: Options) -> Rights:
    ours = conf.numbers or beside.read(conf, _now(), remembered)
    numbers = tuple(_number(text, ours) for text in options.numbers)
    return Rights(numbers, options.may_edit, options.may_target)


def _revoke(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    now = _now()
    beside.do(conf, now, lambda db: devices.revoke(db, options.device, now))
    # Else a state that is damaged later would come back as of this morning, and let it in again.
    with beside.as_its_owner(conf.state_dir), suppress(BadInput):
        copies.back_up_anew(conf, now)
    words = tr("It is let in no more. The running relay ends its connection within seconds.")
    return Said(out=words + "\n")


def _audit(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    if options.check:
        return _audit_check(conf, options.json)
    count = max(1, options.count)
    rows = beside.read(conf, _now(), lambda db: audit.rows(db, 0, count))[::-1]
    if options.json:
        return Said(out=as_json([_row(row) for row in rows]))
    return Said(out="".join("  ".join(filter(None, _row(row).values())) + "\n" for row in rows))


def _audit_check(conf: Configuration, with_json: bool) -> Said:
    """Ends with `Status.REFUSED` where it is not whole."""
    wrong, head = beside.read(conf, _now(), lambda db: (audit.check(db), audit.head(db)))
    ended = Status.REFUSED if wrong else Status.DONE
    if with_json:
        told = {"whole": not wrong, "first_wrong": wrong, "rows": head.seq, "mark": head.hash}
        return Said(ended, as_json(told))
    if wrong:
        title = tr("Row %(number)d was changed, or one before it is missing.")
        return Said(ended, "", title % {"number": wrong} + "\n")
    words = tr("It is whole: %(count)d rows, the last one's mark is %(mark)s.")
    return Said(ended, words % {"count": head.seq, "mark": head.hash[:16]} + "\n")


def _row(row: audit.Row) -> dict[str, str]:
    act = row.act
    return {
        "at": row.at.isoformat(),
        "who": act.who,
        "what": act.what.value,
        "own": act.own,
        "other": act.other,
        "entry": act.entry,
        "outcome": row.outcome,
    }


def _backup(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    if not options.file:
        with beside.as_its_owner(conf.state_dir):
            made = copies.back_up_daily(conf, _now())
        words = str(made) if made else tr("There is a copy of today already.")
        return Said(out=words + "\n")
    file = Path(options.file)
    copies.back_up(conf, file)
    return Said(out=tr("Copied to %(file)s.") % {"file": file} + "\n")


def _restore(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    beside.make_folders(conf)
    with beside.not_reloaded(), InstanceLock(conf.lock) as lock:
        if not lock.take():
            raise BadInput(tr("The relay is running"), tr("End it first, then restore."))
        with beside.left_to_its_owner(conf.state_dir):
            aside = copies.restore(conf, Path(options.file), _now())
    words = tr("Restored. Every desk asks anew for what it may have missed.")
    if aside is not None:
        words += "\n" + tr("What was there before lies in %(file)s.") % {"file": aside}
    return Said(out=words + "\n")


def _password(conf: Configuration, options: Options, password: Secret, keyring: Keyring) -> Said:
    name = credentials.BROKER if options.broker else credentials.COMPANY
    keyring.keep(credentials.key(name), password)
    if beside.reload(conf):
        return Said(out=tr("Kept, and the running relay reads it now.") + "\n")
    return Said(out=tr("Kept for the next start of the relay.") + "\n")


_Deed = Callable[[Configuration, Options, Secret, Keyring], Said]
_DEEDS: Mapping[str, _Deed] = {
    "check": _check,
    "status": _status,
    "enrol": _enrol,
    "devices": _devices,
    "grant": _grant,
    "revoke": _revoke,
    "audit": _audit,
    "backup": _backup,
    "restore": _restore,
    "password": _password,
}


def _now() -> datetime:
    return datetime.now(UTC)
