"""``desk-phone relay``: the server itself, and what an administrator does beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from desk_phone.errors import BadInput, Offline
from desk_phone.i18n import tr
from desk_phone.model.numbers import is_e164
from desk_phone.model.reading import read as read_number
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.relay import audit, beside, configuration, credentials, devices, state
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.devices import CODE_LIVES, Device, Rights
from desk_phone.said import Said, Status
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import Keyring

_PATIENCE = 3.0  # seconds for the running relay to say how it is


def run(options: Options, password: Secret, keyring: Keyring) -> Said:
    """Everything but ``serve`` (`relay.server`). Raises PhoneError.

    ``password`` is what a person wrote, for ``password`` alone.
    """
    conf = configuration.read(Path(options.config))
    return _DEEDS[options.deed](conf, options, password, keyring)


def _check(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    numbers = ", ".join(sorted(conf.numbers)) or tr("all of the company's")
    told = {
        tr("Company"): f"{conf.company_user}, {conf.service_url}",
        tr("Numbers"): numbers,
        tr("Public address"): conf.public_url,
        tr("For the service"): f"{conf.endpoint.address}:{conf.endpoint.port}",
        tr("For desks"): f"{conf.gateway.address}:{conf.gateway.port}",
        tr("For watching"): f"{conf.local.address}:{conf.local.port}",
        tr("Broker"): f"{conf.broker.host}:{conf.broker.port}",
        tr("Broker for desks"): f"{conf.desk_broker.host}:{conf.desk_broker.port}",
        tr("State"): str(conf.state_dir),
    }
    if options.json:
        return Said(out=_json(list(told.values())))
    return Said(out=_lines(told))


def _status(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    told = _health(conf)
    well = told.pop("well", False) is True
    if options.json:
        return Said(Status.DONE if well else Status.OFFLINE, _json({"well": well, **told}))
    if well:
        return Said(out=tr("The relay is well.") + "\n")
    problems = {str(part): str(why) for part, why in told.items()}
    return Said(Status.OFFLINE, _lines(problems), tr("The relay has a problem.") + "\n")


def _health(conf: Configuration) -> dict[str, object]:
    """Raises Offline."""
    import urllib.error
    import urllib.request

    host = f"[{conf.local.address}]" if ":" in conf.local.address else conf.local.address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{conf.local.port}/health", timeout=_PATIENCE) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            text = error.read()
    except OSError as error:
        raise Offline(
            tr("The relay does not answer"), tr("Does it run? “systemctl status” says more.")
        ) from error
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Offline(tr("What answers is no relay"), tr("Another program has its port."))
    return told


def _enrol(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    rights = Rights(
        tuple(_number(text, conf) for text in options.numbers),
        options.may_edit,
        options.may_target,
    )
    now = _now()
    code = beside.do(conf, now, lambda db: devices.new_code(db, options.label, rights, now))
    minutes = int(CODE_LIVES.total_seconds() // 60)
    if options.json:
        return Said(out=_json({"code": code.reveal(), "url": conf.public_url, "minutes": minutes}))
    words = (
        f"    {code.reveal()}",
        "",
        tr("The code works once, for %(minutes)d minutes.") % {"minutes": minutes},
        tr("In Desk Phone: Settings, Account, “I have a code from my administrator”:"),
        f"    {conf.public_url}",
        tr("Or as a command:"),
        f"    desk-phone account enrol {conf.public_url}",
    )
    return Said(out="\n".join(words) + "\n")


def _number(text: str, conf: Configuration) -> str:
    """Raises BadInput for what is no whole number, or none of the relay's."""
    number = read_number(text).key
    if not is_e164(number):
        raise BadInput(
            tr("%(number)s is no whole number") % {"number": text},
            tr("Write it with its country code: %(number)s") % {"number": "+3726403231"},
        )
    if conf.numbers and number not in conf.numbers:
        raise BadInput(
            tr("%(number)s is none of the relay's numbers") % {"number": number},
            tr("relay.toml lists them: add it there, then reload the relay."),
        )
    return number


def _devices(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    found = beside.do(conf, _now(), devices.listed)
    if options.json:
        return Said(out=_json([_told(one) for one in found]))
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


def _revoke(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    now = _now()
    beside.do(conf, now, lambda db: devices.revoke(db, options.device, now))
    words = tr("It is let in no more. The running relay ends its connection within seconds.")
    return Said(out=words + "\n")


def _audit(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    if options.check:
        wrong = beside.do(conf, _now(), audit.check)
        head = beside.do(conf, _now(), audit.head)
        if wrong:
            title = tr("Row %(number)d was changed, or one before it is missing.")
            return Said(Status.REFUSED, "", title % {"number": wrong} + "\n")
        words = tr("It is whole: %(count)d rows, the last one's mark is %(mark)s.")
        return Said(out=words % {"count": head.seq, "mark": head.hash[:16]} + "\n")
    count = max(1, options.count)
    rows = beside.do(conf, _now(), lambda db: audit.rows(db, 0, count))[::-1]
    if options.json:
        return Said(out=_json([_row(row) for row in rows]))
    return Said(out="".join("  ".join(filter(None, _row(row).values())) + "\n" for row in rows))


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
        made = state.back_up_daily(conf, _now())
        words = str(made) if made else tr("There is a copy of today already.")
        return Said(out=words + "\n")
    file = Path(options.file)
    state.back_up(conf, file)
    return Said(out=tr("Copied to %(file)s.") % {"file": file} + "\n")


def _restore(conf: Configuration, options: Options, _p: Secret, _k: Keyring) -> Said:
    beside.make_folders(conf)
    with InstanceLock(conf.lock) as lock:
        if not lock.take():
            raise BadInput(tr("The relay is running"), tr("End it first, then restore."))
        aside = state.restore(conf, Path(options.file), _now())
    words = tr("Restored. Every desk asks anew for what it may have missed.")
    if aside is not None:
        words += "\n" + tr("What was there before lies in %(file)s.") % {"file": aside}
    return Said(out=words + "\n")


def _password(conf: Configuration, options: Options, password: Secret, keyring: Keyring) -> Said:
    name = credentials.BROKER if options.broker else credentials.COMPANY
    keyring.keep(credentials.key(name), password)
    words = tr("Kept. Reload the running relay, so that it reads it.")
    return Said(out=f"{words} ({conf.company_user})\n" if not options.broker else words + "\n")


_Deed = Callable[[Configuration, Options, Secret, Keyring], Said]
_DEEDS: Mapping[str, _Deed] = {
    "check": _check,
    "status": _status,
    "enrol": _enrol,
    "devices": _devices,
    "revoke": _revoke,
    "audit": _audit,
    "backup": _backup,
    "restore": _restore,
    "password": _password,
}


def _lines(told: Mapping[str, str]) -> str:
    width = max(map(len, told), default=0)
    return "".join(f"{name:<{width}}  {value}\n" for name, value in told.items())


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _now() -> datetime:
    return datetime.now(UTC)
