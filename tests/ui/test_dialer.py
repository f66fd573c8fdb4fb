"""The dial palette: what a text means, and that nothing dials by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester

from desk_phone.errors import BadCredentials, Refused, Uncertain
from desk_phone.model.dialing import Source
from desk_phone.settings import Settings
from desk_phone.ui.dialling.dial_list import ROW, DialRows
from desk_phone.ui.dialling.dial_rows import DialRow, Finder, RowKind
from desk_phone.ui.dialling.dialer import WIDTH, DialPalette
from tests.ui.conftest import HOSTILE, Desk

Key = Qt.Key


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a history of three people."""
    for n, (other, name) in enumerate(
        [("51234567", "Jaan Tamm"), ("6401111", "Mari Õunapuu"), ("00358401234567", "")]
    ):
        desk.add(other, name, timedelta(hours=n + 1), timedelta(minutes=1))
    desk.poll()
    return desk


@pytest.fixture
def palette(desk: Desk) -> Iterator[DialPalette]:
    palette = _make(desk, 40, 0)
    yield palette
    palette.hide()


def _make(desk: Desk, closes_after_ms: int, deaf_ms: int) -> DialPalette:
    parts = (desk.calls, desk.dialler, desk.account, desk.preferences, desk.directory, desk.now)
    palette = DialPalette(*parts, closes_after_ms, deaf_ms)
    desk.qtbot.addWidget(palette)
    return palette


def _rows(desk: Desk, text: str) -> list[DialRow]:
    finder = Finder(desk.ledger, desk.directory, "+3726403231", frozenset(), desk.now())
    return finder.rows(text)


def _type(desk: Desk, palette: DialPalette, text: str) -> None:
    palette.field.selectAll()
    desk.qtbot.keyClicks(palette.field, text)


def _press(desk: Desk, palette: DialPalette, *keys: Key) -> None:
    for key in keys:
        desk.qtbot.keyClick(palette.field, key)


