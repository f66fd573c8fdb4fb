"""What a running program says of itself, for the command that makes a report."""

from __future__ import annotations

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.model.diagnostics import parts_out
from desk_phone.options import Options
from desk_phone.said import Said, as_json


def diagnostics(desk: Desk, options: Options) -> Act[Said]:  # noqa: ARG001 - there are none
    """JSON: the parts of `model.diagnostics` that only the running program knows."""
    yield from ()
    return Said(out=as_json(parts_out(desk.live())))
