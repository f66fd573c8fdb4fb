"""A relay for the tests of its gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.asking import ALICE, ALL
from tests.contract.relays import Desk, Relay
from tests.fakes import FakeTelco


@pytest.fixture
def service() -> FakeTelco:
    service = FakeTelco()
    service.entries_ = {"1": ALICE}
    return service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay"), FakeTelco, proxies=["127.0.0.2"]) as relay:
        yield relay


@pytest.fixture
def relay(running: Relay, service: FakeTelco) -> Relay:
    """For who neither ends it nor looks at all of its database."""
    running.begin_anew(lambda: service)
    return running


@pytest.fixture
def fresh(tmp_path: Path, service: FakeTelco) -> Iterator[Relay]:
    with Relay(tmp_path, lambda: service) as relay:
        yield relay


@pytest.fixture
def desk(relay: Relay) -> Desk:
    return relay.plain_desk(ALL)
