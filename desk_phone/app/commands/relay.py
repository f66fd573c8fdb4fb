"""``account enrol | leave``: the company's relay. The code comes by way of the keyring."""

from __future__ import annotations

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.commands.desk import Desk
from desk_phone.app.relay_acts import Enrolment
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.numbers import shown
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.said import Said, as_json


def enrol(desk: Desk, options: Options) -> Act[Said]:
    """At ``options.url``, with the code that lies in the keyring under ``options.kept``; raises
    PhoneError."""
    url = options.url or desk.settings().relay_url  # an administrator may have named it
    given = yield from _enrolment(desk).enrol(url, (yield from _code(desk, options.kept)))
    numbers = desk.settings().lines
    if options.json:
        told = {"outcome": "done", "device": given.device, "numbers": list(numbers)}
        return Said(out=as_json({**told, "own": desk.settings().own_number or None}))
    said = tr("This computer is enrolled, for %(numbers)s.")
    lines = [said % {"numbers": ", ".join(map(shown, numbers)) or tr("no number")}]
    if not desk.settings().own_number:
        lines.append(tr("Choose one of them as your line, in the settings."))
    trouble = desk.access.keeping_trouble
    if trouble is not None:
        raise trouble
    return Said(out="".join(f"{line}\n" for line in lines))


def leave(desk: Desk, options: Options) -> Act[Said]:
    """Raises PhoneError, and then nothing changed."""
    if not desk.settings().relayed:
        raise BadInput(tr("This computer is not enrolled"), tr("Nothing was changed."))
    yield from _enrolment(desk).leave()
    done = tr("This computer has left the relay.")
    return Said(out=as_json({"outcome": "done"}) if options.json else f"{done}\n")


def _enrolment(desk: Desk) -> Enrolment:
    if desk.enrolment is None:
        raise BadInput(tr("There is no relay to join here"), tr("Nothing was changed."))
    return desk.enrolment


def _code(desk: Desk, kept: str) -> Act[Secret]:
    keyring = desk.keyring
    if not kept or keyring is None:
        return Secret("")
    return (yield from away(LaneName.DIAL, lambda: keyring.read(kept)))
