"""The search finds every spelling, ranks, forgets, and survives whatever is typed."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.model.folding import fold
from desk_phone.model.search import Index, Item, Rank, building

OUNAPUU = Item("1", ("Kristiina Õunapuu",), ("+3726403231", "+37251234567"))
ZANNA = Item("2", ("Žanna Šmidt", "Zhanna Shmidt"), ("123",))
IVANOV = Item("3", ("Иванов Пётр",), ("+358401234567",))
JOHN = Item("4", ("John Ivanov-Kask",), ("+74951234567",))
LADU = Item("5", ("Ladu 2, Põhja Veod OÜ",), ("+3726441111",))
NAMELESS = Item("6", (), ("+37255555555",))
EVERYBODY = (OUNAPUU, ZANNA, IVANOV, JOHN, LADU, NAMELESS)


def index_of(*items: Item) -> Index:
    index = Index()
    for item in items:
        index.put(item)
    return index


def built(*items: Item) -> Index:
    def whole() -> Iterator[None]:
        indexes.append((yield from building(items)))

    indexes: list[Index] = []
    deque(whole(), maxlen=0)
    return indexes[0]


def ids(index: Index, text: str, limit: int = 1000) -> list[str]:
    return [hit.item.id for hit in index.search(text, limit)]


@pytest.mark.parametrize("make", [index_of, built])
@pytest.mark.parametrize(
    ("text", "found", "rank"),
    [
        ("Õunapuu", "1", Rank.START),
        ("ounapuu", "1", Rank.START),
        ("O\u0303un", "1", Rank.START),
        ("kristiina õunapuu", "1", Rank.EXACT),
        ("õunapuu kristiina", "1", Rank.START),
        ("kristina", "1", Rank.SOUND),
        ("napu", "1", Rank.FRAGMENT),
        ("kõ", "1", Rank.INITIALS),
        ("ko", "1", Rank.INITIALS),
        ("k õ", "1", Rank.START),
        ("k.", "1", Rank.START),
        ("žanna", "2", Rank.START),
        ("zanna", "2", Rank.START),
        ("zhanna", "2", Rank.START),
        ("жанна", "2", Rank.START),
        ("шмидт", "2", Rank.START),
        ("иванов", "3", Rank.START),
        ("ivanov", "3", Rank.START),
        ("ivanow", "3", Rank.SOUND),
        ("pjotr", "3", Rank.SOUND),
        ("пётр", "3", Rank.START),
        ("ivanov-kask", "4", Rank.START),
        ("640 32", "1", Rank.START),
        ("+372640", "1", Rank.START),
        ("+372 640 3231", "1", Rank.EXACT),
        ("003726403231", "1", Rank.EXACT),
        ("372 5123", "1", Rank.START),
        ("(640)-3231", "1", Rank.EXACT),
        ("640\u00a03231", "1", Rank.EXACT),
        ("６４０３２３１", "1", Rank.EXACT),
        ("403231", "1", Rank.FRAGMENT),
        ("+358 40", "3", Rank.START),
        ("00358 40", "3", Rank.START),
        ("040 123", "3", Rank.START),
        ("358", "3", Rank.START),
        ("8 495 123", "4", Rank.START),
        ("123", "2", Rank.EXACT),
        ("ladu 2", "5", Rank.START),
        ("2 ladu", "5", Rank.START),
        ("kristiina 640", "1", Rank.START),
        ("640 kristiina", "1", Rank.START),
        ("5646", "4", Rank.KEYS),
        ("68627", "1", Rank.KEYS),
        ("422552", "3", Rank.KEYS),  # Иванов by the Cyrillic letters of the keys
        ("482668", "3", Rank.KEYS),  # and by the Latin ones
        ("bdfyjd", "3", Rank.LAYOUT),
        ("шмфтщм", "3", Rank.LAYOUT),
        ("щгтфзгг", "1", Rank.LAYOUT),
        ("ъгтфзгг", "1", Rank.LAYOUT),
        ("555", "6", Rank.START),
    ],
)
def test_every_spelling(make: Callable[..., Index], text: str, found: str, rank: Rank) -> None:
    hits = {hit.item.id: hit.rank for hit in make(*EVERYBODY).search(text)}
    assert hits.get(found) == rank


@pytest.mark.parametrize(
    "text", ["xyzzy", "kkkk", "kristiina jaan", "+37264032319", "2662 99", "a" * 500]
)
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert ids(index_of(OUNAPUU), text) == []


def test_ranks_come_in_order_then_weight_then_name() -> None:
    index = index_of(
        Item("layout", ("Фттф",), (), 9),  # anna, typed with the Russian layout
        Item("fragment", ("Joanna Kask",), (), 9),
        Item("initials", ("Aadu Nurk Nõmm Aed",), (), 9),
        Item("sound", ("Ana Kask",), (), 9),
        Item("b", ("Anna B",)),
        Item("a", ("Anna A",)),
        Item("late", ("Anna Z",), (), 5),
        Item("exact", ("Anna",)),
    )
    by_name = ["exact", "late", "a", "b", "sound", "initials", "fragment", "layout"]
    assert ids(index, "anna") == by_name
    # Of one rank, the weightiest come first.
    assert ids(index, "фттф") == ["layout", "sound", "late", "exact", "a", "b"]
    assert ids(index, "anna", limit=3) == ["exact", "late", "a"]


def test_keys_come_after_numbers() -> None:
    index = index_of(Item("keys", ("John",), (), 9), Item("number", ("A",), ("+3725646000",)))
    assert ids(index, "5646") == ["number", "keys"]


def test_a_hit_tells_which_number_answered() -> None:
    index = index_of(OUNAPUU)
    asked = {"5123": 1, "640": 0, "3231": 0, "kris 640": 0}
    assert all(index.search(text)[0].number == OUNAPUU.numbers[n] for text, n in asked.items())
    assert [index.search(text)[0].number for text in ("kristiina", "57478")] == ["", ""]


def test_nothing_asked_gives_the_weightiest() -> None:
    index = built(*(Item(str(n), (f"N{n}",), (), n) for n in range(100)))
    assert ids(index, " ", limit=3) == ["99", "98", "97"]
    assert index.search("", 1)[0].rank is Rank.ANY


def test_a_comma_is_a_letter_only_when_alone() -> None:
    index = index_of(Item("1", ("Борис",)), Item("2", ("Kask Mari",)))
    assert ids(index, ",") == ["1"]
    assert ids(index, "kask , mari") == ["2"]


def test_names_without_letters_of_ours() -> None:
    index = index_of(Item("1", ("გიორგი 李 🙂",), ("+99532123456",)), Item("2", ("🙂",)))
    assert ids(index, "გიო") == ["1"]
    assert ids(index, "李") == ["1"]
    assert ids(index, "🙂") == ["2", "1"] or ids(index, "🙂") == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "|",
            "~",
            ";",
            "'",
            "=",
            "+",
            "\n",
            "\x1f",
            "\x00",
            "%",
            "_",
            "*",
            "\\",
            "(?:",
            "[a",
            "]",
        ),
        *("+" * 300, "0" * 300, "a b " * 100, "e" + "\u0301" * 200, "\ud800", "\u202e"),
        *("|\n|", "+;", "++", "+-", "0-0", "1" * 128, "ß", "ŉ", "ﷺ", "½", "²", "٣", "' OR 1=1 --"),
    ],
)
def test_hostile_text_does_no_harm(text: str) -> None:
    hostile = Item("7", (text, f"a{text}b"), (text, f"+372{text}"))
    index = index_of(*EVERYBODY, hostile)
    assert len(index.search(text)) <= len(EVERYBODY) + 1
    index.remove("7")
    assert len(index) == len(EVERYBODY)
    assert ids(index, "ounapuu") == ["1"]


def test_put_replaces_and_remove_forgets() -> None:
    index = index_of(OUNAPUU)
    index.put(Item("1", ("Mari Kask",), ("+3725555555",)))
    assert (ids(index, "ounapuu"), ids(index, "640"), ids(index, "kask")) == ([], [], ["1"])
    assert "1" in index
    index.remove("1")
    index.remove("1")
    assert (len(index), "1" in index, ids(index, "kask"), ids(index, "")) == (0, False, [], [])


def test_a_changed_weight_moves_an_item() -> None:
    index = built(*(Item(str(n), (f"Mari {n:03}",), (), 0) for n in range(200)))
    index.put(Item("150", ("Mari 150",), (), 7))
    assert ids(index, "mari", 2) == ["150", "0"]
    index.put(Item("150", ("Mari 150",), (), 0))
    assert ids(index, "mari") == [str(n) for n in range(200)]


def test_building_counts_the_last_of_an_id_and_pauses() -> None:
    items = [Item(str(n), (f"Mari {n}",)) for n in range(1000)] + [Item("1", ("Jaan",))]
    steps = building(items)
    assert sum(1 for _ in steps) > 20
    index = built(*items)
    assert (len(index), ids(index, "jaan")) == (1000, ["1"])


_WORDS = st.text(
    st.one_of(
        st.sampled_from("abkmnostuäõüžšжщцчюяеиё12"),
        st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF),
    ),
    min_size=1,
    max_size=9,
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_NUMBERS = st.from_regex(r"\A(\+372|\+358|\+7|)[1-9][0-9]{2,8}\Z")
_ITEMS = st.lists(
    st.builds(
        lambda names, numbers, weight: Item("", tuple(names), tuple(numbers), weight),
        st.lists(_NAMES, max_size=2),
        st.lists(_NUMBERS, max_size=2),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
).map(lambda items: [Item(str(n), i.names, i.numbers, i.weight) for n, i in enumerate(items)])


def spellings(item: Item) -> set[str]:
    """Everything under which an item must be found."""
    words = {word for name in item.names for word in name.split()}
    words |= {fold(word) for word in words}
    words |= {unicodedata.normalize("NFC", word) for word in words}
    prefixes = {word[:end] for word in words for end in range(1, len(word) + 1)}
    for number in item.numbers:
        digits = number.removeprefix("+372").removeprefix("+")
        prefixes |= {digits[at:end] for at in range(3) for end in range(at + 2, len(digits) + 1)}
        prefixes |= {number[:end] for end in range(2, len(number) + 1)}
    return {prefix for prefix in prefixes if fold(prefix)}


@settings(max_examples=150, deadline=None)
@given(_ITEMS, st.data())
def test_an_item_is_found_by_any_prefix_in_any_spelling(
    items: list[Item], data: st.DataObject
) -> None:
    index = index_of(*items) if data.draw(st.booleans()) else built(*items)
    item = data.draw(st.sampled_from(items))
    for text in spellings(item):
        assert item.id in ids(index, text), text


@settings(max_examples=150, deadline=None)
@given(_ITEMS, _ITEMS, st.data())
def test_changes_leave_what_building_anew_would(
    items: list[Item], others: list[Item], data: st.DataObject
) -> None:
    """Removal really removes, and an index that lived through changes answers like a fresh one."""
    index = built(*items)
    kept = {item.id: item for item in items}
    for other in others:
        if data.draw(st.booleans()):
            index.put(other)
            kept[other.id] = other
        else:
            index.remove(other.id)
            kept.pop(other.id, None)
    fresh = built(*kept.values())
    asked = {text for item in (*items, *others) for text in list(spellings(item))[:6]}
    assert len(index) == len(kept)
    for text in ("", *sorted(asked)):
        assert index.search(text, 1000) == fresh.search(text, 1000), text


def test_an_index_stays_whole_over_many_changes() -> None:
    """The front, where everything moves to, is cut again and again."""
    clock = count(1)
    index = built(*(Item(str(n), (f"Mari {n}",), (f"+37264{n:05}",)) for n in range(300)))
    for n in [*range(0, 300, 2), *range(0, 300, 3), *range(299, -1, -1)]:
        index.put(Item(str(n), (f"Mari {n}",), (f"+37264{n:05}",), next(clock)))
    assert ids(index, "mari") == [str(n) for n in range(300)]
    for n in range(299):
        index.remove(str(n))
        assert ids(index, f"64{n:05}") == []
    assert ids(index, "") == ids(index, "mari") == ["299"]
