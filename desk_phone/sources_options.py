"""The words of ``desk-phone sources``."""

from __future__ import annotations

import argparse

from desk_phone.i18n import tr

KINDS = ("file", "web", "carddav", "ldap")


def sources_options(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """``shared`` are the global options, which stand anywhere; ``--user`` is the source's here."""
    deeds = parser.add_subparsers(dest="deed", metavar=tr("DEED"), required=False)
    parser.set_defaults(deed="list")

    def deed(name: str, does: str) -> argparse.ArgumentParser:
        return deeds.add_parser(
            name, help=does, description=does, parents=[shared], allow_abbrev=False
        )

    deed("list", tr("print the sources, and how their last reading went"))
    add = deed("add", tr("read others' contacts from there, now and whenever they change"))
    add.add_argument("kind", metavar="|".join(KINDS), type=_kind)
    add.add_argument("address", metavar=tr("ADDRESS"), help=_where())
    add.add_argument("--label", default="", metavar=tr("NAME"), help=tr("what you call it"))
    # Where its password lies already; the command itself puts this in.
    add.add_argument("--kept", default="", help=argparse.SUPPRESS)
    remove = deed("remove", tr("forget a source, its people and its password"))
    remove.add_argument("id", metavar=tr("ID"), type=int)
    read = deed("read", tr("read one source, or all, now"))
    read.add_argument("id", metavar=tr("ID"), type=int, nargs="?", default=0)


def _where() -> str:
    return " ".join(
        (
            tr("a file, or https://, or ldaps://"),
            tr("(http:// and ldap:// only to this computer)"),
        )
    )


def _kind(text: str) -> str:
    if text not in KINDS:
        raise argparse.ArgumentTypeError(tr("one of %(words)s") % {"words": ", ".join(KINDS)})
    return text
