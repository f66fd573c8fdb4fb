"""The dry run of an import, and doing what it planned."""

from __future__ import annotations

import csv
import io
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.model.entries import Content
from desk_phone.transfer.applying import Became, Import, write_results
from desk_phone.transfer.planning import (
    Choice,
    Choices,
    Known,
    Many,
    Planned,
    Verdict,
    plan_import,
    planning,
)
from desk_phone.transfer.rows import Row

A, B, C, D, E = (f"+372640323{last}" for last in range(1, 6))
MARI = Known(1, "Mari Kask", Content("Mari Kask", A, B))
ZANNA = Known(2, "Žanna", Content("Zhanna", C))
INFO = Known(3, "Info", Content("Info", D))
BOOK = (MARI, ZANNA, INFO)


def row(name: str, *numbers: str, line: int = 2, **more: str) -> Row:
    return Row(line, name, numbers, **more)


def only(row: Row, book: tuple[Known, ...] = BOOK, choices: Choices | None = None) -> Planned:
    (planned,) = plan_import([row], book, choices or Choices())
    return planned


@pytest.mark.parametrize(
    ("asked", "verdict", "content"),
    [
        pytest.param(row("Uus", "641 1111"), Verdict.ADD, Content("Uus", "+3726411111"), id="new"),
        pytest.param(
            row("Иван Щукин", "+7 495 123 45 67"),
            Verdict.ADD,
            Content("Ivan Shchukin", "+74951234567"),
            id="a name in letters that the wire has not",
        ),
        pytest.param(
            row("Иван", "641 1111", wire="Ivan P"),
            Verdict.ADD,
            Content("Ivan P", "+3726411111"),
            id="with a wire's spelling of its own",
        ),
        pytest.param(
            row("Mari Kask", "+372 640 3232", "6403231"),
            Verdict.SAME,
            Content("Mari Kask", B, A),
            id="the same, numbers the other way round",
        ),
        pytest.param(row("Zhanna", C), Verdict.SAME, Content("Zhanna", C), id="the wire's name"),
        pytest.param(row("Žanna", C), Verdict.SAME, Content("Zhanna", C), id="the own name"),
        pytest.param(row("Жанна", C), Verdict.CHANGE, Content("Zhanna", C), id="a third spelling"),
        pytest.param(
            row("mari kask", A, E), Verdict.CHANGE, Content("mari kask", A, E), id="new number"
        ),
        pytest.param(row("Mari", B, A), Verdict.CHANGE, Content("Mari", B, A), id="renamed"),
        pytest.param(row("Mari", A), Verdict.ADD, Content("Mari", A), id="one of two numbers"),
        pytest.param(
            row("Kaks", "641 1111, 641 2222"),
            Verdict.ADD,
            Content("Kaks", "+3726411111", "+3726412222"),
            id="two in one cell",
        ),
        pytest.param(
            row("Kaks", "tel 641 1111 (töö)", "641 1111"),
            Verdict.ADD,
            Content("Kaks", "+3726411111"),
            id="amid words, and twice",
        ),
        pytest.param(
            row("Kolm", "6411111.0", "641 2222\n6411111"),
            Verdict.ADD,
            Content("Kolm", "+3726411111", "+3726412222"),
            id="as a decimal, and in lines",
        ),
        pytest.param(
            row("Uus", "tel:+372-641-1111"), Verdict.ADD, Content("Uus", "+3726411111"), id="uri"
        ),
        pytest.param(row("Uus", "123"), Verdict.ADD, Content("Uus", "123"), id="short"),
    ],
)
def test_verdicts(asked: Row, verdict: Verdict, content: Content) -> None:
    planned = only(asked)
    assert (planned.verdict, planned.content) == (verdict, content)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (row("", A), "no name"),
        (row("   ", A), "no name"),
        (row("🙂", A), "cannot show any letter"),
        (row("x" * 129, A), "longer than 128"),
        (row("щ" * 40, A), "longer than 128"),
        (row("Mari", A, wire="Мари"), "cannot show"),
        (row("Mari"), "no number"),
        (row("Mari", "abc"), "“abc” is no phone number: it has letters"),
        (row("Mari", A, "12"), "“12” is too short"),
        (row("Mari", "640 3231-33"), "is a range"),
        (row("Mari", "*21#"), "has * or #"),
        (row("Mari", "3,72641E+11"), "rounded by a spreadsheet"),
        (row("Mari", "640 3231, abc"), "no phone number"),
        (row("Mari", "1" * 400), "too long"),
        (row("Mari", A, trouble="This card has no end."), "This card has no end."),
        (row("<b>%s %(n)d {0}</b>", "%d{}"), "%d{}"),
    ],
)
def test_errors_say_why(asked: Row, words: str) -> None:
    planned = only(asked, ())
    assert planned.verdict is Verdict.ERROR
    assert words in planned.words
    assert planned.content is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (row("Mari 🙂", A), "will not show 🙂"),
        (row("Mari", "640 3231 ext 12"), "extension 12 is left out"),
        (row("Mari", "8 495 123 45 67"), "taken for +7 495"),
        (row("Mari", "555111222"), "in no numbering plan"),
    ],
)
def test_what_a_person_should_know_is_remarked(asked: Row, words: str) -> None:
    planned = only(asked, ())
    assert planned.verdict is Verdict.ADD
    assert words in planned.words


