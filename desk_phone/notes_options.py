"""The words of ``desk-phone note``."""

from __future__ import annotations

import argparse
from typing import Any

from desk_phone.i18n import tr


class _Words(argparse.Action):
    """What stands there, as a tuple."""

    def __call__(self, *given: Any) -> None:
        _, namespace, values = given[:3]
        setattr(namespace, self.dest, tuple(values or ()))


def note_options(parser: argparse.ArgumentParser) -> None:
    words = tr("whom it is about, with --call nobody; then the note, to be shown if there is none")
    parser.add_argument(
        "words", metavar=tr("NUMBER [TEXT]"), nargs="*", action=_Words, default=(), help=words
    )
    parser.add_argument(
        "--call", dest="call_id", type=int, default=0, metavar="ID", help=tr("note of this call")
    )
    parser.add_argument(
        "--clear", action="store_true", help=tr("take the note away; what it was is kept a while")
    )
    parser.add_argument(
        "--erase",
        action="store_true",
        help=tr("delete for good all notes about the person and of calls with them"),
    )
