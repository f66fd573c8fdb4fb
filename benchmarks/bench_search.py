"""The search on every key: 1,000, 10,000 and 100,000 entries, SQLite's LIKE beside it.

What is typed: every beginning of words and numbers, middles of them, two words begun, whole names,
phone keys, the wrong layout, nonsense. Each query counts with the best of three, in CPU time, so
that neighbours on the machine do not.
"""

from __future__ import annotations

import sqlite3
import statistics
import tracemalloc
from collections.abc import Callable, Sequence
from random import Random
from time import process_time

from benchmarks.report import Figure, end, grows, heading, limit, line, ratio
from desk_phone.model.folding import fold, layouts, sound, t9
from desk_phone.model.numbers import shown
from desk_phone.model.search import Index, Item, building

SIZES = (1_000, 10_000, 100_000)
TARGETS = {10_000: 1.0, 100_000: 2.0}  # ms, p99
BUILT = 10_000
_ASKED = 60  # entries that queries are made from, some 20 from each
_PLAIN = "SELECT id FROM items WHERE name LIKE ?1 OR numbers LIKE ?1 ORDER BY weight DESC LIMIT 50"
# The same questions in the same order: any spelling, numbers, phone keys, the wrong layout.
_RANKED = """
    SELECT id, CASE WHEN name LIKE ?2 OR name LIKE ?3 OR numbers LIKE ?4 THEN 1
        WHEN name LIKE ?1 OR sound LIKE ?5 OR numbers LIKE ?6 THEN 2
        WHEN keys LIKE ?1 THEN 3 ELSE 4 END AS rank
    FROM items WHERE name LIKE ?1 OR sound LIKE ?5 OR numbers LIKE ?6 OR keys LIKE ?1
        OR name LIKE ?7 ORDER BY rank, weight DESC LIMIT 50
"""

_FIRST = (
    *(
        "Mari",
        "Jüri",
        "Õnne",
        "Ülle",
        "Tõnu",
        "Kärt",
        "Pille",
        "Rein",
        "Anu",
        "Märt",
        "Liis",
        "Urmas",
    ),
    *(
        "Žanna",
        "Šarlotte",
        "Helgi",
        "Kalev",
        "Siim",
        "Triin",
        "Väino",
        "Kristiina",
        "Katrin",
        "Jaan",
    ),
    *("Иван", "Наталья", "Светлана", "Пётр", "Jelena", "Sergei", "Andrei", "Olga"),
)
_SYLLABLES = (
    *(
        "ka",
        "ri",
        "ma",
        "to",
        "pe",
        "la",
        "si",
        "vu",
        "ne",
        "jõ",
        "kä",
        "mi",
        "ra",
        "lo",
        "tu",
        "ve",
    ),
    *("sa", "ku", "li", "hõ", "an", "er", "is", "ol"),
)
_ENDS = ("", "", "s", "nen", "ov", "ova", "ts", "kin", "mets", "mäe", "saar", "berg")
_STARTS = ("640", "641", "660", "73", "51", "52", "5331", "56", "58")


def main() -> None:
    heading("Search")
    held = []
    for size in SIZES:
        rng = Random(size)
        items = people(size, rng)
        queries = typed(rng, rng.sample(items, _ASKED))
        held += _size(items, queries)
    end(held)


def people(size: int, rng: Random) -> list[Item]:
    """A phonebook; one in twenty was on the phone lately."""
    family = ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(8_000)]

    def person(n: int) -> Item:
        last = (rng.choice(family) + rng.choice(_ENDS)).title()
        name = f"{rng.choice(_FIRST)} {last}"
        if rng.random() < 0.1:
            name = f"{last} {rng.choice(('OÜ', 'AS', 'MTÜ'))}"
        keys = tuple(
            f"+372{rng.choice(_STARTS)}{rng.randint(10_000, 99_999)}"[:12]
            for _ in range(rng.choice((1, 1, 2)))
        )
        weight = rng.randint(1, 10**9) if rng.random() < 0.05 else 0
        return Item(f"entry:{n}", (name,), keys, weight)

    return [person(n) for n in range(size)]


def typed(rng: Random, asked: Sequence[Item]) -> list[str]:
    queries = []
    for item in asked:
        name = item.names[0].lower()
        word, digits = rng.choice(name.split()), item.numbers[0][4:]
        queries += [word[:length] for length in range(1, len(word) + 1)]
        queries += [digits[:length] for length in range(1, len(digits) + 1)]
        queries += [digits[2:5], digits[2:6], shown(item.numbers[0]), item.numbers[0][:8]]
        queries += [word[1:4], word[2:], name, fold(name), t9(fold(word))[:4]]
        queries.append(" ".join(part[:2] for part in name.split()))
        queries.append("".join(part[0] for part in name.split()))
        queries.append("".join(rng.choices("abdefghijklmnop;[", k=rng.randint(2, 7))))
    return queries


