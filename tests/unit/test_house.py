"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _name(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.stem)
def test_pins_name_no_address(file: Path) -> None:
    assert "://" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.stem)
def test_every_pin_is_exact_and_hashed(file: Path) -> None:
    entries = file.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for entry in filter(str.strip, entries):
        assert re.match(r"[\w.-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("requirement", PROJECT["project"]["dependencies"], ids=_name)
def test_every_dependency_is_pinned_and_says_what_for(requirement: str) -> None:
    pinned = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(_name(requirement))}==", pinned, re.MULTILINE)
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip().startswith(f'"{requirement}"'))
    assert lines[at - 1].strip().startswith("#")


def test_the_versions_of_python_are_not_capped() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_python_files_stay_readable_in_one_sitting() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / "desk_phone").rglob("*.py")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_ci_does_nothing_but_run_the_tests() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith(("#", "set", "cd"))]
    assert said == ["exec python3 dev.py test"]


def test_words_are_translated_before_values_are_filled_in() -> None:
    """``tr(f"...")`` would look up a text that no catalogue has."""
    bad = re.compile(r"\b(?:tr|ntr|ptr)\(\s*f[\"']")
    found = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "desk_phone").rglob("*.py")
        if bad.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