def _titles(palette: DialPalette) -> list[str]:
    model = palette.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_empty_it_lists_the_last_people(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    assert _titles(palette) == ["Jaan Tamm", "Mari Õunapuu", "+358 40 1234567"]
    desk.qtbot.waitUntil(palette.field.hasFocus)
    assert palette.width() == WIDTH


def test_it_opens_empty_again(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _type(desk, palette, "5123")
    _press(desk, palette, Key.Key_Escape)
    assert not palette.isVisible()
    palette.open()
    assert palette.field.text() == ""


def test_the_own_line_is_shown_beside_the_field(palette: DialPalette) -> None:
    palette.open()
    texts = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert "My line 640 3231" in texts


def test_a_number_typed_is_the_first_row_and_grouped(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _type(desk, palette, "51234560")
    assert _titles(palette)[0] == "Call 5123 4560"


def test_a_name_without_its_marks_finds_the_person(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _type(desk, palette, "ounapuu")
    assert _titles(palette) == ["Mari Õunapuu"]


def test_enter_dials_the_chosen_row(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _press(desk, palette, Key.Key_Down, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: palette.foot.is_ringing)
    assert desk.telco.dialled == [("+3726403231", "+3726401111")]
    assert palette.foot.said.startswith("Your phone 640 3231 is ringing: lift the handset.")
    desk.qtbot.waitUntil(lambda: not palette.isVisible())


def test_enter_twice_dials_once(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _press(desk, palette, Key.Key_Return, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: palette.foot.is_ringing)
    desk.settle()
    assert len(desk.telco.dialled) == 1


def test_typing_and_moving_dials_nothing(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _type(desk, palette, "51234567")
    _press(desk, palette, Key.Key_Down, Key.Key_Up, Key.Key_PageDown, Key.Key_PageUp)
    desk.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton)
    assert desk.telco.asked[-1][0] == "history"


def test_a_double_click_dials_once(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    where = palette.list.visualRect(palette.list.model().index(0, 0)).center()
    desk.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    desk.qtbot.mouseDClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    desk.qtbot.waitUntil(lambda: palette.foot.is_ringing)
    desk.settle()
    assert len(desk.telco.dialled) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("*21#", "switch services", id="codes"),
        pytest.param("112", "Lift the handset", id="emergency"),
        pytest.param("99", "Too short", id="short"),
        pytest.param("5123456789012345678", "Too long", id="long"),
        pytest.param("+870123456789", "cost too much", id="satellite"),
        pytest.param("6403231", "your own phone", id="itself"),
    ],
)
def test_an_impossible_number_says_why_and_cannot_be_dialled(
    desk: Desk, palette: DialPalette, text: str, said: str
) -> None:
    palette.open()
    _type(desk, palette, text)
    row = _rows(desk, text)[0]
    assert row.kind is RowKind.PROBLEM
    assert said in row.detail
    assert _titles(palette)[0] == row.title
    _press(desk, palette, Key.Key_Return)
    assert desk.telco.dialled == []


def test_nobody_found_says_what_to_do(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    _type(desk, palette, "qqqq")
    assert _titles(palette) == []
    texts = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert "No one found for “qqqq”" in texts


def test_a_call_chosen_elsewhere_is_told_here(desk: Desk, palette: DialPalette) -> None:
    palette.call("+37251234567")
    assert palette.isVisible()
    assert palette.field.text() == "5123 4567"
    desk.qtbot.waitUntil(lambda: palette.foot.is_ringing)
    assert desk.telco.dialled == [("+3726403231", "+37251234567")]


@pytest.mark.parametrize(
    ("font_size", "beside"),
    [
        pytest.param(9, True, id="beside it"),
        pytest.param(24, False, id="under it, in large letters"),
    ],
)
def test_the_foot_is_a_sentence_in_one_line_and_the_keys(
    desk: Desk, palette: DialPalette, font_size: int, beside: bool
) -> None:
    desk.miss()
    palette.foot.setStyleSheet(f"QLabel {{ font-size: {font_size}pt }}")
    palette.open()
    palette.fit()
    sentence, keys = palette.foot._title, palette.foot._keys
    assert sentence.height() < 2 * sentence.fontMetrics().lineSpacing()
    assert (keys.geometry().top() < sentence.geometry().bottom()) is beside
    assert palette.width() == WIDTH


@pytest.mark.parametrize(
    ("text", "shown"), [("51234560", ["Call", "Copy", "Close"]), ("qqqq", ["Close"])]
)
def test_the_foot_shows_no_key_that_does_nothing(
    palette: DialPalette, text: str, shown: list[str]
) -> None:
    palette.open_with(text)
    words = {"Call", "Copy", "Close"}
    keys = palette.foot.findChildren(QLabel)
    assert [key.text() for key in keys if key.isVisible() and key.text() in words] == shown


# from a link or the clipboard


@pytest.mark.parametrize("text", ["tel:+37251234560", "51234560", "51234560\n"])
def test_a_number_that_somebody_else_filled_in_is_asked_about(
    desk: Desk, palette: DialPalette, text: str
) -> None:
    palette.open_with(text, Source.LINK)
    assert desk.telco.dialled == []
    with desk.qtbot.waitSignal(desk.dialler.asked) as asked:
        desk.qtbot.waitUntil(lambda: not palette._deaf.isActive())
        _press(desk, palette, Key.Key_Return)
    assert asked.args is not None
    assert asked.args[0].source is Source.LINK
    assert desk.telco.dialled == []


def test_a_person_found_for_it_is_asked_about_too(desk: Desk, palette: DialPalette) -> None:
    palette.open_with("Jaan", Source.CLIPBOARD)
    desk.qtbot.waitUntil(lambda: not palette._deaf.isActive())
    with desk.qtbot.waitSignal(desk.dialler.asked):
        _press(desk, palette, Key.Key_Return)


def test_what_a_person_edits_is_their_own(desk: Desk, palette: DialPalette) -> None:
    palette.open_with("5123456", Source.LINK)
    desk.qtbot.keyClicks(palette.field, "0")
    desk.qtbot.waitUntil(lambda: not palette._deaf.isActive())
    _press(desk, palette, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))


def test_an_enter_that_was_under_way_does_not_hit_what_is_filled_in(desk: Desk) -> None:
    palette = _make(desk, 40, 60_000)
    palette.open_with("51234560", Source.LINK)
    with desk.qtbot.assertNotEmitted(desk.dialler.asked):
        _press(desk, palette, Key.Key_Return)
    palette.hide()


# what became of it


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Refused("The service said no", "Try later."), id="refused"),
        pytest.param(Uncertain("No answer came", "Your phone may ring."), id="uncertain"),
    ],
)
def test_a_failure_is_said_and_stays(desk: Desk, palette: DialPalette, error: Exception) -> None:
    desk.telco.trouble["call"].append(error)
    palette.open()
    _press(desk, palette, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: palette.foot.said == str(error))
    assert palette.isVisible()
    _type(desk, palette, "5")
    assert str(error) not in palette.foot.said


def test_a_refused_password_leads_to_the_account(desk: Desk, palette: DialPalette) -> None:
    desk.telco.trouble["call"].append(BadCredentials("The password was refused", "Enter it."))
    palette.open()
    _press(desk, palette, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: palette.foot.said.startswith("The password was refused"))
    with desk.qtbot.waitSignal(palette.account_wanted):
        palette.foot._account.click()
    assert not palette.isVisible()


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user="P0000000@example.ee")

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        return empty_desk

    def test_it_leads_to_the_line(self, desk: Desk, palette: DialPalette) -> None:
        palette.open()
        _type(desk, palette, "51234567")
        _press(desk, palette, Key.Key_Return)
        assert palette.foot.said.startswith("Your line is not chosen yet")
        with desk.qtbot.waitSignal(palette.line_wanted):
            palette._choose_line.click()

    def test_it_says_that_nobody_was_called_yet(self, desk: Desk, palette: DialPalette) -> None:
        palette.open()
        texts = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
        assert "Nobody called yet" in texts


def test_copy_copies_the_chosen_number(desk: Desk, palette: DialPalette) -> None:
    palette.open()
    desk.qtbot.keyClick(palette.field, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "+37251234567"
    assert palette.foot.said == "Copied 5123 4567"


def test_the_choice_stays_on_the_same_person_when_calls_come(
    desk: Desk, palette: DialPalette
) -> None:
    palette.open()
    _press(desk, palette, Key.Key_Down)
    assert palette.chosen is not None
    chosen = palette.chosen.key
    desk.miss("51234560", "Somebody New")
    assert palette.chosen.key == chosen
    assert _titles(palette)[0] == "Somebody New"


def test_more_than_six_rows_scroll(desk: Desk, palette: DialPalette) -> None:
    for n in range(9):
        desk.add(f"5123450{n}", ago=timedelta(hours=4, minutes=n), talked=timedelta(minutes=1))
    desk.poll()
    palette.open()
    assert len(_titles(palette)) > 6
    assert palette.list.height() == 6 * ROW
    assert palette.list.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize("text", [HOSTILE, "x" * 10_000, "5" * 10_000, "\u202e5123\u200b4567"])
def test_hostile_text_is_harmless(desk: Desk, palette: DialPalette, text: str) -> None:
    desk.add("51234567", HOSTILE, timedelta(minutes=30), timedelta(minutes=1))
    desk.poll()
    palette.open_with(text, Source.LINK)
    labels = palette.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert all(len(label.text()) < 300 for label in labels)
    assert all("\u202e" not in title and "\n" not in title for title in _titles(palette))
    assert palette.width() == WIDTH


def test_the_model_is_sound(desk: Desk, qtmodeltester: ModelTester) -> None:
    model = DialRows()
    qtmodeltester.check(model)
    model.show_rows(_rows(desk, "5123"))
    model.show_rows(_rows(desk, ""))
    model.show_rows([])
