"""The checkout's own environment, ``.venv``: made once, renewed when Python or the pins change."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tools.talk import ROOT, must_run, say

VENV = ROOT / ".venv"
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _BIN / ("python.exe" if os.name == "nt" else "python")
_STAMP = VENV / "desk-phone.json"
_COMPILE_WORDS = (
    "from pathlib import Path; from tools import catalogues; "
    "catalogues.compile_what_there_is(Path.cwd())"
)
_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_DOWNLOAD_FAILED = (
    "the pinned packages could not be installed (see above). Can the package index be reached?\n"
    "What was already downloaded is kept, so starting again goes on from there."
)


def script(name: str) -> Path:
    """A program that one of the installed packages brings."""
    return _BIN / (f"{name}.exe" if os.name == "nt" else name)


def pins(name: str) -> Path:
    """``run``: what the program needs; ``dev``: that and all tools; ``lock``: what pins both."""
    return ROOT / "requirements" / f"{name}.txt"


def prepare(name: str) -> None:
    """Have ``.venv`` hold the pinned packages (``run`` or ``dev``) and the project, editable."""
    if not _is_usable():
        say(f"making the virtual environment {VENV.name} with Python {_VERSION}")
        must_run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            "the virtual environment could not be made (see above).",
        )
    stamp = _read_stamp()
    if stamp.get("pins") not in (_print_of("dev"), _print_of(name)):  # dev holds all of run
        _STAMP.unlink(missing_ok=True)  # a download that is broken off must not look finished
        install(name)
        stamp = {"pins": _print_of(name)}
    if stamp.get("project") != _project_print():
        say("installing Desk Phone itself, as a link to this checkout")
        must_run(
            [*_PIP_INSTALL, "--quiet", "--no-build-isolation", "--no-deps", "--editable", ROOT],
            "Desk Phone itself could not be installed (see above).",
        )
        stamp["project"] = _project_print()
    _STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    must_run([PYTHON, "-c", _COMPILE_WORDS], "the translations could not be compiled (see above).")


def install(name: str) -> None:
    """Install one file of pins, every download checked against its hash."""
    say(
        f"installing what {pins(name).relative_to(ROOT)} pins; Qt is a long download the first time"
    )
    must_run([*_PIP_INSTALL, "--require-hashes", "--no-deps", "-r", pins(name)], _DOWNLOAD_FAILED)


_PIP_INSTALL: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]


def _is_usable() -> bool:
    """Whether there is an environment of this very Python whose interpreter still starts."""
    question = "import sys, pip.__main__ as _; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.strip() == _VERSION


def _read_stamp() -> dict[str, str]:
    """What was last installed; empty when that is unknown."""
    try:
        stamp = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def _print_of(name: str) -> str:
    return f"{name} {_hash(pins(name))}"


def _project_print() -> str:
    """Changes when the version, the commands or the build do."""
    return _hash(ROOT / "pyproject.toml", ROOT / "desk_phone" / "__init__.py")


def _hash(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
