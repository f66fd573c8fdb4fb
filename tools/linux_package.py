"""The Debian package and the tar.gz of a frozen program, by dpkg-deb and tar alone.

The package has no maintainer scripts, takes no links over and starts nothing at login: the program
does both when a person says so. The archive holds the same tree, to be unpacked anywhere.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import time
from pathlib import Path

from tools.debian_package import (
    changelog,
    copyright_of,
    depends_of,
    epoch,
    gzipped,
    pack,
    set_modes_and_times,
    write_control,
)
from tools.help_texts import completion, manual
from tools.talk import ROOT

_FILES = ROOT / "installers" / "linux"
_MORE_DEPENDS = ("xdg-utils", "xkb-data")


def build(bundle: Path, out: Path, version: str) -> list[Path]:
    """The package and the archive, in ``out``. Raises Stop, most of all when the bundle loads
    something that no package of Depends gives."""
    depends = depends_of(bundle, _MORE_DEPENDS)
    root = ROOT / "build" / "deb"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(bundle, root, version)
    archive = _archive(root, out / f"desk-phone-{version}-linux-{_machine()}.tar.gz", version)
    write_control(root, _FILES / "control", version, depends)
    return [pack(root, out, "desk-phone", version), archive]


def lay_out(bundle: Path, root: Path, version: str) -> None:
    """The tree as it is installed, below ``root``."""
    shutil.copytree(bundle, root / "usr/lib/desk-phone", symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/desk-phone").symlink_to("../lib/desk-phone/desk-phone")
    share, today = root / "usr/share", time.strftime("%Y-%m-%d", time.gmtime(epoch()))
    program = bundle / "desk-phone"
    told = (_FILES / "ee.desk_phone.DeskPhone.metainfo.xml").read_text(encoding="utf-8")
    about = told.replace("@VERSION@", version).replace("@DATE@", today)
    for name, data in {
        "applications/desk-phone.desktop": (_FILES / "desk-phone.desktop").read_bytes(),
        "icons/hicolor/scalable/apps/desk-phone.svg": (_FILES / "desk-phone.svg").read_bytes(),
        "metainfo/ee.desk_phone.DeskPhone.metainfo.xml": about.encode(),
        "man/man1/desk-phone.1.gz": gzipped(manual(_FILES / "desk-phone.1", program, version)),
        "bash-completion/completions/desk-phone": completion(program).encode(),
        "doc/desk-phone/copyright": copyright_of(_FILES / "copyright").encode(),
        "doc/desk-phone/changelog.gz": gzipped(changelog("desk-phone", version)),
        "lintian/overrides/desk-phone": (_FILES / "lintian-overrides").read_bytes(),
    }.items():
        file = share / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    set_modes_and_times(root, ["usr/lib/desk-phone/desk-phone"])


def _archive(root: Path, file: Path, version: str) -> Path:
    """The same tree under one folder; sorted, of nobody, and of the time of the commit."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = epoch()
        return entry

    with (
        file.open("wb") as opened,
        gzip.GzipFile("", "wb", 9, opened, mtime=epoch()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        folder = f"desk-phone-{version}"
        for path in sorted((root / "usr").rglob("*")):
            inside = f"{folder}/{path.relative_to(root / 'usr')}"
            archive.add(path, inside, recursive=False, filter=plain)
    return file


def _machine() -> str:
    return os.uname().machine
