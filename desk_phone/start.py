"""Starts the tray program, or hands over to the one that runs, before Qt is even imported."""

from __future__ import annotations

import gc
import os
import re
import socket
import sys
from collections.abc import Sequence
from functools import partial

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.said import Status
from desk_phone.system import ourselves, plain_import
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
        gc.disable()  # a twentieth of the start; `app.garbage` looks after it in the event loop
        plain_import.keep()
        from desk_phone import desktop

        log = partial(_set_up_logs, place, options.verbose, password)
        file = ourselves.replaceable()
        status = desktop.run(options, place, lock, password, prepare=log, file=file)
    finally:
        gc.enable()
        lock.release()
    if status in (Status.AGAIN, Status.AGAIN_UNSEEN):
        ourselves.begin_anew(words_again(options, hidden=status == Status.AGAIN_UNSEEN))
    return status


def words_again(options: Options, hidden: bool) -> list[str]:
    """What a program that begins anew is given: never again what it was to do once."""
    given = {
        "--data-dir": options.data_dir,
        "--service": options.service,
        "--user": options.user,
        "--own": options.own,
        "--lang": options.lang,
    }
    flags = {"--verbose": options.verbose, "--hidden": hidden}
    words = [word for name, value in given.items() if value for word in (name, value)]
    return [*words, *(name for name, wanted in flags.items() if wanted)]


def _set_up_logs(place: Paths, verbose: bool, password: Secret) -> None:
    from desk_phone import logs

    logs.set_up(place.logs, verbose)
    logs.hide(password.reveal())


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
    """A local server by its socket, which costs nothing; another one by asking it."""
    found = re.fullmatch(r":(\d+)(\.\d+)?", os.environ["DISPLAY"])
    if found is None:
        return _answers_in_x11()
    address = f"/tmp/.X11-unix/X{found[1]}"  # noqa: S108 - where every X server listens
    with socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(2.0)
        return plug.connect_ex(address) == 0 or _answers_in_x11()


def _answers_in_x11() -> bool:
    from desk_phone.system import x11

    try:
        x11.Display().close()
    except x11.NoDisplay:
        return False
    return True
