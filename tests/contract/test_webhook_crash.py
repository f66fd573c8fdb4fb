"""A process that is killed while the receiver has its message: the next one sends it once more."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tests.contract.server import Heard, Server, http

PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from desk_phone.app.acts import perform
from desk_phone.app.crm_acts import Webhook, example, new_delivery
from desk_phone.model.crm import Event, Happening
from desk_phone.settings import Settings
from desk_phone.store.database import open_database
from desk_phone.store.deliveries import Deliveries

folder, url, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
now = datetime.now(UTC)
opened = open_database(folder / "calls.sqlite3", folder / "backups", now)
queue = Deliveries(opened.db)
happening = Happening(Event.MISSED, example(now).call, now)
for _ in range(count):
    queue.tell([], [new_delivery(happening, "", now)], now)
settings = Settings(crm_webhook=url)
webhook = Webhook(lambda: settings, None, lambda: now)
while queue.waiting:
    print(perform(webhook.deliver(queue)).step, flush=True)
opened.db.close()
"""


def test_killed_between_sent_and_written_down(tmp_path: Path) -> None:
    arrived, gone = threading.Event(), threading.Event()

    def hold(_heard: Heard, _connection: socket.socket, _stopping: threading.Event) -> None:
        arrived.set()
        gone.wait(30)

    with Server(hold, http("", 204)) as server:
        url = f"http://127.0.0.1:{server.port}/hook"
        command = [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path), url]
        with subprocess.Popen([*command, "2"], stdout=subprocess.PIPE) as first:
            assert arrived.wait(30)
            first.kill()
            assert first.communicate(timeout=30)[0] == b""
        gone.set()
        second = subprocess.run(
            [*command, "0"], capture_output=True, timeout=30, check=True, text=True
        )
    assert (second.stdout.split(), second.stderr) == (["taken", "taken"], "")
    keys = [heard.header("Idempotency-Key") for heard in server.heard]
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]
    assert [json.loads(heard.body)["id"] for heard in server.heard] == keys
