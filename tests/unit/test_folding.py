from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.folding import fold, layouts, sound, t9


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("  Anna-Liisa  KASK ", "anna liisa kask", id="words"),
        pytest.param("Õunapuu Žanna Jürgen Šmidt", "ounapuu zanna jurgen smidt", id="marks"),
        pytest.param("O\u0303ie", "oie", id="decomposed"),
        pytest.param("Иванов", "ivanov", id="Cyrillic"),
        pytest.param("Щербакова Юлия Йосиф Объезд", "shcherbakova iuliia iosif obezd", id="ICAO"),
        pytest.param("Їжак Євген Ґалаґан", "izhak ievgen galagan", id="Ukrainian"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("Łukasz Søren Þór Æble", "lukasz soren thor aeble", id="letters of their own"),
        pytest.param("O’Neill O'Neill", "oneill oneill", id="apostrophes"),
        pytest.param('A/S "Telia", (Tallinn)_2', "a s telia tallinn 2", id="punctuation"),
        pytest.param("ﬁrma ①", "firma 1", id="compatibility forms"),
        pytest.param("İstanbul", "istanbul", id="a dotted capital"),
        pytest.param("山田", "山田", id="a script of its own"),
        pytest.param("\u0301", "", id="only a mark"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("Иванов", "Ivanov", "IVANOV"),
        ("Žanna", "Zanna", "Zhanna", "Жанна"),
        ("Щербакова", "Štšerbakova", "Shcherbakova", "Scherbakova", "Sherbakova"),
        ("Чехов", "Tšehhov", "Chekhov", "Tšehov"),
        ("Юлия", "Julia", "Yuliya", "Julija", "Iuliia"),
        ("Дмитрий", "Dmitri", "Dmitry", "Dmitriy"),
        ("Сергей", "Sergei", "Sergey", "Sergej"),
        ("Евгений", "Jevgeni", "Yevgeniy", "Evgeny"),
        ("Пётр", "Петр", "Pjotr", "Pyotr", "Petr"),
        ("Алексеев", "Aleksejev", "Alekseev", "Alexeev", "Alexeyev"),
        ("Наталья", "Natalja", "Natalia", "Nataliya"),
        ("Ксения", "Ksenia", "Xenia", "Kseniya"),
        ("Цветков", "Tsvetkov", "Cvetkov"),
        ("Õunapuu", "Ounapuu", "OUNAPU"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_the_spellings_of_one_name_sound_the_same(spellings: tuple[str, ...]) -> None:
    assert len({sound(fold(one)) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Anna", "Inna"), ("Ivanov", "Ivanova"), ("Kask", "Kass"), ("Tamm", "Tann")]
)
def test_different_names_sound_different(one: str, other: str) -> None:
    assert sound(fold(one)) != sound(fold(other))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("bdfyjd", "иванов", id="English keys"),
        pytest.param("öfyyf", "жанна", id="Estonian keys"),
        pytest.param("фттф", "anna", id="Russian keys, Latin meant"),
        pytest.param("ъгтфзгг", "õunapuu", id="Russian keys, Estonian meant"),
    ],
)
def test_the_wrong_keyboard_layout(typed: str, meant: str) -> None:
    assert any(other.startswith(meant) for other in layouts(typed))


def test_what_has_no_letters_has_no_other_layout() -> None:
    assert layouts("640 3231") == ()


def test_the_keys_of_a_phone() -> None:
    assert t9(fold("Anna Käsk Zoë 2")) == "2662 5275 963 2"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once
