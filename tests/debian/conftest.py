"""A clean system of each release, a desktop that its programs show on, and what is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian.clean import CleanDebian
from tests.desktop import Desktop
from tests.desktop.sandbox import ROOT
from tools.clean_debian import HOME, RELEASES


@pytest.fixture(params=RELEASES)
def desktop(request: pytest.FixtureRequest) -> Iterator[Desktop]:
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def clean(desktop: Desktop, request: pytest.FixtureRequest) -> Iterator[CleanDebian]:
    release = request.node.callspec.params["desktop"]
    root = HOME / f"tried-{release}"
    shutil.rmtree(root, ignore_errors=True)
    try:
        yield CleanDebian(HOME / release, root, desktop.folder)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def package() -> Path:
    return _newest("desk-phone_*.deb")


@pytest.fixture(scope="session")
def relay_package() -> Path:
    return _newest("desk-phone-relay_*.deb")


@pytest.fixture(scope="session")
def archive() -> Path:
    return _newest("desk-phone-*-linux-*.tar.gz")


@pytest.fixture(scope="session")
def older(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package, as if of a version before."""
    return _as_older(package, tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="session")
def older_relay(relay_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _as_older(relay_package, tmp_path_factory.mktemp("older-relay"))


def _as_older(package: Path, folder: Path) -> Path:
    tree, made = folder / "tree", folder / re.sub(r"_.*_", "_0.0.1_", package.name)
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    text = re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", control.read_text(encoding="utf-8"))
    control.write_text(text, encoding="utf-8")
    subprocess.run(["dpkg-deb", "-Znone", "--build", tree, made], check=True)
    return made


def _newest(pattern: str) -> Path:
    found = sorted((ROOT / "dist").glob(pattern), key=lambda file: file.stat().st_mtime)
    assert found, f"dist/{pattern}: python3 dev.py package"
    return found[-1]
