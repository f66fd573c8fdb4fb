"""The words of ``desk-phone notices``."""

from __future__ import annotations

import argparse

from desk_phone.i18n import tr


def notices_options(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """``shared`` are the global options, which stand anywhere."""
    deeds = parser.add_subparsers(dest="deed", metavar=tr("DEED"), required=True)

    def deed(name: str, does: str) -> argparse.ArgumentParser:
        return deeds.add_parser(
            name, help=does, description=does, parents=[shared], allow_abbrev=False
        )

    on = deed("on", tr("listen, and have the service tell of calls to your line"))
    on.add_argument(
        "url", metavar="URL", nargs="?", default="", help=tr("the public address, without secret")
    )
    on.add_argument(
        "--yes", action="store_true", help=tr("even if the company's CRM had its address there")
    )
    deed("off", tr("have the service tell nobody, and listen no more"))
    deed("status", tr("print what is set and what came"))
    deed("listen", tr("listen here, without a window, and print each notice"))
