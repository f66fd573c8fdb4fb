"""The commands that ask the service or read the ledger, free of Qt.

They run in two places: in the process of the command itself, or, while the tray program runs, in
the tray program, which is handed the very same words. `run` is the one way in for both.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.options import Options
from desk_phone.said import Said

__all__ = ["Desk", "Options", "Said", "run"]

# The module of each command, which has a function of its name. It is imported by who enters it: the
# tray program, which seldom hears of any command, does without 2 MB.
_ROOMS = {
    "numbers": "company",
    "name": "company",
    "call": "call",
    "calls": "calls",
    "note": "notes",
    "account": "account",
    "notices": "notices",
    "phonebook": "phonebook",
    "sources": "sources",
    "crm": "crm",
    "diagnostics": "diagnostics",
}


def run(desk: Desk, options: Options) -> Act[Said]:
    """Do what a command says; every trouble that is nobody's bug becomes words and a status."""
    try:
        do = _deed(options.command)
        keeps_line = options.command == "account"  # the others only use it
        at = desk if keeps_line else desk.at_line(options)
        return (yield from do(at, options))
    except PhoneError as error:
        return of_trouble(error)


def _deed(command: str) -> Callable[[Desk, Options], Act[Said]]:
    """Raises BadInput."""
    if command not in _ROOMS:
        raise BadInput(
            tr("%(command)s is not for the data of a running Desk Phone")
            % {"command": command or "?"},
            tr("Nothing was done."),
        )
    room = import_module(f"{__name__}.{_ROOMS[command]}")
    return cast("Callable[[Desk, Options], Act[Said]]", getattr(room, command))
