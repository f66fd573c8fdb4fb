"""The commands that ask the service or read the ledger, free of Qt.

They run in two places: in the process of the command itself, or, while the tray program runs, in
the tray program, which is handed the very same words. `run` is the one way in for both.
"""

from __future__ import annotations

from desk_phone.app.acts import Act
from desk_phone.app.commands import (
    account,
    call,
    calls,
    company,
    crm,
    diagnostics,
    notes,
    notices,
    phonebook,
    sources,
)
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.options import Options
from desk_phone.said import Said

__all__ = ["Desk", "Options", "Said", "run"]

_COMMANDS = {
    "numbers": company.numbers,
    "name": company.name,
    "call": call.call,
    "calls": calls.calls,
    "note": notes.note,
    "account": account.account,
    "notices": notices.notices,
    "phonebook": phonebook.phonebook,
    "sources": sources.sources,
    "crm": crm.crm,
    "diagnostics": diagnostics.diagnostics,
}


def run(desk: Desk, options: Options) -> Act[Said]:
    """Do what a command says; every trouble that is nobody's bug becomes words and a status."""
    try:
        if options.command not in _COMMANDS:
            raise BadInput(
                tr("%(command)s is not for the data of a running Desk Phone")
                % {"command": options.command or "?"},
                tr("Nothing was done."),
            )
        keeps_line = options.command == "account"  # the others only use it
        at = desk if keeps_line else desk.at_line(options)
        return (yield from _COMMANDS[options.command](at, options))
    except PhoneError as error:
        return of_trouble(error)
