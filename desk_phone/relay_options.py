"""The words of ``desk-phone relay``: the server that a company runs once."""

from __future__ import annotations

import argparse
from pathlib import Path

from desk_phone.i18n import tr

CONFIGURATION = Path("/etc/desk-phone-relay/relay.toml")


def relay_options(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """``shared`` are the global options, which stand anywhere."""
    deeds = parser.add_subparsers(dest="deed", metavar=tr("DEED"), required=True)

    def deed(name: str, does: str) -> argparse.ArgumentParser:
        made = deeds.add_parser(
            name, help=does, description=does, parents=[shared], allow_abbrev=False
        )
        made.add_argument(
            "--config", metavar=tr("FILE"), default=str(CONFIGURATION), help=tr("relay.toml")
        )
        return made

    deed("serve", tr("run the relay, until it is told to end"))
    deed("check", tr("say whether relay.toml is right, and what it comes to"))
    deed("status", tr("ask the running relay how it is"))
    enrol = deed("enrol", tr("make a code for one computer"))
    enrol.add_argument("--name", required=True, dest="label", help=tr("whose computer it is"))
    _rights(enrol)
    deed("devices", tr("list the computers that were enrolled"))
    grant = deed("grant", tr("give a computer these rights in place of those it had"))
    _computer(grant)
    _rights(grant)
    revoke = deed("revoke", tr("let a computer in no more"))
    _computer(revoke)
    audit = deed("audit", tr("print who did what, the last of it"))
    audit.add_argument("--check", action="store_true", help=tr("is it whole and unchanged?"))
    audit.add_argument("--last", dest="count", type=int, default=50, metavar=tr("COUNT"))
    backup = deed("backup", tr("copy the relay's state, also while it runs"))
    backup.add_argument("file", metavar=tr("FILE"), nargs="?", default="")
    restore = deed("restore", tr("put a copy back; the relay must not run"))
    restore.add_argument("file", metavar=tr("FILE"))
    password = deed("password", tr("keep a password in this account's keyring"))
    password.add_argument(
        "--broker", action="store_true", help=tr("the broker's, not the company's")
    )


def _computer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "device", metavar=tr("COMPUTER"), help=tr("“desk-phone relay devices” lists them.")
    )


def _rights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--number",
        action="append",
        required=True,
        dest="numbers",
        metavar=tr("NUMBER"),
        help=tr("a line it may call from and hear of; one or more"),
    )
    parser.add_argument(
        "--may-edit", action="store_true", help=tr("it may change the company's phonebook")
    )
    parser.add_argument(
        "--may-target", action="store_true", help=tr("it may set where its line's calls are told")
    )
