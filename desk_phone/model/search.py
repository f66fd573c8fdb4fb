"""One search for the phonebook, the palette and the calls: ranked answers on every key.

The items lie in blocks, the weightiest first, each the text of a few lines. For every three
letters the index knows, as the bits of one number, the blocks that hold them; a search looks only
into blocks that hold all of its threes, in order, and stops when it has enough. One text of all
items was tried before: what is not in it costs its whole length, once for each rank.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from desk_phone.model.folding import fold
from desk_phone.model.search_query import Query, Step, ask, steps
from desk_phone.model.search_text import (
    KEYS,
    LINE_END,
    NUMBER_END,
    Item,
    Rank,
    number_mark,
    on_keys,
    rows_of,
    rows_with,
    spelt_out,
    threes,
)

__all__ = ["Hit", "Index", "Item", "Rank", "building"]

LINES = 4  # of a block as it is built
_LINES_AT_MOST = 12  # with more it is cut in two
SLICE = 128  # items between two pauses of `building`: about 2 ms
_ALL = -1  # as bits: every block
_LIGHTEST = -(2**63)  # whatever an item weighs

_Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """``number`` is the one of the item's numbers that answers; empty when it is a name."""

    item: Item
    rank: Rank
    number: str = ""


@dataclass(slots=True)
class _Block:
    bit: int
    text: str  # a line for each item, in the same order
    items: list[Item]


