"""``notices listen``: records what the service tells, and prints it, where there is no Qt."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.notices import line, record
from desk_phone.app.notices_activation import Activation
from desk_phone.app.notices_rules import rules_of
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Notice
from desk_phone.model.notices import Arrival, Heard
from desk_phone.said import Said
from desk_phone.telco.notices import Reception
from desk_phone.telco.notices_asyncio import NoticeListener

log = logging.getLogger(__name__)


def listen(desk: Desk, activation: Activation, say: Callable[[str], object], as_json: bool) -> Said:
    """Listen until SIGTERM, or Ctrl+C, which raises KeyboardInterrupt; ``say`` gets a line a
    notice. Raises BadInput: it cannot listen, no line is chosen, the disk is full."""
    return asyncio.run(_Listening(desk, activation, say, as_json).run())


class _Listening:
    def __init__(
        self, desk: Desk, activation: Activation, say: Callable[[str], object], as_json: bool
    ) -> None:
        self._desk, self._activation = desk, activation
        self._say, self._as_json = say, as_json
        self._came: list[Notice] = []
        self._over: asyncio.Future[None] | None = None

    async def run(self) -> Said:
        _ = self._desk.own  # without one nothing would be believed
        settings, loop = self._desk.settings(), asyncio.get_running_loop()
        self._over = over = loop.create_future()
        loop.set_exception_handler(self._failed)
        rules = rules_of(settings, self._activation)
        reception = Reception(rules, self._arrived, now=self._desk.now)
        place = (settings.notices_address, settings.notices_port)
        async with NoticeListener(reception, *place) as listener:
            if not self._as_json:
                here = f"{place[0]}:{listener.port}"
                self._say(tr("Listening at %(place)s. End with Ctrl+C.") % {"place": here})
            with suppress(NotImplementedError):  # Windows has no such signal
                loop.add_signal_handler(signal.SIGTERM, self._end)
            await over
        return Said()

    def _end(self, error: BaseException | None = None) -> None:
        if self._over is None or self._over.done():
            return
        if error is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(error)

    def _failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What asyncio would only log. A connection that failed, or no file for one more, is the
        network's doing; the rest must be heard of."""
        error = context.get("exception")
        if isinstance(error, OSError):
            log.warning("%s: %s", context["message"], type(error).__name__)
        else:
            self._end(error or RuntimeError(context["message"]))

    def _arrived(self, arrival: Arrival) -> None:
        """The answer is not sent yet: the rest can wait."""
        if isinstance(arrival, Heard):
            if not self._came:
                asyncio.get_running_loop().call_soon(self._take)
            self._came.append(arrival.notice)

    def _take(self) -> None:
        came, self._came = tuple(self._came), []
        try:
            self._desk.ledger.record(*came, now=self._desk.now())
        except BadInput as trouble:  # no room: nothing more can be kept
            self._end(trouble)
            return
        self._activation.note_heard()
        for notice in came:
            self._say(self._line(notice))

    def _line(self, notice: Notice) -> str:
        if not self._as_json:
            return line(notice)
        import json

        return json.dumps(record(notice), ensure_ascii=False)
