"""What the program shows on a desktop, and where a person would click on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QImage

from tests.desktop import Desktop, Program, Window, until
from tests.desktop.sandbox import ROOT
from tests.desktop.waiting import PATIENCE

PICTURES = ROOT / "test-output" / "journey"

MAIN, CARD, SUMMARY, PALETTE, ASK_BOX = "Desk Phone", "Missed call", "Missed calls", "Call", "Call?"

_MAIN_AT_LEAST = 600  # px wide; a menu has the main window's title and is narrower


def shown(desktop: Desktop, program: Program, title: str = "") -> list[Window]:
    """The program's visible windows without its menus, from the lowest to the topmost."""
    return [
        window
        for window in desktop.windows()
        if window.pid == program.pid and title in ("", window.title) and not _is_menu(window)
    ]


def find(desktop: Desktop, program: Program, title: str, seconds: float = PATIENCE) -> Window:
    """Wait for a window of the program with exactly that title; the topmost of several."""

    def seen() -> str:
        return "\n".join(map(str, desktop.windows())) + f"\n{program.said()}"

    return until(lambda: shown(desktop, program, title), f"a window {title!r}", seconds, seen)[-1]


def find_menu(desktop: Desktop, program: Program) -> Window:
    def menus() -> list[Window]:
        return [w for w in desktop.windows() if w.pid == program.pid and _is_menu(w)]

    return until(menus, "a menu", shown=desktop.windows)[-1]


def _is_menu(window: Window) -> bool:
    return window.title == MAIN and window.width < _MAIN_AT_LEAST


def choose_from_tray_menu(desktop: Desktop, program: Program, *keys: str) -> None:
    """Open the tray icon's menu and walk in it by keyboard, such as to Quit with ``Up``."""
    desktop.click_tray(button=3)
    menu = find_menu(desktop, program)
    desktop.key(*keys, "Return")
    until(lambda: desktop.screen.window(menu.id) is None, "the menu closes")


# places, measured from a card's corners: its buttons stand along its lower edge


def click_call_back(desktop: Desktop, card: Window) -> None:
    desktop.click(card, 80, card.height - 36)


def click_done(desktop: Desktop, card: Window) -> None:
    desktop.click(card, card.width - 60, card.height - 36)


def click_close(desktop: Desktop, card: Window) -> None:
    desktop.click(card, card.width - 33, 31)


def click_cancel(desktop: Desktop, box: Window) -> None:
    """In the box that asks before a call."""
    desktop.click(box, box.width - 60, box.height - 37)


# pictures


def keep_picture(desktop: Desktop, name: str) -> None:
    """For people to look at after the tests: test-output/journey/NAME.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    desktop.screenshot(PICTURES / f"{name}.png")


def picture(desktop: Desktop, window: Window) -> QImage:
    """What the screen shows where that window is."""
    file = Path(desktop.folder) / "seen.png"
    desktop.screenshot(file)
    now = desktop.screen.window(window.id) or window
    return QImage(str(file)).copy(now.x, now.y, now.width, now.height)


def ink(image: QImage) -> int:
    """How many pixels are as dark as text."""
    dark = QColor("#60666f").lightness()
    places = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return sum(image.pixelColor(x, y).lightness() <= dark for x, y in places)
