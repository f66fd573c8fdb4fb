"""The words of ``desk-phone crm``."""

from __future__ import annotations

import argparse

from desk_phone.i18n import tr


def crm_options(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """``shared`` are the global options, which stand anywhere."""
    deeds = parser.add_subparsers(dest="deed", metavar=tr("DEED"), required=True)
    does = tr("print what a call would open, and send the webhook a test event")
    test = deeds.add_parser(
        "test", help=does, description=does, parents=[shared], allow_abbrev=False
    )
    test.add_argument("number", metavar=tr("NUMBER"), nargs="*", help=tr("of the caller"))
