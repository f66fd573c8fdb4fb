"""Decoding 3,000 call records: our reader, the parser alone, and zeep."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree
from zeep import Client
from zeep.transports import Transport

from benchmarks.report import Figure, cpu_of, end, heading, limit, line, ratio
from desk_phone.assets import resource
from desk_phone.simulator import wire
from desk_phone.simulator.answer import Spelling
from desk_phone.simulator.company import OWN_NUMBERS, Company
from desk_phone.simulator.past import records
from desk_phone.simulator.people import crowd
from desk_phone.telco.answers import read_history
from desk_phone.telco.reply import Reply

RECORDS = 3000
RUNS = 9


def main() -> None:
    heading(f"Decoding {RECORDS} records")
    body = _body()
    reply = Reply(200, "text/xml; charset=UTF-8", body, len(body))
    zeep = _zeep_reader(body)
    assert len(read_history(reply)) == RECORDS
    assert zeep() == RECORDS

    def per_record(work: Callable[[], object], runs: int = RUNS) -> Figure:
        return Figure([s / RECORDS * 1e6 for s in cpu_of(work, runs)], "us a record")

    ours = per_record(lambda: read_history(reply))
    floor = per_record(lambda: etree.fromstring(body))
    theirs = per_record(zeep, 5)
    line("lxml parse alone", floor)
    line("our reader", ours)
    line("zeep", theirs)
    our_peak, their_peak = _peak(lambda: read_history(reply)), _peak(zeep)
    end(
        [
            limit("our reader", ours.median, 10, "us", ours, floor),
            ratio("our reader against zeep", ours, theirs, 0.1),
            limit("Python memory against zeep's", our_peak / their_peak, 0.25, "x"),
        ]
    )


def _body() -> bytes:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    company = Company()
    own = OWN_NUMBERS[0]
    company.note(*records(1, [own], crowd(1), now, RECORDS))
    answer = Spelling().answer(wire.envelope(wire.history(company.history(own, now))))
    return answer.body


def _zeep_reader(body: bytes) -> Callable[[], int]:
    """The records that zeep's own reader makes of the same answer."""

    class Canned(Transport):
        def post(self, *_: object) -> object:
            raise NotImplementedError

    client = Client(str(resource("wsdl", "services.wsdl")), transport=Canned())
    operation = next(iter(client.wsdl.bindings.values())).get("getCallHistory")

    def read() -> int:
        found = operation.process_reply(etree.fromstring(body))
        return len(found.listofCallDetaileRecord.item)

    return read


def _peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    kept = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak


if __name__ == "__main__":
    main()
