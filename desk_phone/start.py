"""Starts the tray program, or hands over to the one that runs, before Qt is even imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.system.handover import activation_token, take_or_hand_over
from desk_phone.system.lock import InstanceLock
from desk_phone.system.request import Request

PATIENCE = 10.0  # seconds for the running program to show its window


def run(options: Options, given: Sequence[str], place: Paths, password: Secret) -> int:
    """The exit status. Raises BadInput where there is no display."""
    lock = InstanceLock(place.lock)
    request = Request(tuple(given), activation_token())
    try:
        answer = take_or_hand_over(lock, place.endpoint, request, PATIENCE)
        if answer is not None:
            sys.stderr.write(answer.err)
            return answer.status
        if not has_display():
            raise BadInput(
                tr("There is no display to show the tray icon on"),
                tr("Start it in a desktop session; the commands work without (desk-phone --help)."),
            )
        from desk_phone import desktop, logs

        logs.set_up(place.logs, options.verbose)
        logs.hide(password.reveal())

        return desktop.run(options, place, lock, password)
    finally:
        lock.release()


def has_display() -> bool:
    """Whether Qt can have a screen: it would end the process where an X server is not there."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc"):
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def _x_server_answers() -> bool:
    from desk_phone.system import x11

    try:
        x11.Display().close()
    except x11.NoDisplay:
        return False
    return True
