"""The report of a program that runs, of one that was killed, and with damaged data."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.e2e.program import Company, Phone

pytestmark = pytest.mark.e2e


@pytest.fixture
def phone(desktop: Desktop) -> Phone:
    return Phone(desktop, Company(desktop, month=True).url)


def report(phone: Phone, file: Path) -> dict[str, dict[str, str]]:
    said = phone.run("diagnostics", str(file))
    assert (said.status, said.err) == (0, "")
    with zipfile.ZipFile(file) as packed:
        parts = json.loads(packed.read("report.json"))["parts"]
    return {part["title"]: dict(part["facts"]) for part in parts}


def test_a_running_program_tells_what_its_requests_did(phone: Phone, tmp_path: Path) -> None:
    phone.begin()
    phone.run("calls")
    found = report(phone, tmp_path / "r.zip")
    assert found["Running program"] == {"runs": "yes"}
    assert any("getCallHistory" in said for said in found["Last requests"].values())
    assert found["Session"]["Qt platform"] == "xcb"
    assert found["Data"]["database"] == "ok"


def test_without_a_program_and_with_damaged_data_there_is_a_report(
    phone: Phone, tmp_path: Path
) -> None:
    database = phone.paths.database
    database.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    before = database.read_bytes()
    found = report(phone, tmp_path / "r.zip")
    assert found["Running program"] == {"runs": "no"}
    assert found["Data"]["database"].startswith("SQLITE_")
    assert database.read_bytes() == before
