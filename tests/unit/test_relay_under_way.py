"""What is on its way to the broker: all of it, in order, and never more than there is room for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.model.relayed import PAGE, Position, Relayed, read_state, state_topic
from desk_phone.relay.broker.heartbeats import Heartbeats, Reached, due
from desk_phone.relay.broker.rhythm import RHYTHM
from desk_phone.relay.broker.under_way import Key, UnderWay, key_of
from desk_phone.telco.feed_events import Why
from tests.relayed import NOON, OTHER_LINE, OWN, notice


def relayed(seq: int, own: str = OWN) -> Relayed:
    return Relayed(Position("e1", seq), NOON, notice(seq, own))


class Sender:
    """The outbox and the broker around an `UnderWay`; it answers when it is told to."""

    def __init__(self, room: int = 3, page: int = PAGE) -> None:
        self.way = UnderWay(room, page)
        self.held: list[Relayed] = []
        self.published: set[Key] = set()
        self.log: list[Relayed] = []
        self.flying: dict[int, Relayed] = {}
        self.seqs: Counter[str] = Counter()
        self._marks: list[Key] = []
        self._limit = 0

    def append(self, own: str = OWN) -> Relayed:
        self.seqs[own] += 1
        one = relayed(self.seqs[own], own)
        self.held.append(one)
        return one

    def tell(self, *these: Relayed) -> None:
        for one in these:
            self.way.tell(one)

    def send(self) -> list[int]:
        sent = []
        while (one := self.way.take()) is not None:
            self.log.append(one)
            mid = len(self.log)
            self.flying[mid] = one
            self.way.sent(mid, one, 0.0)
            sent.append(one.position.seq)
        return sent

    def begin_reading(self) -> None:
        if self.way.wants_more:
            self._limit, self._marks = self.way.read(), self.way.to_mark()

    def end_reading(self) -> None:
        if self.way.reading:
            self.published.update(self._marks)
            left = [one for one in self.held if key_of(one) not in self.published]
            self.way.marked(self._marks)
            self.way.page(left[: self._limit])

    def read(self) -> None:
        self.begin_reading()
        self.end_reading()

    def mark(self) -> None:
        marks = self.way.to_mark()
        self.published.update(marks)
        self.way.marked(marks)

    def answer(self, accepted: bool = True) -> None:
        mid = next(iter(self.flying))
        self.flying.pop(mid)
        self.way.answered(mid, accepted)

    def lose(self) -> tuple[Key, ...]:
        self.flying.clear()
        return self.way.lost()

    def settle(self) -> None:
        """Everything goes well from now on."""
        self.way.again()
        for _ in range(1000):
            self.read()
            self.send()
            if not self.flying:
                break
            self.answer()
        self.mark()


def ready(room: int = 3, page: int = PAGE) -> Sender:
    sender = Sender(room, page)
    sender.read()
    return sender


def test_before_the_outbox_was_read_nothing_new_goes_ahead() -> None:
    sender = Sender()
    old = sender.append()
    sender.tell(sender.append())
    assert sender.send() == []
    sender.read()
    assert old.position.seq == 1
    assert sender.send() == [1, 2]


def test_what_is_new_goes_out_at_once_and_once() -> None:
    sender = ready()
    sender.tell(sender.append())
    assert sender.send() == [1]
    assert not sender.way.wants_more
    sender.tell(sender.held[0])
    assert sender.send() == []


def test_what_is_told_while_the_outbox_is_read_is_neither_lost_nor_doubled() -> None:
    sender = Sender(room=10)
    sender.append()
    sender.begin_reading()
    seen = sender.append()  # the page may hold it, or not: whichever comes first
    sender.tell(seen)
    sender.end_reading()
    unseen = sender.append()
    sender.tell(unseen)
    assert sender.send() == [1, 2, 3]


def test_a_notice_told_after_the_page_was_cut_off_follows_it() -> None:
    sender = Sender(room=10)
    sender.append()
    sender.begin_reading()
    late = relayed(2)
    sender.tell(late)  # the page is older than it
    sender.end_reading()
    assert sender.send() == [1, 2]


def test_no_more_is_sent_than_there_is_room_for() -> None:
    sender = ready(room=2)
    sender.tell(*(sender.append() for _ in range(4)))
    assert sender.send() == [1, 2]
    assert sender.send() == []
    sender.answer()
    assert sender.send() == [3]


def test_of_very_many_the_rest_waits_in_the_outbox() -> None:
    sender = ready(room=1, page=10)
    sender.tell(*(sender.append() for _ in range(25)))
    assert sender.way.left == 10
    assert sender.way.behind


def test_an_outbox_of_many_pages_is_read_to_its_end() -> None:
    sender = Sender(room=1, page=2)
    for _ in range(7):
        sender.append()
    for _ in range(7):
        sender.read()
        sender.send()
        sender.answer()
    assert [one.position.seq for one in sender.log] == [1, 2, 3, 4, 5, 6, 7]
    sender.read()
    assert not sender.way.behind


def test_what_is_known_here_does_not_hide_the_rest_of_the_outbox() -> None:
    sender = Sender(room=5, page=2)
    for _ in range(6):
        sender.append()
    for _ in range(3):
        sender.read()
        sender.send()
    assert [one.position.seq for one in sender.log] == [1, 2, 3, 4, 5]


def test_after_a_lost_connection_the_oldest_goes_first_again() -> None:
    sender = ready()
    sender.tell(*(sender.append() for _ in range(5)))
    sender.send()
    sender.answer()
    assert [position.seq for _, position in sender.lose()] == [2, 3]
    sender.tell(sender.append())
    sender.read()
    assert sender.send() == [2, 3, 4]


def test_an_acknowledgement_that_is_not_written_down_yet_is_not_sent_again() -> None:
    sender = ready()
    sender.tell(*(sender.append() for _ in range(2)))
    sender.send()
    sender.answer()
    marks = sender.way.to_mark()
    sender.way.put_back(marks)  # the disk is full
    sender.way.again()
    sender.way.read()
    sender.way.page(sender.held)
    assert sender.send() == []
    sender.lose()
    sender.way.read()
    sender.way.page(sender.held)  # and it still is
    assert sender.send() == [2]
    assert sender.way.to_mark() == marks


def test_a_refused_notice_keeps_its_room_and_comes_again() -> None:
    sender = ready(room=2)
    sender.tell(*(sender.append() for _ in range(4)))
    sender.send()
    sender.answer(accepted=False)
    sender.answer(accepted=False)
    assert sender.send() == []  # a broker that refuses everything is left alone
    sender.way.again()
    sender.read()
    assert sender.send() == [3, 4]
    sender.settle()
    assert {key_of(one) for one in sender.held} == sender.published


def test_an_answer_to_nothing_is_nothing() -> None:
    sender = ready()
    assert sender.way.answered(7, True) is None
    sender.tell(sender.append())
    sender.send()
    sender.answer()
    assert sender.way.answered(1, True) is None
    assert len(sender.way.acknowledged) == 1


def test_how_long_the_broker_has_been_silent() -> None:
    way = UnderWay()
    assert way.oldest(9.0) == 0
    way.sent(1, relayed(1), 2.0)
    way.sent(2, relayed(2), 5.0)
    assert way.oldest(9.0) == 7.0
    way.answered(1, True)
    assert way.oldest(9.0) == 4.0


def test_an_outbox_that_cannot_be_read_is_asked_again() -> None:
    sender = Sender()
    sender.append()
    sender.begin_reading()
    assert not sender.way.wants_more
    sender.way.unread()
    assert sender.way.wants_more


def do(sender: Sender, untold: list[Relayed], deed: str) -> None:
    if deed in (OWN, OTHER_LINE):
        untold.append(sender.append(deed))
    elif deed == "tell":
        sender.tell(*untold[:1])
        untold[:1] = []
    elif deed in ("answer", "refuse"):
        if sender.flying:
            sender.answer(deed == "answer")
    elif deed == "again":
        sender.way.again()
    else:
        getattr(sender, deed)()


QUIET = (OWN, OTHER_LINE, "tell", "send", "begin_reading", "end_reading", "mark", "answer")
TROUBLE = ("refuse", "again", "lose")


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(QUIET + TROUBLE), max_size=60), st.integers(1, 4), st.integers(1, 5)
)
def test_whatever_happens_all_of_it_arrives(deeds: list[str], room: int, page: int) -> None:
    sender, untold = Sender(room, page), list[Relayed]()
    for deed in deeds:
        do(sender, untold, deed)
        assert len(sender.flying) <= room
    sender.end_reading()
    sender.tell(*untold)
    sender.settle()
    assert sender.published == {key_of(one) for one in sender.held}
    assert sender.way.left == 0
    if not {*TROUBLE} & {*deeds}:
        assert_in_order(sender.log)


def assert_in_order(log: Iterable[Relayed]) -> None:
    """By their first coming: one that the broker had before it was told goes once more."""
    came: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in log:
        came[one.notice.own][one.position.seq] = None
    assert all(list(seqs) == list(range(1, len(seqs) + 1)) for seqs in came.values())


# heartbeats


def at(seq: int, epoch: str = "e1") -> Position:
    return Position(epoch, seq)


def test_a_heartbeat_never_runs_ahead_of_the_broker() -> None:
    reached = Reached()
    assert reached.of(OWN) == Position("", 0)
    reached.begin({OWN: at(4)})
    for seq, whole in ((6, 4), (7, 4), (5, 7), (5, 7), (2, 7), (8, 8)):
        reached.acknowledged(OWN, at(seq))
        assert reached.of(OWN) == at(whole)


def test_another_epoch_begins_anew() -> None:
    reached = Reached()
    reached.begin({OWN: at(4)})
    reached.acknowledged(OWN, at(7))
    reached.acknowledged(OWN, at(1, "e2"))
    assert reached.of(OWN) == at(1, "e2")
    reached.acknowledged(OTHER_LINE, at(1, "e2"))
    assert reached.of(OTHER_LINE) == at(1, "e2")


def test_one_that_never_comes_does_not_hold_the_heartbeat_for_ever() -> None:
    """It is too old, or refused for good: the gateway has the rest of the story."""
    reached = Reached()
    for seq in range(2, PAGE + 2):
        reached.acknowledged(OWN, at(seq))
    assert reached.of(OWN) == at(0)
    reached.acknowledged(OWN, at(PAGE + 2))
    assert reached.of(OWN) == at(PAGE + 2)
    reached.acknowledged(OWN, at(PAGE + 3))
    assert reached.of(OWN) == at(PAGE + 3)


def test_each_number_has_its_turn_and_no_turn_has_many() -> None:
    numbers = [f"+3726{n:06}" for n in range(10_000)]
    turns = [due(numbers, turn, 100) for turn in range(100)]
    assert sorted(own for turn in turns for own in turn) == numbers
    assert max(map(len, turns)) < 200


def test_a_number_that_moved_does_not_wait_for_its_turn() -> None:
    beats = Heartbeats(1000)
    beats.begin({OWN: at(4)})
    beats.acknowledged(OWN, at(5))
    beats.acknowledged(OWN, at(6))
    ((topic, message),) = beats.next_turn((), NOON)
    assert (topic, *read_state(message)) == (state_topic(OWN), at(6), NOON)
    assert list(beats.next_turn((), NOON)) == []


def test_a_number_without_a_notice_has_a_heartbeat_too() -> None:
    beats = Heartbeats(1)
    ((topic, message),) = beats.next_turn([OTHER_LINE], NOON)
    assert (topic, *read_state(message)) == (state_topic(OTHER_LINE), Position("", 0), NOON)


def test_after_a_lost_connection_numbers_are_told_of_at_once() -> None:
    """A broker that was killed may have lost what it had acknowledged."""
    beats = Heartbeats(1000)
    beats.acknowledged(OWN, at(5))
    assert len(list(beats.next_turn((), NOON))) == 1
    beats.begin({OWN: at(5), OTHER_LINE: at(9)})
    ((topic, message),) = beats.next_turn((), NOON)
    assert (topic, read_state(message)[0]) == (state_topic(OWN), at(5))
    beats.begin({OWN: at(5), OTHER_LINE: at(9)})
    assert list(beats.next_turn((), NOON)) == []


def test_ten_thousand_numbers_that_moved_are_told_of_little_by_little() -> None:
    beats = Heartbeats(1000)
    for n in range(10_000):
        beats.acknowledged(f"+3726{n:06}", at(1))
    turns = [list(beats.next_turn((), NOON)) for _ in range(20)]
    assert max(map(len, turns)) <= 500
    assert len({topic for turn in turns for topic, _ in turn}) == 10_000


def test_heartbeats_come_as_often_as_the_contract_says() -> None:
    assert RHYTHM.turn * RHYTHM.turns < 60
    assert RHYTHM.turn < 1


def test_pauses_lie_between_one_second_and_one_minute() -> None:
    assert all(1 <= RHYTHM.pause(Why.LOST, before) <= 60 for before in (0, 1, 10, 60) * 50)
    assert len({RHYTHM.pause(Why.LOST, 0) for _ in range(50)}) == 50  # at random
    assert RHYTHM.pause(Why.REFUSED, 0.0) == 60
