"""Clean Debian systems for the tests of the packages: as debootstrap makes them, and nothing more.

They lie under build/ and are kept; a test works in a copy. It takes root, for chroot and mounts.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools import environment
from tools.talk import ROOT, Stop, must_run, run, say

HOME = ROOT / "build" / "debian"
RELEASES = ("bookworm", "trixie")  # Debian 12 and 13
PACKAGES = ("debootstrap",)


def test(pytest_args: Sequence[str]) -> int:
    """Run tests/debian on what `dev.py package` left in dist/; 0 when all is well."""
    if os.geteuid() != 0:
        raise Stop(
            "clean systems are made and entered by root only: sudo python3 dev.py test --debian"
        )
    if not list((ROOT / "dist").glob("*.deb")):
        raise Stop("there is nothing to install: python3 dev.py package")
    for release in RELEASES:
        prepare(release)
    return run([environment.PYTHON, "-m", "pytest", *pytest_args, "tests/debian"])


def prepare(release: str) -> Path:
    """The system of that release, made at the first time. Raises Stop."""
    system, made = HOME / release, HOME / f"{release}.made"
    if not made.exists():
        say(f"making a clean Debian {release}")
        shutil.rmtree(system, ignore_errors=True)
        system.parent.mkdir(parents=True, exist_ok=True)
        must_run(
            ["debootstrap", "--variant=minbase", release, system],
            f"the Debian {release} could not be made (see above).",
        )
        # Services of packages are not started in it, as Debian's policy lets one say.
        policy = system / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        made.touch()
    return system
