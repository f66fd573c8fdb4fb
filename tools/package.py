"""`dev.py package`: the wheel, and on Linux the bundle, the Debian package and the archive of it,
and the Debian package of the relay.

Everything lands in dist/. The bundles are frozen in an environment of its own under build/, which
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

from tools import environment, linux_package, relay_package, sbom
from tools.talk import ROOT, Stop, must_run, run, say

DIST, BUILD = ROOT / "dist", ROOT / "build"
BUNDLE = DIST / "desk-phone"
RELAY_BUNDLE = DIST / "desk-phone-relay"
SPEC = ROOT / "installers" / "desk_phone.spec"
RELAY_SPEC = ROOT / "installers" / "relay" / "desk_phone_relay.spec"
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
_NO_ENVIRONMENT = "the environment to freeze could not be made (see above)."


def package(args: list[str]) -> int:
    """``wheel``: that and the source archive only; ``bundle``: no packages of it; ``relay``: of
    Debian's packages the relay's alone; else all."""
    if unknown := sorted(set(args) - {"wheel", "bundle", "relay"}):
        raise Stop(f"no such part: {' '.join(unknown)}. There are: wheel bundle relay")
    os.environ["SOURCE_DATE_EPOCH"] = str(_time_of_commit())
    wheel = build_wheel()
    version, made = _version_of(wheel), [wheel]
    if "wheel" not in args:
        make_environment(wheel)
        if "relay" not in args:
            freeze(version)
            if sys.platform == "linux" and "bundle" not in args:
                made += linux_package.build(BUNDLE, DIST, version)
        if sys.platform == "linux" and "bundle" not in args:
            freeze_relay(version)
            made.append(relay_package.build(RELAY_BUNDLE, DIST, version))
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


def make_environment(wheel: Path) -> None:
    """To freeze in: the wheel, what a desk needs, and the tools for it."""
    if not environment.pins(FREEZER).exists():
        raise Stop("requirements/freeze.txt is missing: python3 dev.py lock")
    say("making an environment with the wheel alone, to freeze it there")
    must_run([sys.executable, "-m", "venv", "--clear", _VENV], _NO_ENVIRONMENT)
    for pins in ("run", FREEZER):
        _install("--require-hashes", "-r", environment.pins(pins))
    # By its name: pip would note where a file came from, and that would lie in every bundle.
    named = f"desk-phone=={_version_of(wheel)}"
    _install("--no-index", "--find-links", DIST, named)


def freeze(version: str) -> None:
    """The desk's program, into `BUNDLE`; it must start, or this ends with Stop."""
    if name := _ICONS.get(sys.platform):
        must_run(
            [environment.PYTHON, "-m", "tools.program_icon", DIST / name], "no icon was drawn."
        )
    _freeze(SPEC, BUNDLE, _program(), version)


def freeze_relay(version: str) -> None:
    """The server, into `RELAY_BUNDLE`, as `freeze` does."""
    _install("--require-hashes", "-r", environment.pins("relay"))
    _freeze(RELAY_SPEC, RELAY_BUNDLE, RELAY_BUNDLE.name, version)


def _freeze(spec: Path, bundle: Path, program: str, version: str) -> None:
    begun = time.monotonic()
    command: list[str | Path] = [
        *(_PYTHON, "-P", "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
        *("--distpath", DIST, "--workpath", BUILD / "frozen", spec),
    ]
    apart = {"PYTHONHASHSEED": "1", "PYTHONPATH": ""}  # sets lie in a bundle in their order
    if run(command, apart) != 0:
        raise Stop(f"{bundle.name} could not be frozen (see above).")
    must_run([bundle / program, "--version"], f"the frozen {bundle.name} does not start.")
    components = DIST / f"{bundle.name}-{version}-{sys.platform}.cdx.json"
    sbom.write(_PYTHON, bundle, components)
    shutil.copy(components, bundle / "_internal" / "licences" / "components.cdx.json")
    say(f"{bundle.name} frozen in {time.monotonic() - begun:.0f} s")


def _install(*words: str | Path) -> None:
    must_run([*_PIP, "--no-deps", *words], _NO_ENVIRONMENT)


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
