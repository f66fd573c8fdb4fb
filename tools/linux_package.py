"""The Debian package and the tar.gz of a frozen program, by dpkg-deb and tar alone.

The package has no maintainer scripts, takes no links over and starts nothing at login: the program
does both when a person says so. The archive holds the same tree, to be unpacked anywhere.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

from tools.help_texts import completion, manual
from tools.talk import ROOT, Stop, must_run, say

_FILES = ROOT / "installers" / "linux"
_GIVES = {  # what the bundle loads and does not hold: the Debian package that has it
    "ld-linux-x86-64.so.2": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libc.so.6": "libc6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libgio-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libutil.so.1": "libc6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libexpat.so.1": "libexpat1",
}
_MORE_DEPENDS = ("xdg-utils", "xkb-data")
_OPTIONAL = ("libqgtk3.so", "libcupsprintersupport.so")  # Qt does without where it cannot load them


def build(bundle: Path, out: Path, version: str) -> list[Path]:
    """The package and the archive, in ``out``. Raises Stop, most of all when the bundle loads
    something that no package of Depends gives."""
    depends = _depends(bundle)
    root = ROOT / "build" / "deb"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(bundle, root, version)
    archive = _archive(root, out / f"desk-phone-{version}-linux-{_machine()}.tar.gz", version)
    _write_control(root, version, depends)
    package = out / f"desk-phone_{version}_{_architecture()}.deb"
    must_run(
        ["dpkg-deb", "-Zxz", "--root-owner-group", "--build", root, package],
        "the Debian package could not be built (see above).",
    )
    return [package, archive]


def lay_out(bundle: Path, root: Path, version: str) -> None:
    """The tree as it is installed, below ``root``."""
    shutil.copytree(bundle, root / "usr/lib/desk-phone", symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/desk-phone").symlink_to("../lib/desk-phone/desk-phone")
    share, today = root / "usr/share", time.strftime("%Y-%m-%d", time.gmtime(_epoch()))
    program = bundle / "desk-phone"
    told = (_FILES / "ee.desk_phone.DeskPhone.metainfo.xml").read_text(encoding="utf-8")
    about = told.replace("@VERSION@", version).replace("@DATE@", today)
    for name, data in {
        "applications/desk-phone.desktop": (_FILES / "desk-phone.desktop").read_bytes(),
        "icons/hicolor/scalable/apps/desk-phone.svg": (_FILES / "desk-phone.svg").read_bytes(),
        "metainfo/ee.desk_phone.DeskPhone.metainfo.xml": about.encode(),
        "man/man1/desk-phone.1.gz": _gzipped(manual(_FILES / "desk-phone.1", program, version)),
        "bash-completion/completions/desk-phone": completion(program).encode(),
        "doc/desk-phone/copyright": _copyright().encode(),
        "doc/desk-phone/changelog.gz": _gzipped(_changelog(version)),
        "lintian/overrides/desk-phone": (_FILES / "lintian-overrides").read_bytes(),
    }.items():
        file = share / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    _set_modes_and_times(root)


def _set_modes_and_times(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path == root / "usr/lib/desk-phone/desk-phone"
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (_epoch(), _epoch()), follow_symlinks=False)


def _write_control(root: Path, version: str, depends: list[str]) -> None:
    size = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
    text = (_FILES / "control").read_text(encoding="utf-8")
    for hole, value in {
        "@VERSION@": version,
        "@ARCHITECTURE@": _architecture(),
        "@SIZE@": str(size),
        "@DEPENDS@": ", ".join(depends),
        "@AUTHORS@": _packager(),
    }.items():
        text = text.replace(hole, value)
    (root / "DEBIAN").mkdir(mode=0o755)
    (root / "DEBIAN/control").write_text(text, encoding="utf-8")


def _depends(bundle: Path) -> list[str]:
    """Of what the files of the bundle say they load; the newest libc symbol gives its version."""
    held, needed, libc = set(), set(), (0, 0)
    for file in sorted(path for path in bundle.rglob("*") if _is_elf(path)):
        told = subprocess.run(
            ["objdump", "-p", file], capture_output=True, text=True, check=True
        ).stdout
        held |= {file.name, *re.findall(r"SONAME\s+(\S+)", told)}
        if file.name not in _OPTIONAL:
            needed |= set(re.findall(r"NEEDED\s+(\S+)", told))
        found = re.findall(r"GLIBC_(\d+)\.(\d+)", told)
        libc = max([libc, *((int(major), int(minor)) for major, minor in found)])
    if unknown := sorted(needed - held - _GIVES.keys()):
        raise Stop(f"no package is known that gives {', '.join(unknown)} (tools/linux_package.py)")
    names = {_GIVES[name] for name in needed - held} | set(_MORE_DEPENDS)
    say(f"the bundle needs libc {libc[0]}.{libc[1]} and {len(names) - 1} more packages")
    return [f"libc6 (>= {libc[0]}.{libc[1]})", *sorted(names - {"libc6"})]


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _archive(root: Path, file: Path, version: str) -> Path:
    """The same tree under one folder; sorted, of nobody, and of the time of the commit."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = _epoch()
        return entry

    with (
        file.open("wb") as opened,
        gzip.GzipFile("", "wb", 9, opened, mtime=_epoch()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        folder = f"desk-phone-{version}"
        for path in sorted((root / "usr").rglob("*")):
            inside = f"{folder}/{path.relative_to(root / 'usr')}"
            archive.add(path, inside, recursive=False, filter=plain)
    return file


def _copyright() -> str:
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8").strip().splitlines()
    text = "".join(f" {line or '.'}\n" for line in ours)
    return (_FILES / "copyright").read_text(encoding="utf-8").replace("@LICENSE@\n", text)


def _changelog(version: str) -> str:
    day = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(_epoch()))
    head = f"desk-phone ({version}) stable; urgency=medium"
    return f"{head}\n\n  * See CHANGELOG.md of the project.\n\n -- {_packager()}  {day}\n"


def _packager() -> str:
    """Who answers for the package: Debian's own variables for it, or whoever has this computer."""
    name = os.environ.get("DEBFULLNAME", "The Desk Phone authors")
    return f"{name} <{os.environ.get('DEBEMAIL', 'desk-phone@localhost')}>"


def _gzipped(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def _epoch() -> int:
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _machine() -> str:
    return os.uname().machine


def _architecture() -> str:
    told = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()
