"""What holds for every window: nothing is cut, everything has a name, no text is markup."""

from __future__ import annotations

import gettext
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from desk_phone import i18n
from desk_phone.assets import resource
from desk_phone.ui import words
from desk_phone.ui.calls.week_plot import WeekPlot
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.listing import PADDING
from desk_phone.ui.look import DARK, LIGHT, Tokens, wear
from desk_phone.ui.spoken_roles import tell_roles
from tests.pseudo import PseudoLanguage
from tests.ui.conftest import Desk
from tests.ui.english import english
from tests.ui.windows import PREPARED, Windows, make_windows

LOOKS = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def _is_small(name: str) -> bool:
    """No main window."""
    small = ("palette", "card", "summary", "question", "guess", "ringing", "answered", "number")
    return name.startswith(small)


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    windows = make_windows(desk)
    yield windows
    windows.hide()
    for window in windows.plain:
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def no_language(monkeypatch: pytest.MonkeyPatch) -> PseudoLanguage:
    """Words longer by a third, as Russian ones are, between brackets."""
    spoken = PseudoLanguage()
    monkeypatch.setattr(i18n, "_catalogue", spoken)
    return spoken


def _prepare(windows: Windows, name: str) -> QWidget:
    window = PREPARED[name](windows)
    windows.desk.qtbot.waitUntil(window.isVisible)
    for _ in range(5):
        QApplication.processEvents()
    return window


def _cut(window: QWidget) -> list[str]:
    """The texts that have less room than they need."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisibleTo(window)]
    cut = [label.text() for label in labels if label.text() and _is_cut(label)]
    for button in window.findChildren(QAbstractButton):
        needed = button.sizeHint()
        small = button.width() < needed.width() or button.height() < needed.height()
        if button.isVisibleTo(window) and button.text() and small:
            cut.append(button.text())
    for head in window.findChildren(QHeaderView):
        if head.isVisibleTo(window) and head.orientation() is Qt.Orientation.Horizontal:
            cut.extend(_cut_columns(head))
    return cut


def _cut_columns(head: QHeaderView) -> list[str]:
    """Of the columns that nobody can make wider."""
    fixed = (
        at
        for at in range(head.count())
        if head.sectionResizeMode(at) is QHeaderView.ResizeMode.Fixed
    )
    texts = ((at, str(head.model().headerData(at, Qt.Orientation.Horizontal))) for at in fixed)
    advance = head.fontMetrics().horizontalAdvance
    return [text for at, text in texts if head.sectionSize(at) < advance(text) + PADDING]


def _is_cut(label: QLabel) -> bool:
    if isinstance(label, ElidedLabel):  # it says so itself, and whole in its tooltip
        return label.height() < label.sizeHint().height()
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    needed = label.sizeHint()
    return label.width() < needed.width() or label.height() < needed.height()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PREPARED)
def test_no_text_is_cut(windows: Windows, qapp: QApplication, name: str, look: Tokens) -> None:
    wear(qapp, look)
    window = _prepare(windows, name)
    picture = window.grab()
    assert picture.size() == window.size() * picture.devicePixelRatio()
    assert _cut(window) == []
    wear(qapp, LIGHT)


class TestInNoLanguage:
    @pytest.fixture
    def windows(self, no_language: PseudoLanguage, windows: Windows) -> Windows:
        return windows

    @pytest.mark.parametrize("name", PREPARED)
    def test_no_text_is_cut(self, windows: Windows, name: str) -> None:
        window = _prepare(windows, name)
        assert _cut(window) == []
        assert window.width() <= _room(window)

    @pytest.mark.parametrize("name", PREPARED)
    def test_every_word_can_be_translated(self, windows: Windows, name: str) -> None:
        window = _prepare(windows, name)
        assert english(window) == []


def _room(window: QWidget) -> int:
    """What there is across on a small screen; larger letters are for larger ones."""
    usual = window.logicalDpiX() == 96
    return 1100 if usual else window.screen().availableSize().width()


def _languages() -> list[str]:
    """Those that have a catalogue in this checkout."""
    folder = resource("locale")
    return [each for each in ("et", "ru") if gettext.find(i18n.DOMAIN, folder, [each])]


@pytest.mark.parametrize("language", _languages())
@pytest.mark.parametrize("name", PREPARED)
def test_no_text_is_cut_in_a_language(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
    language: str, name: str,
) -> None:  # fmt: skip
    spoken = gettext.translation(i18n.DOMAIN, resource("locale"), [language])
    monkeypatch.setattr(i18n, "_catalogue", spoken)
    words.speak(language)
    window = _prepare(request.getfixturevalue("windows"), name)
    assert _cut(window) == []


@pytest.mark.parametrize("name", [name for name in PREPARED if not _is_small(name)])
def test_no_text_is_cut_in_the_smallest_window(windows: Windows, name: str) -> None:
    window = _prepare(windows, name)
    window.resize(880, 480)
    for _ in range(3):
        QApplication.processEvents()
    assert (window.width(), window.height()) == (880, 480)
    assert _cut(window) == []


class _Layouts(QObject):
    """How often a layout was asked for, of all windows."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("name", PREPARED)
