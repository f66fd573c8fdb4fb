"""The program's own icon for Windows and macOS, from the drawing that Linux takes as it is.

python -m tools.program_icon FILE.ico|FILE.icns
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

_DRAWING = Path(__file__).parents[1] / "installers" / "linux" / "desk-phone.svg"
_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)  # px, those Windows asks for
_LARGE = 512


def main(argv: list[str]) -> int:
    target = Path(argv[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".ico":
        target.write_bytes(ico([_png(size) for size in _SIZES]))
        return 0
    return 0 if QImageWriter(str(target), b"ICNS").write(_drawn(_LARGE)) else 1


def ico(pictures: list[bytes]) -> bytes:
    """An icon file of square PNG pictures (Windows Vista and newer read those)."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    entries = b""
    for picture in pictures:
        (side,) = struct.unpack(">I", picture[16:20])
        entries += struct.pack(
            "<BBBBHHII", *(side % 256, side % 256, 0, 0), 1, 32, len(picture), at
        )
        at += len(picture)
    return head + entries + b"".join(pictures)


def _png(size: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(_drawn(size))
    return bytes(buffer.data().data())


def _drawn(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(_DRAWING)).render(painter)
    painter.end()
    return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
