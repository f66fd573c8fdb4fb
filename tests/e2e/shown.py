"""What the program shows on a desktop, and where a person would click on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QColor, QImage

from desk_phone.ui.dialling.ask_box import DEAF_MS
from desk_phone.ui.look import LIGHT
from tests.desktop import Desktop, Program, Window, until, until_still
from tests.desktop.sandbox import ROOT
from tests.desktop.waiting import PATIENCE

PICTURES = ROOT / "test-output" / "journey"

MAIN, CARD, SUMMARY, PALETTE, ASK_BOX = "Desk Phone", "Missed call", "Missed calls", "Call", "Call?"
NUMBER_CHOICE, RINGING = "Which number?", "Incoming call"

_GREEN_AT_LEAST = 500  # px of a button's 2800
_MAIN_AT_LEAST = 600  # px wide; a menu has the main window's title and is narrower


def shown(desktop: Desktop, program: Program, title: str = "") -> list[Window]:
    """The program's visible windows without its menus, from the lowest to the topmost."""
    return [
        window
        for window in desktop.windows()
        if window.pid == program.pid and title in ("", window.title) and not _is_menu(window)
    ]


def find(desktop: Desktop, program: Program, title: str, seconds: float = PATIENCE) -> Window:
    """Wait for a window of the program with exactly that title, and until it stays where it is; the
    topmost of several."""

    def seen() -> str:
        return "\n".join(map(str, desktop.windows())) + f"\n{program.said()}"

    what = f"a window {title!r}"
    return until_still(lambda: shown(desktop, program, title), what, seconds, seen)[-1]


def find_active(desktop: Desktop, program: Program, title: str) -> Window:
    """The same, when it has the keyboard."""
    window = find(desktop, program, title)
    until(lambda: desktop.screen.active() == window.id, f"{window} has the keyboard")
    return window


def find_question(desktop: Desktop, program: Program) -> Window:
    """The box that asks before a call, when it has the keyboard and takes an answer."""
    box = find_active(desktop, program, ASK_BOX)
    until(lambda: _may_be_pressed(desktop, box), "the question takes an answer")
    return box


def _may_be_pressed(desktop: Desktop, box: Window) -> bool:
    """Whether its button that calls is green: it is grey while nothing is heard."""
    buttons = picture(desktop, box).copy(0, box.height - 60, box.width, 50)
    green = LIGHT.good.lower()
    return sum(colour.name() == green for colour in _colours(buttons)) > _GREEN_AT_LEAST


def _is_menu(window: Window) -> bool:
    return window.title == MAIN and window.width < _MAIN_AT_LEAST


def open_tray_menu(desktop: Desktop, program: Program) -> Window:
    """By a click near the icon's corner: one in the middle may have been the last, and two soon
    after each other at one place are a double click."""
    desktop.click(desktop.tray_icon(), 4, 4, button=3)

    def menus() -> list[Window]:
        return [w for w in desktop.windows() if w.pid == program.pid and _is_menu(w)]

    return until_still(menus, "a menu", shown=desktop.windows)[-1]


def choose_from_tray_menu(desktop: Desktop, program: Program, *keys: str) -> None:
    """Open the tray icon's menu and walk in it by keyboard, such as to Quit with ``Up``."""
    menu = open_tray_menu(desktop, program)
    desktop.key(*keys, "Return")
    until(lambda: desktop.screen.window(menu.id) is None, "the menu closes")


# places, measured from a card's corners as they are now: its buttons stand along its lower edge


def click_call_back(desktop: Desktop, card: Window) -> None:
    desktop.click(card, 80, _now(desktop, card).height - 36)


def click_done(desktop: Desktop, card: Window) -> None:
    now = _now(desktop, card)
    desktop.click(card, now.width - 60, now.height - 36)


def click_close(desktop: Desktop, card: Window) -> None:
    desktop.click(card, _now(desktop, card).width - 33, 31)


def click_cancel(desktop: Desktop, box: Window) -> None:
    """In the box that asks before a call."""
    now = _now(desktop, box)
    desktop.click(box, now.width - 60, now.height - 37)


def _now(desktop: Desktop, window: Window) -> Window:
    return desktop.screen.window(window.id) or window


def until_it_listens() -> None:
    """A window that chooses hears nothing in its first half second, and shows nothing of it."""
    asked = time.monotonic()
    until(lambda: time.monotonic() - asked > 2 * DEAF_MS / 1000, "it listens")


def dismiss(desktop: Desktop, box: Window) -> None:
    """Press Esc until it closes: it takes no key at first."""

    def is_closed() -> bool:
        if desktop.screen.window(box.id) is not None:
            desktop.key("Escape")
        return desktop.screen.window(box.id) is None

    until(is_closed, f"{box} closes", shown=desktop.windows)


# pictures


def keep_picture(desktop: Desktop, name: str) -> None:
    """For people to look at after the tests: test-output/journey/NAME.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    desktop.screenshot(PICTURES / f"{name}.png")


def picture(desktop: Desktop, window: Window) -> QImage:
    """What the screen shows where that window is."""
    file = Path(desktop.folder) / "seen.png"
    desktop.screenshot(file)
    now = _now(desktop, window)
    return QImage(str(file)).copy(now.x, now.y, now.width, now.height)


def list_picture(desktop: Desktop, program: Program) -> QImage:
    """The middle of the list of calls in the main window, below any banner."""
    return picture(desktop, find(desktop, program, MAIN)).copy(240, 260, 600, 320)


def ink(image: QImage) -> int:
    """How many pixels are as dark as text."""
    dark = QColor("#60666f").lightness()
    return sum(colour.lightness() <= dark for colour in _colours(image))


def has_badge(icon: QImage) -> bool:
    """Whether there is something red, as a missed call puts it on the tray icon."""
    return any(min(c.red() - c.green(), c.red() - c.blue()) > 120 for c in _colours(icon))


def _colours(image: QImage) -> Iterator[QColor]:
    for y in range(image.height()):
        for x in range(image.width()):
            yield image.pixelColor(x, y)
