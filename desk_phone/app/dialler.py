"""Dialling as the windows see it: a wish, perhaps a question, then what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from desk_phone.app import dial
from desk_phone.app.access import Access
from desk_phone.app.acts import Act
from desk_phone.app.dial import Plan, TooSoon
from desk_phone.app.lane import Lanes
from desk_phone.errors import PhoneError
from desk_phone.model.dialing import Source, Verdict
from desk_phone.store.calls import CallLedger


class Stage(StrEnum):
    SENDING = "sending"
    RINGING = "ringing"  # the own phone, as far as the service tells
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Dial:
    """A dial under way; ``trouble`` says why it failed, or may have."""

    plan: Plan
    stage: Stage
    trouble: PhoneError | None = None


class Dialler(QObject):
    """``own`` tells the line that rings first at the moment of asking."""

    asked = Signal(object)  # Plan: `confirm` or `cancel` it
    progressed = Signal(object)  # Dial
    refused = Signal(object)  # PhoneError: nothing was sent
    refused_here = Signal(object)  # the same, where a window of ours asked for the call
    refused_elsewhere = Signal(object)  # and where none did
    changed = Signal(object)  # tuple[Change, ...]: the ledger's; read again
    again = Signal(object)  # Dial: the same number a moment ago; bring that one forward

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        ledger: CallLedger,
        own: Callable[[], str],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._ledger = lanes, access, ledger
        self._own, self._now = own, now
        self._dials: dict[str, Dial] = {}  # the latest to each number

    @property
    def is_sending(self) -> bool:
        """Whether an answer of the service to a dial is still to come."""
        return any(dial.stage is Stage.SENDING for dial in self._dials.values())

    def dial(self, text: str, source: Source = Source.WINDOW) -> None:
        """Dial what somebody typed, clicked or pasted, if the policy lets it."""
        self._take(self.plan(text, source))

    def dial_key(self, key: str, source: Source = Source.WINDOW) -> None:
        """Dial a canonical number."""
        self._take(dial.plan_key(key, source, self._own(), self._ledger, self._colleagues()))

    def plan(self, text: str, source: Source) -> Plan:
        """What dialling it would be, judged and not done."""
        return dial.plan(text, source, self._own(), self._ledger, self._colleagues())

    def confirm(self, plan: Plan) -> None:
        """A person said yes to a plan that was asked about."""
        if plan.decision.verdict is not Verdict.REFUSE:
            self._send(plan)

    def cancel(self, plan: Plan) -> None:
        """A person said no; nothing was sent and nothing is remembered."""

    def _colleagues(self) -> frozenset[str]:
        return frozenset(self._access.numbers)

    def _take(self, plan: Plan) -> None:
        if plan.decision.verdict is Verdict.REFUSE:
            self._refuse(plan, dial.refusal(plan))
        elif not plan.own:
            self._refuse(plan, dial.no_line())
        elif plan.decision.verdict is Verdict.ASK:
            self.asked.emit(plan)
        else:
            self._send(plan)

    def _refuse(self, plan: Plan, why: PhoneError) -> None:
        self.refused.emit(why)
        asked_here = plan.source is Source.WINDOW
        (self.refused_here if asked_here else self.refused_elsewhere).emit(why)

    def _send(self, plan: Plan) -> None:
        before = self._dials.get(plan.reading.key)
        if before is not None and before.stage is Stage.SENDING:
            self._bring_forward(before)  # it would wait in the lane, and ring a second time
            return
        act = dial.dial(plan, self._access, self._ledger, self._now(), self.changed.emit)
        begun = Dial(plan, Stage.SENDING)
        self._tell(begun)
        self._lanes.perform(
            self._until_known(begun, act),
            then=lambda _: self._tell(Dial(plan, Stage.RINGING)),
            otherwise=lambda error: self._failed(begun, before, error),
        )

    def _failed(self, begun: Dial, before: Dial | None, error: PhoneError) -> None:
        if isinstance(error, TooSoon) and error.same and before is not None:
            self._bring_forward(before)
            return
        self._tell(Dial(begun.plan, Stage.FAILED, error))

    def _until_known(self, begun: Dial, act: Act[None]) -> Act[None]:
        """A bug tells nobody how the dial ended: it must not hold back the next for ever."""
        try:
            yield from act
        except PhoneError:
            raise
        except Exception:
            if self._dials.get(begun.plan.reading.key) is begun:
                del self._dials[begun.plan.reading.key]
            raise

    def _bring_forward(self, before: Dial) -> None:
        self._tell(before)
        self.again.emit(before)

    def _tell(self, dial: Dial) -> None:
        self._dials[dial.plan.reading.key] = dial
        self.progressed.emit(dial)
