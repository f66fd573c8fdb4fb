"""What the way through a relay promises beside all that every way to the company does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from desk_phone.app.office import connect
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import Position, Relayed
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.gateway import GatewayTelco
from desk_phone.telco.gateway_trouble import CHANGED
from desk_phone.telco.service import Entry
from tests.contract.gateways import TOKEN, Gateway
from tests.fakes import FakeTelco

OWN, OTHER = "+3726401234", "+3725123456"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    company = FakeTelco()
    company.entries_ = {"1": Entry("1", "Alice", "+3725550001")}
    with Gateway(company) as gateway:
        yield gateway


@pytest.fixture
def telco(gateway: Gateway) -> GatewayTelco:
    return gateway.telco()


def test_an_account_of_a_relay_never_goes_to_the_company_itself() -> None:
    account = Account("P1", Secret(TOKEN), relay_url="https://relay.example", device="d1")
    assert isinstance(connect(account), GatewayTelco)


def test_an_answer_that_is_lost_on_the_way_here_is_asked_for_once_more(
    gateway: Gateway, telco: GatewayTelco
) -> None:
    """With the same key: it is done once."""
    gateway.lose = 1
    telco.call(OWN, OTHER)
    assert gateway.company.dialled == [(OWN, OTHER)]
    keys = [headers["idempotency-key"] for _, _, headers in gateway.heard]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_two_acts_have_two_keys(gateway: Gateway, telco: GatewayTelco) -> None:
    telco.call(OWN, OTHER)
    telco.call(OWN, OTHER)
    assert gateway.company.dialled == [(OWN, OTHER)] * 2


def test_lost_twice_it_is_in_doubt(gateway: Gateway, telco: GatewayTelco) -> None:
    gateway.lose = 2
    with pytest.raises(Uncertain, match="look before you call again"):
        telco.call(OWN, OTHER)
    assert gateway.company.dialled == [(OWN, OTHER)]


def test_a_relay_that_goes_in_between_leaves_it_in_doubt(
    gateway: Gateway, telco: GatewayTelco, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = telco._wire.ask, []

    def ask(*words: object) -> object:
        asked.append(words)
        if len(asked) > 1:
            raise Offline("Nobody is there", "Later.")
        gateway.lose = 1
        return real(*words)

    monkeypatch.setattr(telco._wire, "ask", ask)
    with pytest.raises(Uncertain):
        telco.call(OWN, OTHER)


def test_what_somebody_else_changed_is_not_written_over(
    gateway: Gateway, telco: GatewayTelco
) -> None:
    telco.entries()
    gateway.company.entries_["1"] = Entry("1", "Alice Cooper", "+3725550001")
    for deed in (
        lambda: telco.update_entry(Entry("1", "Bob", OTHER)),
        lambda: telco.delete_entry("1"),
    ):
        with pytest.raises(Refused) as caught:
            deed()
        assert caught.value.code == CHANGED
    assert gateway.company.entries_["1"].name == "Alice Cooper"
    telco.entries()
    telco.update_entry(Entry("1", "Bob", OTHER))
    assert gateway.company.entries_["1"].name == "Bob"


@pytest.mark.parametrize(
    ("status", "kind", "title"),
    [
        (400, BadInput, "does not understand"),
        (401, BadCredentials, "no longer enrolled"),
        (403, Refused, "does not let this computer"),
        (423, Offline, "own password was refused"),
        (429, Offline, "too often"),
        (500, Uncertain, "not known"),
        (502, Uncertain, "not known"),
        (503, Offline, "does not reach"),
    ],
)
def test_what_the_relay_does_not_do_is_said(
    gateway: Gateway, telco: GatewayTelco, status: int, kind: type[PhoneError], title: str
) -> None:
    gateway.says = [(status, {})]
    with pytest.raises(kind, match=title):
        telco.call(OWN, OTHER)
    assert gateway.company.dialled == []
    assert len(gateway.heard) == 1


@pytest.mark.parametrize(
    "said",
    [{}, {"records": 7}, {"records": [7]}, {"records": [{"id": "1"}]}, {"entries": [{"id": 1}]}],
)
def test_an_answer_that_is_none_is_not_believed(
    gateway: Gateway, telco: GatewayTelco, said: dict[str, object]
) -> None:
    gateway.says = [(200, said), (200, said), (200, said)]
    for deed in (telco.numbers, telco.entries, lambda: telco.history(OWN)):
        with pytest.raises(Uncertain, match="no relay"):
            deed()


def test_a_revoked_token_is_said_so(gateway: Gateway) -> None:
    with pytest.raises(BadCredentials, match="no longer enrolled"):
        gateway.telco("another").numbers()


def test_what_came_meanwhile_is_handed_over_in_its_order(
    gateway: Gateway, telco: GatewayTelco
) -> None:
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    gateway.held = [
        Relayed(Position("e1", n), at, Notice(OWN, OTHER, at, f"Nr {n}", "Start", "No"))
        for n in (1, 2, 3)
    ]
    page = telco.notices_after(OWN, Position("e1", 1))
    assert [relayed.position.seq for relayed in page.notices] == [2, 3]
    assert page.last == Position("e1", 3)
    assert len(telco.notices_after(OWN, Position("another", 7)).notices) == 3


def test_the_token_is_in_no_text_of_ours(gateway: Gateway, telco: GatewayTelco) -> None:
    gateway.says = [(403, {})]
    with pytest.raises(Refused) as caught:
        telco.call(OWN, OTHER)
    assert TOKEN not in repr((caught.value, telco._account))
