"""Addresses of directories, and people as a directory has them, by ldap3's own mock."""

from __future__ import annotations

from typing import Any

import pytest

from desk_phone.elsewhere.directory import quieten, rows
from desk_phone.elsewhere.ldap_address import NUMBERS, directory_of
from desk_phone.errors import BadInput, Refused
from desk_phone.web.limits import Deadline

BASE = "dc=example,dc=ee"


def test_an_address_says_everything() -> None:
    found = directory_of(
        "ldaps://ldap.example:1636/ou=k%C3%B5ik,dc=ee?cn,mobile,ipPhone?one?(cn=%2a%3f)"
    )
    assert (found.address.host, found.address.port, found.address.secure) == (
        *("ldap.example", 1636, True),
    )
    assert (found.base, found.scope, found.filter) == ("ou=kõik,dc=ee", "one", "(cn=*?)")
    assert found.numbers == ("mobile", "ipPhone")
    assert not found.starts_tls


def test_what_is_left_out_is_usual() -> None:
    found = directory_of("ldap://ldap.example")
    assert (found.address.port, found.base, found.scope) == (389, "", "sub")
    assert found.numbers == NUMBERS
    assert found.filter.startswith("(|(telephoneNumber=*)(mobile=*)")
    assert directory_of("ldaps://h").address.port == 636


@pytest.mark.parametrize(
    ("address", "starts_tls"),
    [
        ("ldap://ldap.example/", True),
        ("ldap://127.0.0.1/", False),
        ("ldap://localhost/", False),
        ("ldap://127.0.0.1.example/", True),
        ("ldaps://ldap.example/", False),
    ],
)
def test_only_this_computer_is_spoken_to_in_the_open(address: str, starts_tls: bool) -> None:
    found = directory_of(address)
    assert found.starts_tls is starts_tls


@pytest.mark.parametrize(
    "address",
    [
        "http://ldap.example/",
        "ldaps://",
        "ldaps://user:secret@ldap.example/",
        "ldaps://ldap.example:port/",
        "ldaps://ldap.example/dc=x#part",
        "ldaps://ldap.example/dc=x?cn)(uid=*",
        "ldaps://ldap.example/dc=x??everything",
        "ldaps://ldap.example/dc=x????!bindname=cn=x",
        "ldaps://ldap.example/dc=x?????",
        "ldaps://[::1/",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        directory_of(address)
    assert "secret" not in str(caught.value)


def mock(*people: dict[str, Any]) -> Any:
    quieten()
    from ldap3 import MOCK_SYNC, OFFLINE_AD_2012_R2, Connection, Server

    server = Server("directory.example", get_info=OFFLINE_AD_2012_R2)
    connection = Connection(server, client_strategy=MOCK_SYNC)
    for n, person in enumerate(people):
        attributes = {"objectClass": "user", **person}
        connection.strategy.add_entry(f"cn=p{n},{BASE}", attributes)
    connection.bind()
    return connection


def found(connection: Any, query: str = "") -> list[tuple[str, tuple[str, ...], str]]:
    directory = directory_of(f"ldap://127.0.0.1/{BASE}{query}")
    people = rows(connection, directory, Deadline(10.0))
    return sorted((row.name, row.numbers, row.company) for row in people)


def test_people_as_an_active_directory_has_them() -> None:
    connection = mock(
        {"displayName": "Mari Maasikas", "telephoneNumber": "640 1234", "company": "Firma"},
        {"givenName": "Õnne", "sn": "Õun", "mobile": "5123 4567", "otherTelephone": ["1", "2"]},
        {"displayName": "Nobody"},
    )
    assert found(connection) == [
        ("Mari Maasikas", ("640 1234",), "Firma"),
        ("p1", ("5123 4567", "1", "2"), ""),
    ]


def test_the_address_s_own_filter_and_attributes_count() -> None:
    connection = mock(
        {"displayName": "A", "telephoneNumber": "640 1234", "department": "Sales"},
        {"displayName": "B", "telephoneNumber": "640 1235", "department": "IT"},
    )
    assert found(connection, "?telephoneNumber?sub?(department=Sales)") == [
        ("A", ("640 1234",), "")
    ]


def test_a_base_that_is_not_there_is_told() -> None:
    connection = mock({"displayName": "A", "telephoneNumber": "640 1234"})
    directory = directory_of("ldap://127.0.0.1/dc=nowhere??base")
    with pytest.raises(Refused):
        list(rows(connection, directory, Deadline(10.0)))
