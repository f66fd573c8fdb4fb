"""Which accounts are of the same company."""

from __future__ import annotations

import pytest

from desk_phone.model.company import AnotherCompany, Company, Stranger, company_of

URL = "https://teenused.telia.ee/external/"
OURS = company_of("P0000000@elion.ee", URL)


@pytest.mark.parametrize(
    ("user", "url"),
    [
        pytest.param("P0000001@elion.ee", URL, id="user"),
        pytest.param("P0000000@elion.ee", "https://other.example/external/", id="host"),
        pytest.param("P0000000@elion.ee", "https://teenused.telia.ee/test/", id="path"),
        pytest.param("P0000000@elion.ee", "https://teenused.telia.ee:8443/external/", id="port"),
        pytest.param("P0000000@elion.ee", "http://[", id="no address"),
        pytest.param("P0000000@elion.ee", "http://h:99999/", id="no port"),
    ],
)
def test_another_user_or_service_is_another_company(user: str, url: str) -> None:
    assert not company_of(user, url).is_same(OURS)


@pytest.mark.parametrize(
    ("user", "url"),
    [
        pytest.param(" p0000000@ELION.ee ", URL, id="spelling of the user"),
        pytest.param("P0000000@elion.ee", "HTTPS://Teenused.Telia.EE/external", id="of the host"),
        pytest.param("P0000000@elion.ee", "https://teenused.telia.ee:443/external//", id="port"),
        pytest.param("P0000000@elion.ee", "http://teenused.telia.ee/external/", id="scheme"),
    ],
)
def test_another_spelling_is_the_same_company(user: str, url: str) -> None:
    assert company_of(user, url).is_same(OURS)


def test_companies_are_told_apart_by_the_user_or_else_by_the_service() -> None:
    other, moved = company_of("P1@elion.ee", URL), Company("p0000000@elion.ee", "h/x")
    assert Stranger(OURS, other).names == ("P0000000@elion.ee", "P1@elion.ee")
    assert Stranger(OURS, moved).names == (
        "P0000000@elion.ee, teenused.telia.ee/external",
        "p0000000@elion.ee, h/x",
    )
    assert AnotherCompany(OURS, other).title == (
        "This phonebook belongs to P0000000@elion.ee; you are now P1@elion.ee"
    )
