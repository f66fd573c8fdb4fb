"""The CRM connection over a desk: browser, program and receiver are fakes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from desk_phone.app.crm import Crm
from desk_phone.app.crm_acts import Webhook
from desk_phone.errors import BadInput, PhoneError
from desk_phone.model.calls import Call, Direction, Notice, Outcome
from desk_phone.store.deliveries import Deliveries
from tests.crm import Receiver
from tests.ui.conftest import OWN, Clock, Desk

HOOK = "https://crm.example/hooks/1"
PAGE = "https://crm.example/?q={e164}"


@dataclass
class CrmDesk:
    """``shown`` are pages, ``run`` programs; ``browser`` whether there is one, ``program``
    whether programs start."""

    desk: Desk
    receiver: Receiver = field(default_factory=Receiver)
    shown: list[str] = field(default_factory=list)
    run: list[tuple[str, ...]] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    failed: list[PhoneError] = field(default_factory=list)
    tested: list[object] = field(default_factory=list)
    browser: bool = True
    program: bool = True

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """As one process begins."""
        desk = self.desk
        self.queue = Deliveries(desk.ledger._db)
        webhook = Webhook(lambda: desk.preferences.settings, desk.keyring, desk.now, self.receiver)
        self.crm = Crm(
            *(desk.lanes, self.queue, desk.ledger, webhook, desk.preferences, desk.now),
            *(self._show, self._run, lambda call_id: self.notes.get(call_id, ""), lambda: 0.0),
        )
        desk.calls.changed.connect(self.crm.take)
        self.crm.failed.connect(self.failed.append)
        self.crm.tested.connect(self.tested.append)
        self.crm.start()

    def stop(self) -> None:
        """As one process ends, or is killed."""
        self.desk.calls.changed.disconnect(self.crm.take)
        self.crm.stop()
        self.crm.deleteLater()

    def ring(self, other: str = "+37251234567", name: str = "") -> Call:
        """A notice comes: a phone rings now."""
        at = self.desk.clock.at.replace(microsecond=0)
        notice = Notice(OWN, other, at, name, "Start", "No")
        self.desk.calls.take(self.desk.ledger.record(notice, now=self.desk.clock.at))
        return self.desk.ledger.page()[0]

    def heard(self, count: int) -> list[object]:
        """The events the receiver heard, once there are so many and nothing waits."""
        self.desk.qtbot.waitUntil(
            lambda: len(self.receiver.heard) >= count and not self.queue.waiting
        )
        return [said["event"] for _, said in self.receiver.heard]

    def _show(self, url: str) -> bool:
        self.shown.append(url)
        return self.browser

    def _run(self, words: tuple[str, ...]) -> None:
        if not self.program:
            raise BadInput("There is no program crm", "Write where it lies.")
        self.run.append(words)


def call(other: str = "+37251234567", name: str = "") -> Call:
    made = Call(7, OWN, other, other, Direction.INCOMING, Outcome.MISSED, Clock().at)
    return replace(made, name=name)
