"""What every Debian package of ours needs: its fields, what it depends on, its modes and times.

Made by dpkg-deb alone; two runs from one commit on one machine give the same bytes.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from tools.talk import ROOT, Stop, must_run, say

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
_OPTIONAL = ("libqgtk3.so", "libcupsprintersupport.so")  # Qt does without where it cannot load them


def pack(root: Path, out: Path, name: str, version: str) -> Path:
    """The package of the tree below ``root``, in ``out``. Raises Stop."""
    package = out / f"{name}_{version}_{architecture()}.deb"
    must_run(
        ["dpkg-deb", "-Zxz", "--root-owner-group", "--build", root, package],
        "the Debian package could not be built (see above).",
    )
    return package


def set_modes_and_times(root: Path, programs: Iterable[str]) -> None:
    """``programs``, below ``root``, are what may be run; all is of the time of the commit."""
    runs_too = {root / name for name in programs}
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path in runs_too
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)


def write_control(root: Path, template: Path, version: str, depends: list[str]) -> None:
    """DEBIAN/control of the tree below ``root``, which is complete."""
    size = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
    text = template.read_text(encoding="utf-8")
    for hole, value in {
        "@VERSION@": version,
        "@ARCHITECTURE@": architecture(),
        "@SIZE@": str(size),
        "@DEPENDS@": ", ".join(depends),
        "@AUTHORS@": packager(),
    }.items():
        text = text.replace(hole, value)
    (root / "DEBIAN").mkdir(mode=0o755)
    (root / "DEBIAN/control").write_text(text, encoding="utf-8")


def depends_of(bundle: Path, more: Iterable[str] = ()) -> list[str]:
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
        raise Stop(f"no package is known that gives {', '.join(unknown)} (tools/debian_package.py)")
    names = {_GIVES[name] for name in needed - held} | set(more)
    say(f"the bundle needs libc {libc[0]}.{libc[1]} and {len(names) - 1} more packages")
    return [f"libc6 (>= {libc[0]}.{libc[1]})", *sorted(names - {"libc6"})]


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def copyright_of(template: Path) -> str:
    """With our own licence in its place."""
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8").strip().splitlines()
    text = "".join(f" {line or '.'}\n" for line in ours)
    return template.read_text(encoding="utf-8").replace("@LICENSE@\n", text)


def changelog(name: str, version: str) -> str:
    day = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(epoch()))
    head = f"{name} ({version}) stable; urgency=medium"
    return f"{head}\n\n  * See CHANGELOG.md of the project.\n\n -- {packager()}  {day}\n"


def packager() -> str:
    """Who answers for the package: Debian's own variables for it, or whoever has this computer."""
    name = os.environ.get("DEBFULLNAME", "The Desk Phone authors")
    return f"{name} <{os.environ.get('DEBEMAIL', 'desk-phone@localhost')}>"


def gzipped(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def epoch() -> int:
    return int(os.environ["SOURCE_DATE_EPOCH"])


def architecture() -> str:
    told = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()
