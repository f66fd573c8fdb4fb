"""What `start.run` does before there is Qt, and what it leaves behind."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import desk_phone
from desk_phone import start
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.options import read
from desk_phone.paths import Paths
from desk_phone.system import plain_import

_START = """
import sys
from desk_phone import i18n, start
from desk_phone.assets import resource
from desk_phone.cli.language import language_of
from desk_phone.options import read
i18n.use(language_of([]), resource("locale"))
read(["--hidden"])
print(*sys.modules)
"""


@pytest.fixture
def place(tmp_path: Path) -> Paths:
    place = Paths(tmp_path)
    place.make()
    return place


def run(
    place: Paths, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None
) -> list[bool]:
    """Whether garbage was collected while the tray program ran."""
    collected: list[bool] = []

    def ran(*_: object, **__: object) -> int:
        collected.append(gc.isenabled())
        if error is not None:
            raise error
        return 0

    desktop = SimpleNamespace(run=ran)
    monkeypatch.setattr(desk_phone, "desktop", desktop, raising=False)
    monkeypatch.setitem(sys.modules, "desk_phone.desktop", desktop)  # type: ignore[arg-type]
    monkeypatch.setattr(plain_import, "keep", lambda: None)
    monkeypatch.setattr(start, "has_display", lambda: True)
    start.run(read(["--hidden"]), ["--hidden"], place, Secret(""))
    return collected


def test_no_garbage_is_looked_for_until_the_icon_shows(
    place: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(place, monkeypatch) == [False]
    assert gc.isenabled()


def test_a_failed_start_leaves_it_as_it_was(place: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput):
        run(place, monkeypatch, BadInput("no", "way"))
    assert gc.isenabled()


def test_python_s_own_import_statement_stays() -> None:
    code = (
        "import builtins; before = builtins.__import__;"
        "from desk_phone.system import plain_import; plain_import.keep();"
        "import sys; print('PySide6.QtCore' in sys.modules, builtins.__import__ is before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_what_comes_before_the_icon_is_little() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.split())
    assert "desk_phone.start" in modules
    assert modules.isdisjoint({"PySide6", "locale", "subprocess", "sqlite3", "ctypes", "logging"})
    assert modules.isdisjoint({"desk_phone.desktop", "desk_phone.program", "desk_phone.logs"})