def _size(items: Sequence[Item], queries: Sequence[str]) -> list[bool]:
    size = f"{len(items):,}"
    index, slices = _built(items)
    ours = each(queries, index.search)
    some = queries[:: max(1, len(items) // 2_000)]
    plain, ranked = (each(some, search) for search in like(items))
    line(f"{size}: built, in {len(slices)} slices", f"{sum(slices):.3g} ms")
    line(f"{size}: an entry changed", spread(_changes(index, items)))
    grows("a key of the search among entries", len(items), Figure(ours, "ms CPU"))
    grows("making the search", len(items), Figure([sum(slices)], "ms CPU"))
    line(f"{size}: a query", spread(ours))
    line(f"{size}: LIKE, one pattern", spread(plain))
    line(f"{size}: LIKE, the same questions", spread(ranked))
    if len(items) not in TARGETS:
        return []
    return [
        limit(f"{size}: p99 of a query", p99(ours), TARGETS[len(items)], "ms", Figure(ours, "ms")),
        ratio(f"{size}: against LIKE", Figure(ours, "ms"), Figure(ranked, "ms"), 0.1),
        limit(f"{size}: index against the items", _memory(items), 2, "x"),
        *(_building(items) if len(items) == BUILT else ()),
    ]


def _building(items: Sequence[Item]) -> tuple[bool, ...]:
    best = min((_built(items)[1] for _ in range(3)), key=sum)
    return limit("built", sum(best), 150, "ms"), limit("the longest slice", max(best), 16, "ms")


def _built(items: Sequence[Item]) -> tuple[Index, list[float]]:
    """The index and how many ms each slice took."""
    slices = []
    steps = building(items)
    while True:
        begun = process_time()
        try:
            next(steps)
        except StopIteration as through:
            slices.append((process_time() - begun) * 1e3)
            return through.value, slices
        slices.append((process_time() - begun) * 1e3)


def each(queries: Sequence[str], search: Callable[[str], object]) -> list[float]:
    """ms of each query, the best of three."""

    def once(query: str) -> float:
        begun = process_time()
        search(query)
        return (process_time() - begun) * 1e3

    return [min(once(query) for _ in range(3)) for query in queries]


def like(items: Sequence[Item]) -> tuple[Callable[[str], object], Callable[[str], object]]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE items (id PRIMARY KEY, name, sound, keys, numbers, weight)")
    names = [fold(item.names[0]) for item in items]
    db.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)",
        (
            (i.id, name, sound(name), t9(name), " ".join(i.numbers), i.weight)
            for name, i in zip(names, items, strict=True)
        ),
    )

    def plain(text: str) -> object:
        return db.execute(_PLAIN, (f"%{fold(text)}%",)).fetchall()

    def ranked(text: str) -> object:
        folded = fold(text)
        digits = "".join(filter(str.isdigit, text)) or folded
        other = fold(next(iter(layouts(text)), text))
        asked = (f"%{folded}%", f"{folded}%", f"% {folded}%", f"%+372{digits}%")
        patterns = (*asked, f"%{sound(folded)}%", f"%{digits}%", f"%{other}%")
        return db.execute(_RANKED, patterns).fetchall()

    return plain, ranked


def _changes(index: Index, items: Sequence[Item]) -> list[float]:
    """ms of each of 500 entries that come to the front, as after a call."""
    taken = []
    for n, item in enumerate(items[:500]):
        changed = Item(item.id, item.names, item.numbers, 2 * 10**9 + n)
        begun = process_time()
        index.put(changed)
        taken.append((process_time() - begun) * 1e3)
    return taken


def _memory(items: Sequence[Item]) -> float:
    """Python memory of an index, in that of copies of its items."""
    tracemalloc.start()
    copies = [
        Item(f"{i.id} ", tuple(f"{n} " for n in i.names), tuple(f"{n} " for n in i.numbers), 1)
        for i in items
    ]
    data = tracemalloc.get_traced_memory()[0]
    index, _ = _built(copies)
    whole = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(index) == len(items)
    return (whole - data) / data


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.3g} ms, p99 {p99(values):.3g} ms"


def p99(values: Sequence[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


if __name__ == "__main__":
    main()
