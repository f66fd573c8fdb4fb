"""How far each number has come at the relay: nothing is lost, and each notice counts once.

Free of Qt. A notice goes to the ledger the moment it comes, for a phone may ring; the position
that is written down goes on only without a gap. What a gap hides is asked of the gateway.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Protocol, cast

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import (
    NotOurs,
    Page,
    Position,
    Relayed,
    Step,
    lags,
    next_step,
    own_of,
    read,
    read_state,
)
from desk_phone.store.memory import Memory
from desk_phone.telco.feed_events import Message
from desk_phone.telco.service import Telco

_NOWHERE = Position("", 0)
_log = logging.getLogger(__name__)


class TellsNotices(Protocol):
    """What the company's gateway can beside all that the company itself can."""

    def notices_after(self, own: str, known: Position) -> Page:
        """Raises PhoneError. Of another epoch than the known one: from its first."""


class Following:
    """For the thread that owns the data. ``hear`` takes notices over in one transaction, and says
    whether they are safe; ``numbers`` are those that this computer follows, asked each time."""

    def __init__(
        self,
        memory: Memory,
        hear: Callable[[Sequence[Notice]], bool],
        numbers: Callable[[], Collection[str]],
    ) -> None:
        self._memory, self._hear, self._numbers = memory, hear, numbers
        self._furthest: dict[str, Position] = {}  # as the relay says

    def known(self, own: str) -> Position:
        """The last notice before which the ledger lacks none."""
        epoch, _, seq = self._memory.get(_name(own)).partition(" ")
        return Position(epoch, int(seq)) if epoch else _NOWHERE

    @property
    def behind(self) -> tuple[str, ...]:
        """The numbers of which the relay holds notices that did not come."""
        ours = self._numbers()
        found = self._furthest.items()
        return tuple(own for own, last in found if own in ours and lags(self.known(own), last))

    def take(self, messages: Sequence[Message]) -> bool:
        """Notices, in the order of coming. False: there was no room, and none of them may be
        acknowledged. What is not for us is dropped with a line in the log."""
        known: dict[str, Position] = {}
        news: list[Notice] = []
        for relayed in self._ours(messages):
            own, came = relayed.notice.own, relayed.position
            before = known.get(own) or self.known(own)
            step = next_step(before, came)
            if step is Step.TAKE:
                known[own] = came
            elif step is Step.CATCH_UP:
                self._note(own, came)
            if step is not Step.KNOWN:
                news.append(relayed.notice)
        return self._keep(news, known)

    def note_state(self, message: Message) -> str:
        """A heartbeat: the number it is of, empty for one that is not for us."""
        try:
            own = own_of(message.topic)
            last, _ = read_state(message.payload)
        except NotOurs as error:
            _log.warning("a heartbeat that is none of ours: %s", error)
            return ""
        if own not in self._numbers():
            return ""
        if lags(self.known(own), last):
            self._note(own, last)
        return own

    def catch_up(self, access: Access, own: str) -> Act[None]:
        """Ask the relay for what did not come, and take it. Raises PhoneError: later again."""
        asked_for = self._furthest.get(own)
        more = True
        while more:
            known = self.known(own)
            page = yield from access.ask(LaneName.UPKEEP, partial(_notices_after, own, known))
            more = self._take_page(own, page)
        if self._furthest.get(own) == asked_for:  # the relay says now that there is no more
            self._furthest.pop(own, None)

    # inside

    def _take_page(self, own: str, page: Page) -> bool:
        """Whether another one is to be asked for. Raises BadInput where there is no room."""
        before = self.known(own)  # live ones came meanwhile, perhaps
        of_us = [each for each in page.notices if each.notice.own == own]
        news = [n for n in of_us if next_step(before, n.position) is not Step.KNOWN]
        end = max((n.position.seq for n in of_us), default=0) if page.more else page.last.seq
        if page.last.epoch == before.epoch:
            end = max(end, before.seq)
        after = Position(page.last.epoch, end)
        if not self._keep([n.notice for n in news], {own: after} if after != before else {}):
            raise BadInput(
                tr("There is no room for what the relay tells"),
                tr("Make room on the disk. Nothing is lost: it is asked for again."),
            )
        return page.more and after != before

    def _keep(self, news: Sequence[Notice], known: dict[str, Position]) -> bool:
        """First the ledger; the positions make it durable with themselves."""
        if news and not self._hear(news):
            return False
        try:
            for own, position in known.items():
                self._memory.put(_name(own), f"{position.epoch} {position.seq}")
        except BadInput as error:
            _log.warning("no room to keep how far the relay has come: %s", error.title)
            return False
        return True

    def _ours(self, messages: Sequence[Message]) -> Iterator[Relayed]:
        ours = self._numbers()
        for message in messages:
            try:
                relayed = read(message.payload)
                if own_of(message.topic) != relayed.notice.own or relayed.notice.own not in ours:
                    raise NotOurs("another number's")
            except NotOurs as error:
                _log.warning("a notice that is none of ours: %s", error)
                continue
            yield relayed

    def _note(self, own: str, last: Position) -> None:
        before = self._furthest.get(own)
        if before is None or before.epoch != last.epoch or before.seq < last.seq:
            self._furthest[own] = last


def _notices_after(own: str, known: Position, telco: Telco) -> Page:
    return cast("TellsNotices", telco).notices_after(own, known)


def _name(own: str) -> str:
    return f"relay position {own}"
