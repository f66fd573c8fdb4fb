"""``numbers`` and ``name``: what the company's lines are and what one of them is called."""

from __future__ import annotations

from contextlib import suppress

from desk_phone.app.acts import Act, LaneName
from desk_phone.app.commands.desk import Desk
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.numbers import shown
from desk_phone.model.text import clean
from desk_phone.options import Options
from desk_phone.said import Said, as_json


def numbers(desk: Desk, options: Options) -> Act[Said]:
    found = yield from desk.access.ask_numbers(LaneName.DIAL)
    if options.json:
        listed = [{"number": number, "shown": shown(number)} for number in found]
        return Said(out=as_json(listed))
    own = desk.settings().own_number
    lines = (f"{shown(n)}{'  ' + tr('my line') if n == own else ''}\n" for n in found)
    return Said(out="".join(lines))


def name(desk: Desk, options: Options) -> Act[Said]:
    own = desk.own
    yield from desk.access.ask(
        LaneName.DIAL, lambda telco: telco.name_line(own, options.first, options.last)
    )
    with suppress(BadInput):  # no room to remember it: the service has it
        desk.ledger.name_line(own, clean(f"{options.first} {options.last}"))
    if options.json:
        return Said(out=as_json({"outcome": "done"}))
    named = {"number": shown(own), "name": f"{options.first} {options.last}"}
    return Said(out=tr("%(number)s is now called %(name)s.") % named + "\n")
