"""The Debian package of the relay: its frozen program, its units, samples of what lies around it.

Unlike the desk's it has maintainer scripts: a user of its own, and a restart when it is upgraded.
It starts and enables nothing by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.debian_package import (
    changelog,
    copyright_of,
    depends_of,
    gzipped,
    pack,
    set_modes_and_times,
    write_control,
)
from tools.help_texts import manual
from tools.talk import ROOT

NAME = "desk-phone-relay"
_FILES = ROOT / "installers" / "relay"
_DEBIAN = _FILES / "debian"
_SCRIPTS = ("postinst", "prerm", "postrm")
_MORE_DEPENDS = ("adduser",)
_UNITS = (f"{NAME}.service", f"{NAME}-backup.service", f"{NAME}-backup.timer")
_SAMPLES = (
    *("nginx.conf", "Caddyfile", "compose.yaml", "Containerfile"),
    *("mosquitto.conf", "mosquitto-trial.conf", "mosquitto-trial.acl", "mosquitto-setup.sh"),
)
_PAGES = ("relay_setup.md", "relay.md")
_RUN = (f"usr/lib/{NAME}/{NAME}", f"usr/share/{NAME}/mosquitto-setup.sh")


def build(bundle: Path, out: Path, version: str) -> Path:
    """The package, in ``out``. Raises Stop, most of all when the bundle loads something that no
    package of Depends gives."""
    depends = depends_of(bundle, _MORE_DEPENDS)
    root = ROOT / "build" / "relay-deb"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(bundle, root, version)
    write_control(root, _DEBIAN / "control", version, depends)
    for name in ("conffiles", *_SCRIPTS):
        shutil.copyfile(_DEBIAN / name, root / "DEBIAN" / name)
        (root / "DEBIAN" / name).chmod(0o755 if name in _SCRIPTS else 0o644)
    return pack(root, out, NAME, version)


def lay_out(bundle: Path, root: Path, version: str) -> None:
    """The tree as it is installed, below ``root``."""
    shutil.copytree(bundle, root / "usr/lib" / NAME, symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    for name, data in _around(bundle, version):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    set_modes_and_times(root, _RUN)


def _around(bundle: Path, version: str) -> Iterator[tuple[str, bytes]]:
    """Where each file goes, and what is in it."""
    doc = f"usr/share/doc/{NAME}"
    page = manual(_DEBIAN / f"{NAME}.8", bundle / NAME, version)
    yield f"usr/share/man/man8/{NAME}.8.gz", gzipped(page)
    yield f"{doc}/copyright", copyright_of(_DEBIAN / "copyright").encode()
    yield f"{doc}/changelog.gz", gzipped(changelog(NAME, version))
    yield f"usr/share/lintian/overrides/{NAME}", (_DEBIAN / "lintian-overrides").read_bytes()
    yield f"etc/{NAME}/relay.toml", (_FILES / "relay.toml").read_bytes()
    for unit in _UNITS:
        yield f"usr/lib/systemd/system/{unit}", (_FILES / unit).read_bytes()
    for sample in _SAMPLES:
        yield f"usr/share/{NAME}/{sample}", (_FILES / sample).read_bytes()
    for text in _PAGES:
        yield f"{doc}/{text}", (ROOT / "docs" / text).read_bytes()
