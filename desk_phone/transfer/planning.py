"""The dry run of an import: what each row would do to the phonebook, before anything is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desk_phone.i18n import ntr, tr
from desk_phone.model.entries import Content, listed_number, same
from desk_phone.model.names import Problem, odd_letters, problems, wire_name
from desk_phone.model.numbers import shown
from desk_phone.model.pieces import at_once
from desk_phone.model.text import AT_MOST, clean
from desk_phone.transfer.numbering import numbers_of
from desk_phone.transfer.rows import Row

STEP = 50  # rows between two pauses of `planning`: some milliseconds
_QUICK_STEP = 1000


class Verdict(StrEnum):
    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    ASK = "ask"  # more than two numbers: keep two, or split into several entries
    ERROR = "error"


class Many(StrEnum):
    """What to do with more than two numbers."""

    ASK = "ask"
    KEEP_TWO = "keep two"  # the first two, unless others are named
    SPLIT = "split"  # in entries of two numbers and the same name


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the phonebook: the person's spelling of its name and what it says."""

    id: int
    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Planned:
    """What one row would do; a row that is split has several.

    ``name`` is the person's spelling, ``content`` what the service gets; there is none of an error.
    ``before`` is the entry that would change or is the same already. ``words`` tell why, ``left``
    are numbers that the file has and the entry will not have, ``lost`` those that the entry has and
    would lose. ``many`` are all the row's numbers, where they are more than an entry may have.
    """

    row: Row
    verdict: Verdict
    words: str = ""
    name: str = ""
    content: Content | None = None
    before: Known | None = None
    left: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do with a row of many numbers. ``kept``: which two of them stay, where two do."""

    many: Many = Many.ASK
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about rows of many numbers: for all, and by line for single ones."""

    many: Many = Many.ASK
    by_line: Mapping[int, Choice] = field(default_factory=dict)

    def of(self, line: int) -> Choice:
        return self.by_line.get(line) or Choice(self.many)


_ASK = Choices()


def plan_import(
    rows: Iterable[Row], existing: Iterable[Known], choices: Choices = _ASK
) -> tuple[Planned, ...]:
    """The verdicts in the order of the rows. What was applied and is planned again is SAME."""
    return at_once(planning(rows, existing, choices))


def planning(
    rows: Iterable[Row], existing: Iterable[Known], choices: Choices = _ASK
) -> Generator[int, None, tuple[Planned, ...]]:
    """`plan_import` in steps of some milliseconds; each yields how many rows were read so far."""
    book = _Book()
    for count, known in enumerate(existing):
        book.note(known)
        if count % _QUICK_STEP == 0:
            yield 0
    wishes: list[Planned] = []
    for count, row in enumerate(rows, 1):
        wishes += _wishes(row, book.numbers, choices.of(row.line))
        if count % STEP == 0:
            yield count
    yield from _place(wishes, book)
    return tuple(wishes)


def _place(wishes: list[Planned], book: _Book) -> Generator[int, None, None]:
    """Holds wishes to add against the phonebook; those that come to nothing change in place."""
    # What is there already is claimed first, so that no other row changes it.
    names: Counter[str] = Counter()
    pairs: Counter[tuple[str, ...]] = Counter()
    for at, wish in enumerate(wishes):
        wishes[at] = book.already(wish)
        if wishes[at].verdict is Verdict.ADD and wish.content is not None:
            names[wish.content.name.casefold()] += 1
            pairs[wish.content.key[1:]] += 1
        if at % _QUICK_STEP == 0:
            yield len(wishes)
    for at, wish in enumerate(wishes):
        wishes[at] = book.placed(wish, names, pairs)
        if at % _QUICK_STEP == 0:
            yield len(wishes)


