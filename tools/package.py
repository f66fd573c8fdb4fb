"""`dev.py package`: the wheel, and on Linux the bundle, the Debian package and the archive of it.

Everything lands in dist/. The bundle is frozen in an environment of its own under build/, which
holds the wheel and what it needs, and none of the tools that tests and checks bring. Two runs from
one commit on one machine give the same bytes: every time in them is the commit's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools import environment, linux_package, sbom
from tools.talk import ROOT, Stop, must_run, run, say

DIST, BUILD = ROOT / "dist", ROOT / "build"
BUNDLE = DIST / "desk-phone"
SPEC = ROOT / "installers" / "desk_phone.spec"
FREEZER = "freeze"  # requirements/freeze.txt pins PyInstaller
_VENV = BUILD / "frozen-from"
_PYTHON = _VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_ICONS = {"win32": "desk-phone.ico", "darwin": "desk-phone.icns"}  # desk_phone.spec takes them
_PIP: tuple[str | Path, ...] = (
    _PYTHON,
    "-m",
    "pip",
    "--disable-pip-version-check",
    "install",
    "--quiet",
)


def package(args: list[str]) -> int:
    """``wheel``: that and the source archive only; ``bundle``: no packages of it; else all."""
    if unknown := sorted(set(args) - {"wheel", "bundle"}):
        raise Stop(f"no such part: {' '.join(unknown)}. There are: wheel bundle")
    os.environ["SOURCE_DATE_EPOCH"] = str(_time_of_commit())
    wheel = build_wheel()
    made = [wheel]
    if "wheel" not in args:
        freeze(wheel)
        if sys.platform == "linux" and "bundle" not in args:
            made += linux_package.build(BUNDLE, DIST, _version_of(wheel))
    for file in made:
        say(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


def build_wheel() -> Path:
    """And the source archive beside it."""
    for old in DIST.glob("desk_phone-*.whl"):
        old.unlink()
    must_run(
        [environment.PYTHON, "-m", "hatchling", "build", "-d", DIST],
        "the wheel could not be built (see above).",
    )
    return next(DIST.glob("desk_phone-*.whl"))


def freeze(wheel: Path) -> None:
    """Into `BUNDLE`; it must start, or this ends with Stop."""
    if not environment.pins(FREEZER).exists():
        raise Stop("requirements/freeze.txt is missing: python3 dev.py lock")
    say("making an environment with the wheel alone, and freezing it")
    failed = "the environment to freeze could not be made (see above)."
    must_run([sys.executable, "-m", "venv", "--clear", _VENV], failed)
    for pins in ("run", FREEZER):
        must_run([*_PIP, "--require-hashes", "--no-deps", "-r", environment.pins(pins)], failed)
    # By its name: pip would note where a file came from, and that would lie in every bundle.
    named = f"desk-phone=={_version_of(wheel)}"
    must_run([*_PIP, "--no-deps", "--no-index", "--find-links", DIST, named], failed)
    begun = time.monotonic()
    if name := _ICONS.get(sys.platform):
        must_run(
            [environment.PYTHON, "-m", "tools.program_icon", DIST / name], "no icon was drawn."
        )
    command: list[str | Path] = [
        *(_PYTHON, "-P", "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
        *("--distpath", DIST, "--workpath", BUILD / "frozen", SPEC),
    ]
    apart = {"PYTHONHASHSEED": "1", "PYTHONPATH": ""}  # sets lie in a bundle in their order
    if run(command, apart) != 0:
        raise Stop("the program could not be frozen (see above).")
    must_run([BUNDLE / _program(), "--version"], "the frozen program does not start.")
    components = DIST / f"desk-phone-{_version_of(wheel)}-{sys.platform}.cdx.json"
    sbom.write(_PYTHON, BUNDLE, components)
    shutil.copy(components, BUNDLE / "_internal" / "licences" / "components.cdx.json")
    say(f"frozen in {time.monotonic() - begun:.0f} s")


def _program() -> str:
    return "desk-phone-console.exe" if sys.platform == "win32" else "desk-phone"


def _version_of(wheel: Path) -> str:
    return wheel.name.split("-")[1]


def _time_of_commit() -> int:
    """Seconds of the epoch; of now where there is no git."""
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%ct"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return int(told.stdout)