def test_a_window_at_rest_is_not_laid_out_again(
    windows: Windows, qapp: QApplication, name: str
) -> None:
    """One that asks for it while it is laid out takes a whole processor."""
    window = _prepare(windows, name)
    for _ in range(10):
        QApplication.processEvents()
    layouts = _Layouts(window)
    qapp.installEventFilter(layouts)
    for _ in range(10):
        QApplication.processEvents()
    qapp.removeEventFilter(layouts)
    assert layouts.count == 0


# A screen with so many dots an inch that letters are twice as large, and nothing else is.
LARGE_LETTERS = {
    "screens": [
        {"name": "large letters", "x": 0, "y": 0, "width": 1920, "height": 1200, "dpr": 1}
        | {"logicalDpi": 192, "logicalBaseDpi": 192}
    ]
}


@pytest.mark.parametrize(
    ("scale", "which"),
    [
        pytest.param({"QT_SCALE_FACTOR": "2"}, "not dark", id="everything"),
        pytest.param(
            {"QT_QPA_PLATFORM": "offscreen:configfile=screen.json"},
            "not dark",
            id="letters",
        ),
    ],
)
def test_no_text_is_cut_at_twice_the_size(
    tmp_path: Path, scale: dict[str, str], which: str
) -> None:
    """The scale of a screen is fixed before the program starts, so this needs one of its own."""
    (tmp_path / "screen.json").write_text(json.dumps(LARGE_LETTERS))
    wanted = f"test_no_text_is_cut and not twice and not smallest and {which}"
    again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    env = {name: value.replace("=", f"={tmp_path}/") for name, value in scale.items()}
    done = subprocess.run(
        [*again, "-k", wanted],
        env={**os.environ, **env}, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


# names for those who do not see


def _focusable(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in (window, *window.findChildren(QWidget))
        if widget.isVisibleTo(window)
        and (widget is window or widget.focusPolicy() != Qt.FocusPolicy.NoFocus)
        and not isinstance(widget, QScrollArea)
        and widget.objectName() != "qt_spinbox_lineedit"
    ]


@pytest.mark.parametrize("name", PREPARED)
def test_whatever_takes_the_keyboard_has_a_name(windows: Windows, name: str) -> None:
    window = _prepare(windows, name)
    for widget in _focusable(window):
        spoken = QAccessible.queryAccessibleInterface(widget)
        assert spoken is not None
        said = spoken.text(QAccessible.Text.Name).strip()
        assert said, f"{widget} in {name}"
        assert "<" not in said + spoken.text(QAccessible.Text.Description)


def test_our_own_windows_and_paintings_have_roles(windows: Windows) -> None:
    tell_roles()
    roles = QAccessible.Role
    card = PREPARED["card"](windows)
    plot = windows.main.findChild(WeekPlot)
    for widget, role in (
        (windows.main, roles.Window), (windows.palette, roles.Dialog), (windows.box, roles.Dialog),
        (windows.wizard, roles.Dialog), (card, roles.AlertMessage), (plot, roles.Chart),
    ):  # fmt: skip
        spoken = QAccessible.queryAccessibleInterface(widget)
        assert spoken is not None
        assert spoken.role() is role, widget


@pytest.mark.parametrize("name", PREPARED)
def test_icons_alone_have_a_name_for_the_mouse_too(windows: Windows, name: str) -> None:
    window = _prepare(windows, name)
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisibleTo(window)]
    inside = (QLineEdit, QComboBox)
    for button in buttons:
        if not isinstance(button.parentWidget(), inside):
            assert button.text() or button.accessibleName()


@pytest.mark.parametrize("name", PREPARED)
def test_every_label_shows_plain_text(windows: Windows, name: str) -> None:
    window = _prepare(windows, name)
    labels = window.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("name", ["calls", "palette", "phonebook"])
def test_rows_speak_a_whole_sentence(windows: Windows, name: str) -> None:
    window = _prepare(windows, name)
    view = next(v for v in window.findChildren(QAbstractItemView) if v.isVisibleTo(window))
    model = view.model()
    spoken = [
        model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]
    (said,) = [said for said in spoken if "Kristiina Õunapuu" in said]
    assert "," in said


@pytest.mark.parametrize("name", PREPARED)
def test_tab_goes_round_everything_that_can_be_pressed(windows: Windows, name: str) -> None:
    """Cards are left out: they never take the keyboard, and what they offer is in the window."""
    window = _prepare(windows, name)
    one_of = (QRadioButton,)  # arrows go on inside a group
    wanted = {
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window)
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, (*one_of, QScrollArea))
        and widget.objectName() != "qt_spinbox_lineedit"
    }
    reached, widget = set(), window
    for _ in range(2000):
        widget = widget.nextInFocusChain()
        reached.add(widget)
    assert wanted <= reached
    pressable = [
        b
        for b in window.findChildren(QAbstractButton)
        if b.isVisibleTo(window) and not isinstance(b.parentWidget(), QLineEdit | QComboBox)
    ]
    if window in windows.plain:
        for button in pressable:
            tabs = bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus)
            assert tabs or isinstance(button, QRadioButton | QCheckBox), button.text()