def test_a_change_says_what_was_and_what_gets_lost() -> None:
    planned = only(row("Mari Kask", E))
    assert (planned.before, planned.lost) == (MARI, (A, B))
    assert planned.words == "No longer: 640 3231, 640 3232."
    planned = only(row("Mari", A, B))
    assert (planned.before, planned.lost) == (MARI, ())
    assert planned.words == "The name was: Mari Kask."


def test_an_odd_number_of_the_phonebook_is_taken_as_it_is() -> None:
    odd = Known(9, "Odd", Content("Odd", "0401234567"))
    assert only(row("Odd", "040 123 4567"), (odd,)).verdict is Verdict.SAME


def test_more_than_two_numbers_are_asked_about_and_never_cut_silently() -> None:
    asked = row("Uus", A, B, C, D, E)
    planned = only(asked, ())
    assert (planned.verdict, planned.left) == (Verdict.ASK, (C, D, E))
    assert planned.words == "There are 5 numbers."

    kept = only(asked, (), Choices(Many.KEEP_TWO))
    assert (kept.verdict, kept.content, kept.left) == (
        Verdict.ADD,
        Content("Uus", A, B),
        (C, D, E),
    )
    assert "Left out: 640 3233, 640 3234, 640 3235." in kept.words

    split = plan_import([asked], (), Choices(by_line={2: Choice(Many.SPLIT)}))
    assert [p.content for p in split] == [
        Content("Uus", A, B),
        Content("Uus", C, D),
        Content("Uus", E),
    ]
    assert {p.verdict for p in split} == {Verdict.ADD}


@pytest.mark.parametrize(
    ("choice", "verdict", "contents", "left"),
    [
        pytest.param(
            Choice(Many.KEEP_TWO, (D, A)), Verdict.ADD, [Content("Uus", D, A)], (B, C), id="two"
        ),
        pytest.param(
            Choice(Many.KEEP_TWO), Verdict.ADD, [Content("Uus", A, B)], (C, D), id="the first two"
        ),
        pytest.param(
            Choice(Many.KEEP_TWO, (A, E)),
            Verdict.ASK,
            [Content("Uus", A, B)],
            (C, D),
            id="one that the row has not, as it is read now",
        ),
        pytest.param(
            Choice(Many.SPLIT),
            Verdict.ADD,
            [Content("Uus", A, B), Content("Uus", C, D)],
            (),
            id="two entries",
        ),
        pytest.param(Choice(), Verdict.ASK, [Content("Uus", A, B)], (C, D), id="left out"),
    ],
)
def test_what_is_decided_about_one_row_is_for_it_alone(
    choice: Choice, verdict: Verdict, contents: list[Content], left: tuple[str, ...]
) -> None:
    rows = [row("Uus", A, B, C, D, line=2), row("Teine", E, A, B, line=3)]
    *decided, other = plan_import(rows, (), Choices(Many.KEEP_TWO, {2: choice}))
    assert [planned.content for planned in decided] == contents
    assert {planned.verdict for planned in decided} == {verdict}
    assert {planned.left for planned in decided} == {left}
    assert {planned.many for planned in decided} == {(A, B, C, D)}
    assert (other.verdict, other.content, other.left) == (
        Verdict.ADD,
        Content("Teine", E, A),
        (B,),
    )


def test_two_numbers_are_not_many() -> None:
    assert (
        only(row("Uus", A, B), (), Choices(by_line={2: Choice(Many.KEEP_TWO, (B, C))})).many == ()
    )


def test_rows_that_say_the_same_count_once() -> None:
    first, second = plan_import([row("Uus", A), row("Uus", A, line=3)], ())
    assert first.verdict is Verdict.ADD
    assert (second.verdict, second.words) == (Verdict.SAME, "The same as line 2.")


def test_an_entry_answers_to_one_row_alone() -> None:
    rows = [row("Info", A), row("Info", B, line=3)]
    assert [p.verdict for p in plan_import(rows, (INFO,))] == [Verdict.ADD, Verdict.ADD]
    rows = [row("Teine", D), row("Info", D, line=3)]
    assert [p.verdict for p in plan_import(rows, (INFO,))] == [Verdict.ADD, Verdict.SAME]
    doubles = (INFO, Known(4, "Info", Content("Info", E)))
    assert only(row("Info", A), doubles).verdict is Verdict.ADD


