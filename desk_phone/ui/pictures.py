"""Pictures of every window, card and state of the tray icon, in both looks: for the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from desk_phone.ui.look import DARK, LIGHT, Tokens
from desk_phone.ui.sign import Sign
from desk_phone.ui.tray_icon import SIZES, tray_pixmap

_AROUND = 16  # px of ground around what stands free on the screen
_GROUNDS = {LIGHT.window: "#8DA2BA", DARK.window: "#2F3A48"}
_PANELS = {LIGHT.window: "#F3F4F6", DARK.window: "#1B1D21"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what to show, and what to do just before. ``free``: it stands on the screen by
    itself, so it is taken with some ground around."""

    name: str
    widget: Callable[[], QWidget]
    prepare: Callable[[], object] = lambda: None
    free: bool = False


def take_pictures(
    folder: Path, scenes: Iterable[Scene], wear: Callable[[Tokens], object]
) -> tuple[Path, ...]:
    """A PNG of each scene and of the tray icon, light and dark, into ``folder``; gives the files.

    ``wear`` dresses the program. Raises OSError where a picture cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scenes = tuple(scenes)
    files = []
    for look, said in ((LIGHT, "light"), (DARK, "dark")):
        wear(look)
        files += [
            _save(_taken(scene, look), folder / f"{scene.name}_{said}.png") for scene in scenes
        ]
        files.append(_save(tray_sheet(look), folder / f"tray_{said}.png"))
    return tuple(files)


def tray_sheet(look: Tokens) -> QPixmap:
    """Every state of the tray icon in every size, with and without missed calls."""
    across, high = sum(SIZES) + 8 * len(SIZES) + 24, max(SIZES) + 16
    sheet = QPixmap(across * 2, high * len(Sign))
    sheet.fill(QColor(_PANELS[look.window]))
    painter = QPainter(sheet)
    for row, shown in enumerate(Sign):
        for column, missed in enumerate((False, True)):
            at = QPoint(column * across + 12, row * high + 8)
            for size in SIZES:
                painter.drawPixmap(at, tray_pixmap(shown, missed, size))
                at += QPoint(size + 8, 0)
    painter.end()
    return sheet


def _taken(scene: Scene, look: Tokens) -> QPixmap:
    scene.prepare()
    _settle()
    taken = scene.widget().grab()
    return _grounded(taken, QColor(_GROUNDS[look.window])) if scene.free else taken


def _settle() -> None:
    """Let what was changed be laid out and painted."""
    for _ in range(3):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        QCoreApplication.sendPostedEvents()


def _grounded(taken: QPixmap, ground: QColor) -> QPixmap:
    ratio = taken.devicePixelRatio()
    around = round(_AROUND * ratio)
    whole = QPixmap(taken.width() + 2 * around, taken.height() + 2 * around)
    whole.fill(ground)
    whole.setDevicePixelRatio(ratio)
    painter = QPainter(whole)
    painter.drawPixmap(QPoint(_AROUND, _AROUND), taken)
    painter.end()
    return whole


def _save(picture: QPixmap, file: Path) -> Path:
    if not picture.save(str(file)):
        message = f"{file} could not be written"
        raise OSError(message)
    return file
