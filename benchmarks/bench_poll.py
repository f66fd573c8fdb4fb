"""A poll with nothing new, 1,000 records: what it costs beside plain HTTP and beside decoding."""

from __future__ import annotations

import hashlib
import http.client
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from benchmarks.report import Figure, cpu_of, end, heading, limit, line, ratio
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.soap import SoapTelco

RECORDS, RUNS = 1000, 15
OWN = "+3726401234"


def main() -> None:
    heading(f"A poll with nothing new, {RECORDS} records")
    with _service() as url:
        account = Account("P0000000@elion.ee", Secret("secret"), url)
        telco = SoapTelco(account)
        known = telco.history(OWN).digest
        assert telco.history(OWN, known).records is None
        nothing = _ms(lambda: telco.history(OWN, known))
        decoding = _ms(lambda: telco.history(OWN))
        floor = _ms(lambda: _plain(account))
    line("plain http.client and a hash", floor)
    line("nothing new", nothing)
    line("all of it decoded by our reader", decoding)
    end(
        [
            limit("a poll with nothing new", nothing.median, 2.5, "ms CPU", nothing, floor),
            ratio("nothing new against decoding", nothing, decoding, 0.5),
        ]
    )


def _ms(work: Callable[[], object]) -> Figure:
    return Figure([s * 1000 for s in cpu_of(work, RUNS)], "ms CPU")


def _plain(account: Account) -> str:
    """The same request without signing, answering with an error: the price of HTTP alone."""
    parts = urlsplit(account.services_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    try:
        headers = {"Content-Type": "text/xml", "SOAPAction": '""', "Accept-Encoding": "gzip"}
        connection.request("POST", parts.path, b"<x/>", headers)
        return hashlib.sha256(connection.getresponse().read()).hexdigest()
    finally:
        connection.close()


@contextmanager
def _service() -> Iterator[str]:
    """The simulator in a process of its own, so that its work is not ours."""
    words = [sys.executable, "-m", "desk_phone", "simulate"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        control = url.replace("/external/", "/_control")
        wish = f'{{"quiet": true, "records": {RECORDS}}}'.encode()
        urllib.request.urlopen(urllib.request.Request(control, wish)).close()
        yield url
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main()
