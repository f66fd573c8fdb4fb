"""A webhook's receiver in memory, and a queue before it, for tests of every ring."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from desk_phone.app.acts import perform
from desk_phone.app.crm_acts import Step, Webhook
from desk_phone.errors import Offline
from desk_phone.model.crm_delivery import Delivery
from desk_phone.settings import Settings
from desk_phone.store.deliveries import Deliveries
from desk_phone.web.posting import Heard
from tests.offices import Clock, FailingKeyring

HOOK = "https://crm.example/hooks/1"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Receiver:
    """Gives the next of ``answers``, the last one again and again; an error is raised, a Killed
    one after the message was heard."""

    answers: list[Heard | BaseException] = field(default_factory=lambda: [Heard(200)])
    heard: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], proxy: str = "") -> Heard:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not isinstance(answer, Offline):
            self.heard.append((dict(headers), json.loads(body)))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def ids(self) -> list[object]:
        return [said["id"] for _, said in self.heard]


@dataclass
class Place:
    db: sqlite3.Connection
    settings: Settings = field(default_factory=lambda: Settings(crm_webhook=HOOK))
    keyring: FailingKeyring = field(default_factory=FailingKeyring)
    clock: Clock = field(default_factory=Clock)
    receiver: Receiver = field(default_factory=Receiver)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """What was in memory only is gone."""
        self.queue = Deliveries(self.db)
        self.webhook = Webhook(lambda: self.settings, self.keyring, self.clock, self.receiver)

    def put(self, *ids: str) -> None:
        made = [Delivery(one, 1, "missed", json.dumps({"id": one}), self.clock.at) for one in ids]
        self.queue.tell([], made, self.clock.at)

    def deliver(self) -> Step:
        return perform(self.webhook.deliver(self.queue)).step