def test_planning_pauses() -> None:
    steps = planning((row(f"N{n}", A, line=n) for n in range(1, 201)), ())
    told = list(steps)
    assert told[:3] == [50, 100, 150]
    assert told[-1] == 200


class Book:
    """A phonebook in memory that takes what was planned."""

    def __init__(self, known: tuple[Known, ...] = ()) -> None:
        self.entries = {entry.id: entry for entry in known}
        self._ids = count(max(self.entries, default=0) + 1)
        self.refuses = ""

    def put(self, planned: Planned) -> None:
        assert planned.content is not None
        if planned.name == self.refuses:
            raise BadInput("Refused", "by <b>me</b>")
        entry_id = planned.before.id if planned.before else next(self._ids)
        self.entries[entry_id] = Known(entry_id, planned.name, planned.content)


def test_an_import_goes_in_steps_and_stops() -> None:
    book = Book(BOOK)
    rows = [row(f"N{n}", f"64111{n:02}", line=n) for n in range(10)] + [row("Info", D, line=10)]
    work = Import(plan_import(rows, BOOK), book.put)
    assert work.step(3)
    assert (work.done, work.total, len(book.entries)) == (3, 11, 6)
    became = [outcome.became for outcome in work.outcomes()]
    assert became == [Became.ADDED] * 3 + [Became.NOT_DONE] * 7 + [Became.SAME]

    again = plan_import(rows, book.entries.values())
    assert [p.verdict for p in again] == [Verdict.SAME] * 3 + [Verdict.ADD] * 7 + [Verdict.SAME]
    resumed = Import(again, book.put)
    while resumed.step(2):
        pass
    assert len(book.entries) == 13
    assert not resumed.step()


def test_what_the_phonebook_refuses_is_told_and_the_rest_goes_on() -> None:
    book = Book()
    book.refuses = "B"
    rows = [row("A", A), row("B", B, line=3), row("C", line=4), row("D", C, D, E, line=5)]
    work = Import(plan_import(rows, ()), book.put)
    assert not work.step()
    out = io.StringIO(newline="")
    write_results(work.outcomes(), out)
    assert list(csv.reader(out.getvalue().splitlines(), delimiter=";")) == [
        ["Line", "Name", "Numbers", "Result", "Remark"],
        ["2", "A", "'" + A, "added", ""],
        ["3", "B", "'" + B, "not imported: refused", "Refused. by <b>me</b>"],
        ["4", "C", "", "not imported: error", "There is no number."],
        [
            *("5", "D", f"'{C}, {D}, {E}"),
            *("not imported: too many numbers", "There are 3 numbers."),
        ],
    ]


def test_a_bug_leaves_the_row_undone() -> None:
    def broken(_: Planned) -> None:
        raise ZeroDivisionError

    work = Import(plan_import([row("A", A)], ()), broken)
    with pytest.raises(ZeroDivisionError):
        work.step()
    assert work.done == 0


_NAMES = st.sampled_from(["Mari", "mari", "Žanna", "Zhanna", "Жанна", "Info", "Щука 🙂", ""])
_NUMBERS = st.lists(st.sampled_from([A, B, C, "640 3231", "12345", "0401234567", "x"]), max_size=4)
_ROWS = st.lists(st.tuples(_NAMES, _NUMBERS), max_size=8)


@settings(max_examples=300, deadline=None)
@given(_ROWS, _ROWS, st.sampled_from([Many.KEEP_TWO, Many.SPLIT, Many.ASK]), st.integers(0, 20))
def test_applied_twice_is_the_same(
    there: list[tuple[str, list[str]]],
    rows: list[tuple[str, list[str]]],
    many: Many,
    stop_after: int,
) -> None:
    """Whatever is there, wherever it was stopped: in the end all is the same, nothing is double,
    and no entry changed that no plan named."""
    book = Book()
    start = [row(name, *numbers, line=n) for n, (name, numbers) in enumerate(there, 1)]
    Import(plan_import(start, (), Choices(Many.SPLIT)), book.put).step(1000)
    before = dict(book.entries)
    wanted = [row(name, *numbers, line=n) for n, (name, numbers) in enumerate(rows, 1)]

    named = set()
    for at_most in (stop_after, 1000):
        planned = plan_import(wanted, book.entries.values(), Choices(many))
        Import(planned, book.put).step(at_most)
        named |= {p.before.id for p in planned if p.verdict is Verdict.CHANGE and p.before}

    idle = {Verdict.SAME, Verdict.ERROR, Verdict.ASK}
    assert {p.verdict for p in plan_import(wanted, book.entries.values(), Choices(many))} <= idle
    contents = [entry.content.key for entry in book.entries.values()]
    assert len(contents) == len(set(contents))
    assert all(book.entries[i] == entry for i, entry in before.items() if i not in named)
