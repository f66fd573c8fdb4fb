"""How the windows looked when somebody last approved of it: PNGs, and what they depend on.

``python -m tests.ui.golden --renew`` takes them all anew, for a person to look at before they are
kept (``git diff --stat tests/ui/pictures``).
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import PySide6
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QRawFont

from tests.desktop.sandbox import ROOT

FOLDER = Path(__file__).with_name("pictures")
FOUND = ROOT / "test-output" / "pictures"  # of what looks otherwise
RENEW = "DESK_PHONE_RENEW_PICTURES"
FAMILY = "Inter"
_PINS = FOLDER / "pins.json"
_WEIGHTS = (QFont.Weight.Normal, QFont.Weight.DemiBold)

# Steps of 255, of three colours together. Pictures are kept with 256 colours, at a third of the
# size: areas have their own, the edges of letters one that is near. Qt, too, rounds by a step more
# or less, with the instructions that a processor has. What somebody sees is more than both.
_NEAR, _TOLERATED = 20, 26
_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Pins:
    """What else makes a picture than our code."""

    qt: str
    freetype: str
    letters: str  # a digest of the fonts' outlines

    def __str__(self) -> str:
        return f"Qt {self.qt}, FreeType {self.freetype}, {FAMILY} {self.letters}"


def pins_here() -> Pins:
    digest = hashlib.sha256()
    for weight in _WEIGHTS:
        font = QRawFont.fromFont(QFont(FAMILY, 10, weight))
        digest.update(font.fontTable("CFF ").data() or font.fontTable("glyf").data())
    return Pins(PySide6.__version__, _freetype(), digest.hexdigest()[:12])


def keep_pins() -> None:
    _PINS.write_text(json.dumps(asdict(pins_here()), indent=2) + "\n", encoding="utf-8")


def why_not_comparable() -> str:
    """Why no picture can be compared here; empty when they can."""
    kept, here = Pins(**json.loads(_PINS.read_text(encoding="utf-8"))), pins_here()
    if kept == here:
        return ""
    return (
        f"the pictures were taken with {kept}; here are {here}. They can be compared with the same "
        "only: install those, or take them anew (python -m tests.ui.golden --renew) and look"
    )


def compare(name: str, found: QImage) -> None:
    """Raises AssertionError, and keeps both what was found and where it differs, unless the window
    looks as it did; in a renewal it is kept instead."""
    if RENEW in os.environ:
        _save(found, FOLDER / f"{name}.png")
        return
    file = FOLDER / f"{name}.png"
    assert file.exists(), f"there is no picture {file.name} yet: python -m tests.ui.golden --renew"
    kept = _plain(QImage(str(file)))
    found = _plain(found)
    changed = differing(kept, found)
    if not changed and kept.size() == found.size():
        return
    FOUND.mkdir(parents=True, exist_ok=True)
    seen, shown = FOUND / f"{name}.png", FOUND / f"{name}_difference.png"
    _save(found, seen)
    _marked(found, changed).save(str(shown))
    raise AssertionError(
        f"{name} looks otherwise: {_size(kept)} before, {_size(found)} now, "
        f"{len(changed)} pixels differ; see {seen} and {shown}, before it was {file}"
    )


def differing(kept: QImage, found: QImage) -> list[tuple[int, int]]:
    """Where two pictures differ by more than is tolerated, as far as both reach."""
    across, high = min(kept.width(), found.width()), min(kept.height(), found.height())
    before, now = (_pixels(image.copy(0, 0, across, high)) for image in (kept, found))
    pairs = set(zip(before, now, strict=True))  # few, of very many pixels
    seen = {(a, b) for a, b in pairs if _apart(_parts(a), _parts(b)) > _TOLERATED}
    if not seen:
        return []
    places = enumerate(zip(before, now, strict=True))
    return [(at % across, at // across) for at, pair in places if pair in seen]


def _pixels(image: QImage) -> memoryview[int]:
    return memoryview(bytes(image.constBits())).cast("I")


def _parts(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def _plain(image: QImage) -> QImage:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    plain.setDevicePixelRatio(1)
    return plain


def _size(image: QImage) -> str:
    return f"{image.width()} x {image.height()}"


def _marked(found: QImage, changed: list[tuple[int, int]]) -> QImage:
    """The picture, pale, and red where it differs."""
    marked = found.copy()
    painter = QPainter(marked)
    painter.fillRect(marked.rect(), QColor(255, 255, 255, 190))
    painter.end()
    for x, y in changed:
        marked.setPixelColor(x, y, QColor("#E00000"))
    return marked


def _save(image: QImage, file: Path) -> None:
    plain = _plain(image)
    colours = _few(Counter(_pixels(plain)))
    if len(colours) <= _COLOURS:
        plain = plain.convertToFormat(QImage.Format.Format_Indexed8, colours)
    file.parent.mkdir(parents=True, exist_ok=True)
    assert plain.save(str(file), "PNG", 0), file


def _few(counted: Counter[int]) -> list[int]:
    """Colours such that each of the others is near one of them; the most frequent come first."""
    kept: list[tuple[int, int, int]] = []
    for colour, _ in counted.most_common():
        parts = _parts(colour)
        if not any(_apart(parts, one) <= _NEAR for one in kept):
            kept.append(parts)
    return [0xFF000000 | red << 16 | green << 8 | blue for red, green, blue in kept]


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _freetype() -> str:
    library = ctypes.CDLL("libfreetype.so.6")
    handle, parts = ctypes.c_void_p(), [ctypes.c_int() for _ in range(3)]
    library.FT_Init_FreeType(ctypes.byref(handle))
    library.FT_Library_Version(handle, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)


def _renew() -> int:
    """Those that no test takes any more go."""
    FOLDER.mkdir(exist_ok=True)
    begun = time.time()
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*tests, "tests/ui/test_golden.py"], cwd=ROOT, env={**os.environ, RENEW: "1"}, check=False
    )
    for file in FOLDER.glob("*.png"):
        if done.returncode == 0 and file.stat().st_mtime < begun:
            file.unlink()
    files = list(FOLDER.glob("*.png"))
    size = sum(file.stat().st_size for file in files) / 1024
    sys.stdout.write(f"{len(files)} pictures, {size:.0f} KiB, in {FOLDER}\n")
    return done.returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.ui.golden", description=__doc__)
    parser.add_argument("--renew", action="store_true", required=True, help="take them all anew")
    parser.parse_args()
    sys.exit(_renew())