class Index:
    """Items to be found. For one thread; small changes are cheap, many are made by `building`."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self._blocks: list[_Block] = []
        self._firsts: list[_Key] = []  # what lies in a block is not less than its first
        self._bits: defaultdict[str, int] = defaultdict(int)
        self._letters: set[str] = set()
        self._unused: list[int] = []
        self._places: list[int] = []  # of the blocks, by their bits; empty: to be made anew

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def __iter__(self) -> Iterator[Item]:
        """The weightiest first, then by name."""
        return (item for block in self._blocks for item in block.items)

    def fill(self, items: Iterable[Item]) -> Generator[None, None, None]:
        """Put many items into an empty index; it must not be used before this has ended."""
        source = iter(items)
        while some := list(islice(source, SLICE)):
            self._items.update((item.id, item) for item in some)
            yield
        runs = []
        source = iter(self._items.values())
        while some := list(islice(source, SLICE)):
            runs.append(sorted((_key(item), item) for item in some))
            yield
        ordered = heapq.merge(*runs)
        while rows := list(islice(ordered, SLICE)):
            for at in range(0, len(rows), LINES):
                self._append([item for _, item in rows[at : at + LINES]], rows[at][0])
            yield

    def put(self, item: Item) -> None:
        """Add ``item``, or let it take the place of the one with its id."""
        if self._items.get(item.id) == item:
            return
        self.remove(item.id)
        self._items[item.id] = item
        key = _key(item)
        if not self._blocks:
            self._append([item], key)
            return
        at = max(bisect_right(self._firsts, key) - 1, 0)
        self._firsts[at] = min(self._firsts[at], key)
        self._insert(at, item, key)

    def remove(self, item_id: str) -> None:
        """Forget an item; nothing happens when there is none."""
        item = self._items.pop(item_id, None)
        if item is None:
            return
        at = bisect_right(self._firsts, _key(item)) - 1
        block = self._blocks[at]
        row = next(row for row, other in enumerate(block.items) if other is item)
        lines = block.text.split(LINE_END)
        line = lines.pop(row)
        del block.items[row]
        block.text = LINE_END.join(lines)
        for three in threes(line):
            if three not in block.text:
                self._unset(three, block.bit)
        if not block.items:
            del self._blocks[at], self._firsts[at]
            self._unused.append(block.bit)
            self._places = []

    def get(self, item_id: str) -> Item | None:
        return self._items.get(item_id)

    def having(self, number: str) -> list[Item]:
        """The items with this very number, canonical, the weightiest first."""
        text = number_mark(number) + NUMBER_END
        blocks = self._candidates(Step(Rank.EXACT, ((text,),)))
        return [item for block in blocks for item in block.items if number in item.numbers]

    def search(self, text: str, limit: int = 50) -> tuple[Hit, ...]:
        """The best ``limit`` items: by rank, then weight, then name. Nothing asked: the weightiest.

        Any text may be given; what it may mean is said in `search_query`.
        """
        query = ask(text)
        if query.parts:
            return self.find(query, limit)
        return tuple(Hit(item, Rank.ANY) for item in islice(self, limit))

    def find(
        self,
        query: Query,
        limit: int,
        wanted: Callable[[Item], bool] | None = None,
        weighing: int = _LIGHTEST,
    ) -> tuple[Hit, ...]:
        """The same, only of items that are ``wanted`` and weigh at least so much: at the lighter
        ones nobody looks at all. Nothing asked: none."""
        sought = [way.text for part in query.parts if part.digits for way in part.ways]
        found: dict[str, Hit] = {}
        for item, rank in self._found(query, weighing):
            if item.id not in found and (wanted is None or wanted(item)):
                if len(found) >= limit:
                    break
                found[item.id] = Hit(item, rank, _number_found(item, sought))
        return tuple(found.values())

    def _found(self, query: Query, weighing: int) -> Iterator[tuple[Item, Rank]]:
        for step in steps(query):
            first, *others = step.parts
            for block in self._candidates(step):
                if block.items[0].weight < weighing:
                    break
                rows = rows_of(block.text, first)
                if rows and others:
                    rows = rows_with(block.text, rows, others)
                for row in sorted(rows) if len(rows) > 1 else rows:
                    if block.items[row].weight >= weighing:
                        yield block.items[row], step.rank

    def _candidates(self, step: Step) -> Iterator[_Block]:
        """The blocks that may hold an answer, in order."""
        bits = _ALL
        for texts in step.parts:
            either = 0
            for text in texts:
                either |= self._holding(text)
            bits &= either
        if bits == _ALL:
            return iter(self._blocks)
        if bits.bit_count() * 4 < len(self._blocks):
            return map(self._blocks.__getitem__, self._places_of(bits))
        marks = bin(bits)[:1:-1].ljust(len(self._blocks) + len(self._unused), "0")
        return (block for block in self._blocks if marks[block.bit] == "1")

    def _places_of(self, bits: int) -> list[int]:
        if not self._places:
            self._places = [0] * (len(self._blocks) + len(self._unused))
            for place, block in enumerate(self._blocks):
                self._places[block.bit] = place
        places = []
        marks = bin(bits)[:1:-1]
        bit = marks.find("1")
        while bit >= 0:
            places.append(self._places[bit])
            bit = marks.find("1", bit + 1)
        return sorted(places)

    def _holding(self, text: str) -> int:
        if len(text) < 3:
            return self._holding_short(text)
        bits = _ALL
        for three in threes(text):
            either = 0
            for spelling in on_keys(three) if text[0] == KEYS else (three,):
                either |= self._bits.get(spelling, 0)
            bits &= either
        return bits

    def _holding_short(self, letters: str) -> int:
        if len(letters) < 2:
            return _ALL
        bits = self._bits.get(letters, 0)
        for other in self._letters:
            bits |= self._bits.get(letters + other, 0) | self._bits.get(other + letters, 0)
        return bits

    def _append(self, items: list[Item], first: _Key, at: int | None = None) -> None:
        """A new block, in the end or before place ``at``."""
        bit = self._unused.pop() if self._unused else len(self._blocks)
        text = LINE_END.join(map(spelt_out, items))
        place = len(self._blocks) if at is None else at
        self._blocks.insert(place, _Block(bit, text, items))
        self._firsts.insert(place, first)
        self._places = []
        self._set(text, bit)

    def _insert(self, at: int, item: Item, key: _Key) -> None:
        block = self._blocks[at]
        row = bisect_right(block.items, key, key=_key)
        lines = block.text.split(LINE_END)
        line = spelt_out(item)
        lines.insert(row, line)
        block.items.insert(row, item)
        self._set(line, block.bit)
        if len(block.items) > _LINES_AT_MOST:
            # The bits of the lines that move away stay: at worst a search looks here in vain.
            half = len(lines) // 2
            moved = block.items[half:]
            del block.items[half:], lines[half:]
            self._append(moved, _key(moved[0]), at + 1)
        block.text = LINE_END.join(lines)

    def _set(self, text: str, bit: int) -> None:
        mark = 1 << bit
        bits = self._bits
        known = len(bits)
        for three in threes(text):
            bits[three] |= mark
        if len(bits) > known:
            self._letters.update(text)

    def _unset(self, three: str, bit: int) -> None:
        left = self._bits[three] & ~(1 << bit)
        if left:
            self._bits[three] = left
        else:
            del self._bits[three]


def building(items: Iterable[Item]) -> Generator[None, None, Index]:
    """Makes an index in slices of a few milliseconds: ``index = yield from building(items)``.

    Of items with the same id the last one counts. What changes meanwhile is put in afterwards.
    """
    index = Index()
    yield from index.fill(items)
    return index


def _key(item: Item) -> _Key:
    return -item.weight, fold(item.names[0]) if item.names else "".join(item.numbers), item.id


def _number_found(item: Item, sought: Sequence[str]) -> str:
    for number in item.numbers if sought else ():
        mark = number_mark(number) + NUMBER_END
        if any(text in mark for text in sought):
            return number
    return ""