class _Book:
    """The phonebook while rows are held against it. An entry answers to one row alone."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self._by_content: dict[tuple[str, str, str], Known] = {}
        self._by_name: defaultdict[str, list[Known]] = defaultdict(list)
        self._by_pair: defaultdict[tuple[str, ...], list[Known]] = defaultdict(list)
        self._claimed: set[int] = set()
        self._planned: dict[tuple[str, str, str], int] = {}

    def note(self, known: Known) -> None:
        content = known.content
        self.numbers.update(filter(None, (content.number1, content.number2)))
        self._by_content.setdefault(content.key, known)
        self._by_name[content.name.casefold()].append(known)
        self._by_pair[content.key[1:]].append(known)

    def already(self, wish: Planned) -> Planned:
        """SAME for what is in the phonebook, or in a row before; a CHANGE where only the person's
        spelling differs."""
        if wish.content is None or wish.verdict is not Verdict.ADD:
            return wish
        first = self._planned.setdefault(wish.content.key, wish.row.line)
        if first != wish.row.line:
            words = tr("The same as line %(line)d.") % {"line": first}
            return replace(wish, verdict=Verdict.SAME, words=words)
        known = self._by_content.get(wish.content.key)
        if known is None:
            return wish
        self._claimed.add(known.id)
        if wish.name in (known.name, known.content.name):
            return replace(wish, verdict=Verdict.SAME, before=known)
        words = tr("Only your own spelling changes.")
        return replace(wish, verdict=Verdict.CHANGE, before=known, words=words)

    def placed(
        self, wish: Planned, names: Counter[str], pairs: Counter[tuple[str, ...]]
    ) -> Planned:
        """A wish to add becomes a change where exactly one entry has that name, or those numbers,
        and exactly one row."""
        content = wish.content
        if content is None or wish.verdict is not Verdict.ADD:
            return wish
        found = self._by_name[content.name.casefold()]
        if len(found) != 1 or names[content.name.casefold()] > 1:
            found = self._by_pair[content.key[1:]]
            if len(found) != 1 or pairs[content.key[1:]] > 1:
                return wish
        (known,) = found
        if known.id in self._claimed:
            return wish
        self._claimed.add(known.id)
        return _change(wish, content, known)


def _change(wish: Planned, content: Content, known: Known) -> Planned:
    old = known.content
    lost = tuple(key for key in (old.number1, old.number2) if key and key not in content.key[1:])
    words = [wish.words]
    if lost:
        numbers = ", ".join(map(shown, lost))
        words.append(tr("No longer: %(numbers)s.") % {"numbers": numbers})
    if not same(replace(old, name=content.name), old):
        words.append(tr("The name was: %(name)s.") % {"name": known.name})
    return replace(wish, verdict=Verdict.CHANGE, before=known, lost=lost, words=_sentences(words))


def _wishes(row: Row, known: set[str], choice: Choice) -> list[Planned]:
    """The entries that a row asks for, as if the phonebook were empty."""
    name, wire, trouble = _names(row)
    numbers = numbers_of(row, known)
    trouble = row.trouble or trouble or numbers.trouble
    if not trouble and not numbers.keys:
        trouble = tr("There is no number.")
    if trouble:
        return [Planned(row, Verdict.ERROR, trouble, name)]
    words = _sentences((_dropped(name) if not row.wire else "", *numbers.remarks))
    # As a list will show them; what a list has shown is so already.
    listed = (key if key in known else listed_number(key) for key in numbers.keys)
    keys = tuple(dict.fromkeys(listed))
    wish = Planned(row, Verdict.ADD, words, name, Content(wire, *keys[:2]))
    return [wish] if len(keys) <= 2 else _of_many(replace(wish, many=keys), wire, choice)


def _of_many(wish: Planned, wire: str, choice: Choice) -> list[Planned]:
    """Nothing is cut that nobody asked for: numbers that the row has not keep none."""
    keys = wish.many
    if choice.many is Many.SPLIT:
        pairs = (keys[at : at + 2] for at in range(0, len(keys), 2))
        return [replace(wish, content=Content(wire, *pair)) for pair in pairs]
    kept = choice.kept or keys[:2]
    if choice.many is Many.KEEP_TWO and set(kept) <= set(keys):
        left = tuple(key for key in keys if key not in kept)
        said = tr("Left out: %(numbers)s.") % {"numbers": ", ".join(map(shown, left))}
        words = _sentences((wish.words, said))
        return [replace(wish, content=Content(wire, *kept), words=words, left=left)]
    said = ntr("There is %(n)d number.", "There are %(n)d numbers.", len(keys))
    words = _sentences((wish.words, said))
    return [replace(wish, verdict=Verdict.ASK, words=words, left=keys[2:])]


def _names(row: Row) -> tuple[str, str, str]:
    """The person's spelling, the wire's, and why one cannot be sent."""
    name, wire = clean(row.name), clean(row.wire)
    if not name:
        name = wire
    wire = wire or wire_name(name).text
    if not name:
        return "", "", tr("There is no name.")
    if any(len(" ".join(text.split())) > AT_MOST for text in (row.name, row.wire)):
        return name, wire, _too_long()
    for problem in problems(wire):
        if problem is Problem.LETTERS:
            words = tr("Desk phones cannot show %(letters)s.") % {"letters": odd_letters(wire)}
            return name, wire, words
        if problem is Problem.EMPTY:
            return name, wire, tr("Desk phones cannot show any letter of this name.")
        if problem is Problem.TOO_LONG:
            return name, wire, _too_long()
    return name, wire, ""


def _too_long() -> str:
    return tr("The name is longer than %(most)d letters.") % {"most": AT_MOST}


def _dropped(name: str) -> str:
    lost = "".join(wire_name(name).lost)
    return tr("Desk phones will not show %(letters)s.") % {"letters": lost} if lost else ""


def _sentences(words: Iterable[str]) -> str:
    return " ".join(filter(None, words))
