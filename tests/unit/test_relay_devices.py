"""Who may ask the relay: codes that work once and not for long, tokens nobody can read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadCredentials, BadInput, Refused
from desk_phone.model.secret import Secret
from desk_phone.relay.state import audit, devices
from desk_phone.relay.state.devices import Enrolment, Rights
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.database import open_database

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OWN, OTHER_OWN = "+3726401234", "+3726403231"
RIGHTS = Rights((OWN, OTHER_OWN), may_edit=True)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = open_database(tmp_path / "relay.sqlite3", tmp_path / "backups", NOW, STEPS).db
    yield db
    db.close()


def enrol(db: sqlite3.Connection, name: str = "Mari's desk", rights: Rights = RIGHTS) -> Enrolment:
    return devices.use_code(db, devices.new_code(db, name, rights, NOW), NOW)


def whole(db: sqlite3.Connection) -> str:
    """All that is on the disk, as text."""
    return "\n".join(db.iterdump())


# codes


@pytest.mark.parametrize(
    "code", ["", "ABCD", "ABCD-EFGH-JKMN", "\ud83d", "%' OR 1=1 --", "x" * 9999]
)
def test_a_code_that_is_none_is_refused(db: sqlite3.Connection, code: str) -> None:
    devices.new_code(db, "Mari", RIGHTS, NOW)
    with pytest.raises(Refused):
        devices.use_code(db, Secret(code), NOW)
    assert devices.listed(db) == ()


def test_a_code_works_once(db: sqlite3.Connection) -> None:
    code = devices.new_code(db, "Mari", RIGHTS, NOW)
    devices.use_code(db, code, NOW)
    with pytest.raises(Refused):
        devices.use_code(db, code, NOW)
    with pytest.raises(Refused):
        devices.offered(db, code, NOW)
    assert len(devices.listed(db)) == 1


def test_a_code_works_for_a_quarter_of_an_hour(db: sqlite3.Connection) -> None:
    code = devices.new_code(db, "Mari", RIGHTS, NOW)
    with pytest.raises(Refused):
        devices.use_code(db, code, NOW + devices.CODE_LIVES)
    devices.use_code(db, code, NOW + devices.CODE_LIVES - timedelta(seconds=1))


def test_a_clock_that_is_set_back_lets_no_code_live_longer(db: sqlite3.Connection) -> None:
    code = devices.new_code(db, "Mari", RIGHTS, NOW)
    with pytest.raises(Refused):
        devices.use_code(db, code, NOW - timedelta(hours=1))
    devices.use_code(db, code, NOW - timedelta(seconds=30))  # time servers correct that much


def test_nobody_is_told_why_a_code_does_not_work(db: sqlite3.Connection) -> None:
    used, old = (devices.new_code(db, "Mari", RIGHTS, NOW) for _ in range(2))
    devices.use_code(db, used, NOW)
    said = set()
    for code, at in ((used, NOW), (old, NOW + timedelta(hours=1)), (Secret("no"), NOW)):
        with pytest.raises(Refused) as caught:
            devices.offered(db, code, at)
        said.add((caught.value.title, caught.value.message, caught.value.code))
    assert len(said) == 1


def test_a_code_is_typed_as_people_type(db: sqlite3.Connection) -> None:
    for way in (str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")):
        code = devices.new_code(db, "Mari", RIGHTS, NOW).reveal()
        assert devices.use_code(db, Secret(f" {way(code)}\n"), NOW).rights == RIGHTS


def test_codes_have_three_groups_of_letters_that_cannot_be_mistaken(db: sqlite3.Connection) -> None:
    codes = {devices.new_code(db, "Mari", RIGHTS, NOW).reveal() for _ in range(100)}
    assert len(codes) == 100
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(4, 4, 4)}
    assert not set("".join(codes)) & set("ILOQUV01")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("", (OWN,)), (" \u200b\n", (OWN,)), ("Mari", ()), ("Mari", ("6401234",)), ("Mari", ("+x",))],
)
def test_a_code_needs_a_name_and_canonical_numbers(
    db: sqlite3.Connection, name: str, numbers: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput):
        devices.new_code(db, name, Rights(numbers), NOW)


# tokens


def test_neither_code_nor_token_is_on_the_disk(db: sqlite3.Connection) -> None:
    code = devices.new_code(db, "Mari", RIGHTS, NOW)
    token = devices.use_code(db, code, NOW).token
    for secret in (code.reveal(), code.reveal().replace("-", ""), token.reveal()):
        assert secret not in whole(db)
    assert len(token.reveal()) >= 43


def test_a_token_opens_for_its_device_alone(db: sqlite3.Connection) -> None:
    mari, jaan = enrol(db), enrol(db, "Jaan", Rights((OWN,)))
    assert devices.by_token(db, mari.token, NOW).id == mari.device
    found = devices.by_token(db, jaan.token, NOW)
    assert (found.id, found.name, found.rights) == (jaan.device, "Jaan", Rights((OWN,)))
    for wrong in ("", mari.device, mari.token.reveal()[:-1], mari.token.reveal() + "x", "\ud83d"):
        with pytest.raises(BadCredentials):
            devices.by_token(db, Secret(wrong), NOW)


def test_a_revoked_one_is_out(db: sqlite3.Connection) -> None:
    mari, jaan = enrol(db), enrol(db, "Jaan")
    devices.revoke(db, mari.device, NOW)
    devices.revoke(db, mari.device, NOW + timedelta(hours=1))  # once is enough
    with pytest.raises(BadCredentials):
        devices.by_token(db, mari.token, NOW)
    devices.by_token(db, jaan.token, NOW)
    assert devices.revoked_accounts(db) == {mari.device}
    assert {one.id: one.revoked for one in devices.listed(db)} == {
        mari.device: NOW,
        jaan.device: None,
    }
    acts = [row.act.what for row in audit.rows(db, 0, 10)]
    assert acts.count(audit.What.REVOKE) == 1


def test_one_that_is_not_there_cannot_be_revoked(db: sqlite3.Connection) -> None:
    with pytest.raises(BadInput, match="no such computer"):
        devices.revoke(db, "d0", NOW)
    with pytest.raises(BadInput, match="no such computer"):
        devices.grant(db, "d0", RIGHTS, NOW)


def test_rights_may_change(db: sqlite3.Connection) -> None:
    mari = enrol(db)
    devices.grant(db, mari.device, Rights((OTHER_OWN,), may_target=True), NOW)
    assert devices.by_token(db, mari.token, NOW).rights == Rights((OTHER_OWN,), False, True)


def test_one_that_was_revoked_gets_no_rights(db: sqlite3.Connection) -> None:
    mari = enrol(db)
    devices.revoke(db, mari.device, NOW)
    with pytest.raises(BadInput, match="no longer enrolled"):
        devices.grant(db, mari.device, Rights((OTHER_OWN,)), NOW)
    assert devices.listed(db)[0].rights == mari.rights


def test_when_it_asked_last_is_known_to_the_hour(db: sqlite3.Connection) -> None:
    mari = enrol(db)
    assert devices.listed(db)[0].seen is None
    devices.by_token(db, mari.token, NOW)
    before = db.total_changes
    devices.by_token(db, mari.token, NOW + timedelta(minutes=59))
    assert db.total_changes == before  # a question costs no write
    assert devices.listed(db)[0].seen == NOW
    devices.by_token(db, mari.token, NOW + timedelta(minutes=61))
    assert devices.listed(db)[0].seen == NOW + timedelta(minutes=61)


def test_what_is_long_over_is_let_go(db: sqlite3.Connection) -> None:
    mari, _jaan = enrol(db), enrol(db, "Jaan")
    devices.revoke(db, mari.device, NOW)
    assert devices.purge(db, NOW) == 0
    assert devices.purge(db, NOW + timedelta(days=2)) == 2
    assert devices.purge(db, NOW + timedelta(days=366)) == 1
    assert [one.name for one in devices.listed(db)] == ["Jaan"]
