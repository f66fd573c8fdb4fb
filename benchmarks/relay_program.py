"""The relay's way of a notice, and nothing else of it: endpoint, outbox, broker, notices after.

For the figures: what the whole `desk-phone relay serve` costs more, everything else of it costs.
``python -m benchmarks.relay_program FOLDER PORT GATEWAY BROKER`` over `numbers.json` in the folder.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.relay_caller import PASSWORD, USER
from desk_phone.model.relayed import PAGE, Position, page_as_json
from desk_phone.model.secret import Secret
from desk_phone.relay.broker.publishing import Publishing
from desk_phone.relay.broker.rhythm import Rhythm
from desk_phone.relay.configuration import SERVICE_CALLS_FROM, BrokerPlace
from desk_phone.relay.receiving import Receiving
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.telco.notices import Rules
from desk_phone.telco.notices_callers import Networks

SECRET = "Zq4mJ0yB1cV7kR2nT9sX5wH8dL3fG6pAaEeIiOoUuQQ"
PATH = f"/v1/notices/{SECRET}"
DATABASE, NUMBERS = "relay.sqlite3", "numbers.json"

# A drill's minutes are a relay's days: it comes back sooner, and tells oftener how far it is.
_RHYTHM = Rhythm(first=0.05, longest=0.5, good_after=1.0, stalled=5.0, turn=0.1, turns=50)


async def serve(folder: Path, port: int, gateway: int, broker: int) -> None:
    numbers = json.loads((folder / NUMBERS).read_text())
    keeper = await open_keeper(folder / DATABASE, folder / "backups", datetime.now(UTC))
    place = BrokerPlace("127.0.0.1", broker, False, USER)
    rules = _rules(numbers)
    async with Publishing(
        keeper, place, Secret(PASSWORD), lambda: numbers, rhythm=_RHYTHM
    ) as published:
        receiving = Receiving(keeper, rules, published.tell)
        async with receiving.listener("127.0.0.1", port), await _gateway(keeper, gateway):
            await asyncio.Event().wait()


def _rules(numbers: Sequence[str]) -> Rules:
    callers, proxies = Networks.read(SERVICE_CALLS_FROM), Networks(["127.0.0.1"])
    return Rules(Secret(SECRET), frozenset(numbers), callers, proxies)


async def _gateway(keeper: Keeper, port: int) -> asyncio.Server:
    """Answers what a desk lacks; asks nobody who they are."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        url = urlsplit(head.split(b" ", 2)[1].decode())
        own, asked = unquote(url.path.split("/")[3]), parse_qs(url.query, keep_blank_values=True)
        known = Position(asked["epoch"][0], int(asked["after"][0]))
        page = await keeper.do(lambda db: outbox.after(db, own, known, PAGE))
        body = json.dumps(page_as_json(page)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", port)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
