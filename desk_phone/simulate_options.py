"""The words of ``desk-phone simulate`` and ``demo``."""

from __future__ import annotations

import argparse

from desk_phone.i18n import tr

DEMO_SEED = 30  # its first caller's number lies in no plan, so that calling back asks first
_A_DAY = 86_400.0  # seconds


def simulate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help=tr("0: any free one"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument(
        "--fault", action="append", metavar="NAME[=VALUE][@OPERATION][*TIMES]", default=[]
    )
    parser.add_argument(
        "--first-call", type=float, metavar="SECONDS", help=tr("after the first look at a history")
    )


def demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    parser.add_argument("--pictures", metavar=tr("DIR"), default="", help=tr("write pictures, end"))
    parser.add_argument(
        "--seconds", type=_seconds, metavar="SECONDS", help=tr("end by itself after so long")
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= _A_DAY:
        raise ValueError
    return seconds
