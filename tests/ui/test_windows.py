"""What holds for every window: nothing is cut, everything has a name, no text is markup."""

from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from desk_phone import i18n
from desk_phone.assets import resource
from desk_phone.ui import words
from desk_phone.ui.calls.week_plot import WeekPlot
from desk_phone.ui.look import DARK, LIGHT, wear
from desk_phone.ui.spoken_roles import tell_roles
from tests.pseudo import PseudoLanguage
from tests.ui.conftest import Desk
from tests.ui.english import english
from tests.ui.inspection import cut, faults
from tests.ui.windows import PREPARED, Windows, make_windows, prepare

_SMALL = ("palette", "card", "summary", "question", "guess", "number")  # no main window


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    windows = make_windows(desk)
    yield windows
    windows.close()


@pytest.fixture
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words longer by a third, as Russian ones are, between brackets."""
    monkeypatch.setattr(i18n, "_catalogue", PseudoLanguage())


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    catalogue = gettext.translation(i18n.DOMAIN, resource("locale"), [language])
    monkeypatch.setattr(i18n, "_catalogue", catalogue)
    words.speak(language)


@pytest.mark.parametrize("name", PREPARED)
def test_all_is_in_order_light_and_dark(windows: Windows, qapp: QApplication, name: str) -> None:
    window = prepare(windows, name)
    picture = window.grab()
    assert picture.size() == window.size() * picture.devicePixelRatio()
    assert faults(window) == {}
    wear(qapp, DARK)
    for _ in range(5):
        QApplication.processEvents()
    assert cut(window) == []
    wear(qapp, LIGHT)


@pytest.mark.usefixtures("no_language")
@pytest.mark.parametrize("name", PREPARED)
def test_in_no_language_nothing_is_cut_and_every_word_translated(
    request: pytest.FixtureRequest, name: str
) -> None:
    window = prepare(request.getfixturevalue("windows"), name)
    assert cut(window) == []
    assert window.width() <= _room(window)
    assert english(window) == []


def _room(window: QWidget) -> int:
    """What there is across on a small screen; larger letters are for larger ones."""
    usual = window.logicalDpiX() == 96
    return 1100 if usual else window.screen().availableSize().width()


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("language", ["et", "ru"])
@pytest.mark.parametrize("name", PREPARED)
def test_in_a_language_nothing_is_cut(request: pytest.FixtureRequest, name: str) -> None:
    window = prepare(request.getfixturevalue("windows"), name)
    assert cut(window) == []


@pytest.mark.parametrize("name", [name for name in PREPARED if not name.startswith(_SMALL)])
def test_nothing_is_cut_in_the_smallest_window(windows: Windows, name: str) -> None:
    window = prepare(windows, name)
    window.resize(880, 480)
    for _ in range(3):
        QApplication.processEvents()
    assert (window.width(), window.height()) == (880, 480)
    assert cut(window) == []


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


@pytest.mark.parametrize("name", ["calls", "palette", "phonebook"])
def test_rows_speak_a_whole_sentence(windows: Windows, name: str) -> None:
    window = prepare(windows, name)
    view = next(v for v in window.findChildren(QAbstractItemView) if v.isVisibleTo(window))
    model = view.model()
    spoken = [
        model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]
    (said,) = [said for said in spoken if "Kristiina Õunapuu" in said]
    assert "," in said
