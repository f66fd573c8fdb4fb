"""What the endpoint believes, whom it answers, and whom it sends away; no socket, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from desk_phone.model.calls import Notice
from desk_phone.model.notices import (
    Arrival,
    Finding,
    Freshness,
    Heard,
    Refusal,
    TurnedAway,
    are_up,
    diagnose,
    is_silent,
    settles,
)
from desk_phone.model.secret import Secret
from desk_phone.telco.notices import CONNECTIONS, PATIENCE, Reply, answer_to
from desk_phone.telco.notices_callers import BURST, RATE, Networks, caller_of
from tests.notices import NOON, OK, OWN, SECRET, SERVICE, Desk, get, rules, target

OTHER = "+37262000001"


def verdict(desk: Desk, request: bytes, peer: str = "127.0.0.1") -> Arrival:
    reception = desk.reception()
    reception.receive(reception.enter(peer), request)
    return desk.told[-1]


# what is believed


def test_the_services_own_notice_is_believed() -> None:
    heard = verdict(Desk(), get())
    notice = Notice(OWN, OTHER, NOON, "Turvateenistus Alfastar AS", "Start", "No")
    assert heard == Heard(notice, Freshness.RINGING, SERVICE)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        pytest.param({"fn": "%C3%95nne+M%C3%A4gi"}, {"name": "Õnne Mägi"}, id="UTF-8"),
        pytest.param({"fn": "%D5nne+M%E4gi"}, {"name": "Õnne Mägi"}, id="ISO-8859-1"),
        pytest.param({"fn": "%8Aiimon+%80"}, {"name": "Šiimon €"}, id="cp1252"),
        pytest.param({"fn": "A%81B"}, {"name": "AB"}, id="a byte that cp1252 has not"),
        pytest.param({"fn": "a%20b%2Bc"}, {"name": "a b+c"}, id="%20 and %2B"),
        pytest.param({"fn": "%E2%80%AEgnp%0D%0A"}, {"name": "gnp"}, id="direction and line ends"),
        pytest.param({"fn": "A" * 300}, {"name": "A" * 128}, id="an endless name"),
        pytest.param({"fn": ""}, {"name": ""}, id="no name"),
        pytest.param({"fn": quote("<b>&amp;</b>")}, {"name": "<b>&amp;</b>"}, id="markup is text"),
        pytest.param({"anr": ""}, {"other": ""}, id="a withheld number"),
        pytest.param({"anr": "anonymous"}, {"other": ""}, id="a word instead of a number"),
        pytest.param({"anr": "%2B37262000001"}, {}, id="a plus"),
        pytest.param({"anr": "+37262000001"}, {}, id="a plus that was read as a space"),
        pytest.param({"anr": "0035840123456"}, {"other": "+35840123456"}, id="from abroad"),
        pytest.param({"bnr": "6401234"}, {}, id="our line in the national form"),
        pytest.param({"type": "Missed"}, {"type": "Missed"}, id="an unknown type"),
        pytest.param({"type": "", "answer": ""}, {"type": "", "answer": ""}, id="no type"),
        pytest.param({"answer": "Yes"}, {"answer": "Yes"}, id="answered"),
        pytest.param({"x": "1", "y": "2"}, {}, id="fields that nobody knows"),
    ],
)
def test_the_words_of_a_notice_are_read(fields: dict[str, str], changes: dict[str, object]) -> None:
    desk = Desk()
    believed = verdict(desk, get(target(**fields)))
    expected = Notice(OWN, OTHER, NOON, "Turvateenistus Alfastar AS", "Start", "No")
    assert isinstance(believed, Heard)
    assert believed.notice == replace(expected, **changes)


def test_the_services_misprint_is_read() -> None:
    assert isinstance(verdict(Desk(), get(target().replace("?ts", "?%20ts"))), Heard)
    assert isinstance(verdict(Desk(), get(target().replace("?ts", "?+ts"))), Heard)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(0, Freshness.RINGING, id="now"),
        pytest.param(30, Freshness.RINGING, id="30 s"),
        pytest.param(31, Freshness.RECENT, id="31 s never rings"),
        pytest.param(900, Freshness.RECENT, id="15 min"),
        pytest.param(901, Freshness.OLD, id="over 15 min never pops up"),
        pytest.param(31 * 86_400, Freshness.OLD, id="31 days"),
        pytest.param(31 * 86_400 + 1, Refusal.TOO_OLD, id="over 31 days"),
        pytest.param(-300, Freshness.RINGING, id="our clock is five minutes behind"),
        pytest.param(-301, Refusal.FUTURE, id="the future"),
    ],
)
def test_age_decides_what_a_notice_may_do(age: int, expected: Freshness | Refusal) -> None:
    found = verdict(Desk(), get(target(NOON - timedelta(seconds=age))))
    assert (found.freshness if isinstance(found, Heard) else found.why) is expected


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param("", Refusal.FIELDS, id="nothing"),
        pytest.param("anr=1&bnr=6401234", Refusal.FIELDS, id="no time"),
        pytest.param("ts=&bnr=6401234", Refusal.FIELDS, id="an empty time"),
        pytest.param("ts=-1&bnr=6401234", Refusal.FIELDS, id="a time before 1970"),
        pytest.param("ts=1e9&bnr=6401234", Refusal.FIELDS, id="no whole seconds"),
        pytest.param("ts=%D9%A1&bnr=6401234", Refusal.FIELDS, id="digits of another script"),
        pytest.param("ts=999999999999&bnr=6401234", Refusal.FIELDS, id="a time beyond all years"),
        pytest.param("ts=99999999999&bnr=6401234", Refusal.FUTURE, id="the year 5138"),
        pytest.param("ts=1795523400", Refusal.NUMBER, id="no line"),
        pytest.param("ts=1795523400&bnr=6409999", Refusal.NUMBER, id="another line"),
        pytest.param("ts=1795523400&bnr=", Refusal.NUMBER, id="an empty line"),
        pytest.param("ts=1795523400&bnr=6401234&bnr=1", Refusal.FIELDS, id="two lines"),
        pytest.param(
            "ts=1&%74s=1795523400&bnr=6401234", Refusal.FIELDS, id="two times, one hidden"
        ),
        pytest.param(
            "ts=1795523400&bnr=6401234&" + "&".join(f"x{n}=" for n in range(15)),
            Refusal.FIELDS,
            id="17 fields",
        ),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(words: str, why: Refusal) -> None:
    found = verdict(Desk(), get(f"/{SECRET}?{words}"))
    assert found == TurnedAway(why, SERVICE)


def test_16_fields_are_enough_for_everybody() -> None:
    more = {f"x{n}": "" for n in range(10)}
    assert isinstance(verdict(Desk(), get(target(**more))), Heard)


# who is let in


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("/", Refusal.PATH, id="the root"),
        pytest.param("/favicon.ico", Refusal.PATH, id="what browsers ask for"),
        pytest.param(f"/{SECRET}/", Refusal.PATH, id="a slash behind it"),
        pytest.param(f"/{SECRET}/x", Refusal.PATH, id="the secret in the middle"),
        pytest.param(f"/{SECRET[:-1]}", Refusal.SECRET, id="a letter short"),
        pytest.param(f"/{SECRET}A", Refusal.SECRET, id="a letter too long"),
        pytest.param(f"/{SECRET.swapcase()}", Refusal.SECRET, id="another case"),
        pytest.param(f"/%5A{SECRET[1:]}", Refusal.SECRET, id="escaped"),
    ],
)
def test_only_the_secret_opens(path: str, why: Refusal) -> None:
    assert verdict(Desk(), get(target(path=path))) == TurnedAway(why, SERVICE)


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_is_none_opens_for_nobody(secret: str) -> None:
    """The endpoint before it has one, or with one that can be guessed."""
    desk = Desk()
    reception = desk.reception(rules_=replace(rules(), secret=Secret(secret)))
    reception.receive(reception.enter("127.0.0.1"), get(target(path=f"/{secret}")))
    assert desk.refused == [Refusal.PATH]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        pytest.param("84.50.42.87", (), "84.50.42.87", id="straight from the net"),
        pytest.param("84.50.42.87", ("9.9.9.9",), "84.50.42.87", id="who is no proxy is not heard"),
        pytest.param("127.0.0.1", (), "127.0.0.1", id="a proxy that names nobody"),
        pytest.param("127.0.0.1", ("84.50.42.87",), "84.50.42.87", id="one proxy"),
        pytest.param("10.0.0.5", ("84.50.42.87, 127.0.0.1",), "84.50.42.87", id="two proxies"),
        pytest.param("127.0.0.1", ("84.50.42.87", "10.0.0.9"), "84.50.42.87", id="two headers"),
        pytest.param("127.0.0.1", ("84.50.42.87, 6.6.6.6",), "6.6.6.6", id="a forged first hop"),
        pytest.param("127.0.0.1", ("10.0.0.1, 10.0.0.2",), "10.0.0.1", id="proxies all the way"),
        pytest.param("127.0.0.1", ("84.50.42.87, ?",), "", id="an unreadable hop"),
        pytest.param("127.0.0.1", ("84.50.42.87:5060",), "84.50.42.87", id="with a port"),
        pytest.param("127.0.0.1", ("[2001:db8::1]:80",), "2001:db8::1", id="IPv6 with a port"),
        pytest.param("::ffff:84.50.42.87", (), "84.50.42.87", id="IPv4 within IPv6"),
        pytest.param("::ffff:127.0.0.1", ("84.50.42.87",), "84.50.42.87", id="so a proxy"),
        pytest.param("fe80::1%eth0", (), "fe80::1", id="with its interface"),
        pytest.param("", (), "", id="nobody"),
    ],
)
def test_the_caller_is_the_nearest_hop_that_is_no_proxy_of_ours(
    peer: str, forwarded: tuple[str, ...], expected: str
) -> None:
    proxies = Networks.read("127.0.0.1, 10.0.0.0/8")
    assert caller_of(peer, forwarded, proxies) == expected


def test_without_a_list_of_callers_the_secret_is_enough() -> None:
    desk = Desk()
    reception = desk.reception(rules_=rules(callers=""))
    reception.receive(reception.enter("198.51.100.7"), get(caller=""))
    assert [heard.caller for heard in desk.heard] == ["198.51.100.7"]


def test_what_is_no_address_is_no_setting() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Networks.read("84.50.42.87 nonsense")


def test_new_rules_hold_from_the_next_request_on() -> None:
    desk = Desk()
    reception = desk.reception()
    before = reception.enter("127.0.0.1")
    reception.rules = replace(rules(), secret=Secret("n" * 43))
    reception.receive(before, get())
    reception.receive(reception.enter("127.0.0.1"), get(target(path="/" + "n" * 43)))
    assert desk.refused == [Refusal.SECRET]
    assert len(desk.heard) == 1


# in pieces, as networks hand them on


def test_a_request_is_whole_wherever_it_was_cut() -> None:
    whole = get()
    for cut in range(1, len(whole)):
        desk = Desk()
        reception = desk.reception()
        visit = reception.enter("127.0.0.1")
        assert reception.receive(visit, whole[:cut]) == Reply()
        assert reception.receive(visit, whole[cut:]).send.startswith(OK), cut


def test_a_request_is_whole_byte_by_byte() -> None:
    desk, whole = Desk(), get()
    reception = desk.reception()
    visit = reception.enter("127.0.0.1")
    replies = [reception.receive(visit, whole[n : n + 1]) for n in range(len(whole))]
    assert replies[:-1] == [Reply()] * (len(whole) - 1)
    assert replies[-1].send.startswith(OK)


def test_a_head_without_an_end_is_too_long_at_8_kib() -> None:
    desk = Desk()
    reception = desk.reception()
    visit = reception.enter("127.0.0.1")
    assert reception.receive(visit, b"GET /") == Reply()
    pieces = [reception.receive(visit, b"x" * 1024) for _ in range(8)]
    assert pieces[:-1] == [Reply()] * 7
    assert pieces[-1].send.startswith(b"HTTP/1.1 431 ")
    assert desk.refused == [Refusal.TOO_LONG]


@pytest.mark.parametrize(
    ("first", "why"),
    [
        pytest.param(b"\x16\x03\x01", Refusal.TLS, id="TLS"),
        pytest.param(b"\x16", Refusal.TLS, id="a byte of TLS"),
        pytest.param(b"\r\n", Refusal.NOT_HTTP, id="an empty line first"),
        pytest.param(b"GET / HTTP/1.1\nHost", Refusal.NOT_HTTP, id="a bare LF"),
        pytest.param(b"get /", Refusal.NOT_HTTP, id="no method"),
    ],
)
def test_what_cannot_become_a_request_does_not_wait_for_its_end(first: bytes, why: Refusal) -> None:
    assert verdict(Desk(), first) == TurnedAway(why, "127.0.0.1")


# how often, how long, how many


def test_more_than_20_requests_a_second_are_too_many() -> None:
    desk = Desk()
    reception = desk.reception()

    def ask(caller: str) -> bytes:
        return reception.receive(reception.enter("127.0.0.1"), get(caller=caller)).send[:12]

    assert [ask(SERVICE) for _ in range(int(BURST))] == [OK[:12]] * int(BURST)
    assert ask(SERVICE) == b"HTTP/1.1 429"
    assert ask("84.50.42.108") == OK[:12]  # somebody else is not meant
    desk.steady += 1.0
    assert [ask(SERVICE) for _ in range(int(RATE))] == [OK[:12]] * int(RATE)
    assert ask(SERVICE) == b"HTTP/1.1 429"


def test_a_long_rest_saves_up_no_more_than_a_burst() -> None:
    desk = Desk()
    reception = desk.reception()
    reception.receive(reception.enter("127.0.0.1"), get())
    desk.steady += 3600.0
    for _ in range(int(BURST) + 1):
        reception.receive(reception.enter("127.0.0.1"), get())
    assert desk.refused == [Refusal.TOO_MANY]


def test_a_neighbourhood_of_ipv6_counts_as_one_address() -> None:
    desk = Desk()
    reception = desk.reception()
    for n in range(60):
        reception.receive(reception.enter("127.0.0.1"), get("/", f"2001:db8::{n:x}"))
    assert Refusal.TOO_MANY in desk.refused


def test_a_million_addresses_take_no_more_room_than_a_thousand() -> None:
    desk = Desk()
    reception = desk.reception()
    for n in range(5000):
        reception.receive(reception.enter("127.0.0.1"), get("/", f"10.9.{n // 250}.{n % 250}"))
    assert len(reception._rates._left) <= 1024


def test_the_oldest_unfinished_goes_when_too_many_come() -> None:
    desk = Desk()
    reception = desk.reception()
    first, *others = [reception.enter("127.0.0.1") for _ in range(CONNECTIONS)]
    assert reception.dismiss() == ()
    last = reception.enter("198.51.100.7")
    assert reception.dismiss() == (first,)
    assert desk.told == [TurnedAway(Refusal.CROWDED, "127.0.0.1")]
    assert reception.receive(last, get(caller="")).close
    assert reception.receive(first, get()) == Reply(close=True)  # it was cut off
    assert reception.receive(others[0], get()).send.startswith(OK)


def test_a_head_has_five_seconds_however_busily_it_comes() -> None:
    desk = Desk()
    reception = desk.reception()
    assert reception.patience() is None
    visit = reception.enter("127.0.0.1")
    for _ in range(4):
        desk.steady += PATIENCE / 5
        assert reception.receive(visit, b"GET") == Reply()
        assert reception.dismiss() == ()
    desk.steady += PATIENCE / 5
    assert reception.patience() == pytest.approx(0)
    desk.steady += 0.01
    assert reception.dismiss() == (visit,)
    assert desk.refused == [Refusal.LATE]
    assert reception.patience() is None


def test_who_left_is_forgotten() -> None:
    desk = Desk()
    reception = desk.reception()
    visit = reception.enter("127.0.0.1")
    reception.leave(visit)
    reception.leave(visit)
    assert len(reception) == 0
    assert reception.receive(visit, get()) == Reply(close=True)
    assert desk.told == []


def test_whoever_does_not_know_the_secret_learns_nothing() -> None:
    """Each of these is the same answer; what differs says only that HTTP itself went wrong."""
    hidden = (Refusal.PATH, Refusal.SECRET, Refusal.CALLER, Refusal.METHOD)
    assert {answer_to(refusal) for refusal in hidden} == {
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    }


# what a test of the whole way says


@pytest.mark.parametrize(
    ("port_answers", "arrived", "finding"),
    [
        pytest.param(True, ["heard"], Finding.WORKS, id="it came"),
        pytest.param(False, ["heard"], Finding.WORKS, id="it came, whatever we saw ourselves"),
        pytest.param(True, [Refusal.SECRET, "heard"], Finding.WORKS, id="at last"),
        pytest.param(False, [], Finding.PORT, id="not even we get an answer"),
        pytest.param(True, [], Finding.NOTHING, id="silence"),
        pytest.param(True, [Refusal.PATH, Refusal.NOT_HTTP], Finding.NOTHING, id="only strangers"),
        pytest.param(True, [Refusal.LATE, Refusal.CROWDED], Finding.NOTHING, id="only slow ones"),
        pytest.param(True, [Refusal.SECRET], Finding.SECRET, id="an older address"),
        pytest.param(True, [Refusal.CALLER], Finding.CALLER, id="from elsewhere"),
        pytest.param(True, [Refusal.SECRET, Refusal.CALLER], Finding.CALLER, id="surest first"),
        pytest.param(True, [Refusal.NUMBER], Finding.NUMBER, id="for another line"),
        pytest.param(True, [Refusal.TOO_OLD], Finding.CLOCK, id="our clock is far ahead"),
        pytest.param(True, [Refusal.FUTURE], Finding.CLOCK, id="our clock is behind"),
        pytest.param(True, [Refusal.TLS], Finding.TLS, id="https to the plain port"),
        pytest.param(True, [Refusal.METHOD], Finding.PROXY, id="no GET"),
        pytest.param(True, [Refusal.FIELDS], Finding.PROXY, id="the query was lost"),
    ],
)
def test_the_test_says_what_is_wrong(
    port_answers: bool, arrived: list[Refusal | str], finding: Finding
) -> None:
    heard = Heard(Notice(OWN, OTHER, NOON, "", "Start", "No"), Freshness.RINGING, SERVICE)
    came = [TurnedAway(w, "") if isinstance(w, Refusal) else heard for w in arrived]
    assert diagnose(port_answers, came) is finding


def test_only_who_knows_the_secret_ends_a_test() -> None:
    strangers = (Refusal.PATH, Refusal.SECRET, Refusal.TLS, Refusal.METHOD, Refusal.LATE)
    assert not any(settles(TurnedAway(why, "")) for why in strangers)
    assert settles(TurnedAway(Refusal.CALLER, "198.51.100.7"))


@pytest.mark.parametrize(
    ("told", "silent"),
    [
        pytest.param([], False, id="nobody called"),
        pytest.param([False], True, id="the first call came without"),
        pytest.param([True], False, id="the first call came with one"),
        pytest.param([True, False], False, id="one got lost"),
        pytest.param([True, False, False], True, id="two in a row"),
        pytest.param([False, False, True], False, id="they come again"),
    ],
)
def test_notices_are_silent_when_calls_come_without_them(told: list[bool], silent: bool) -> None:
    assert is_silent(told) is silent


@pytest.mark.parametrize(
    ("listening", "in_force", "days_ago", "up"),
    [
        pytest.param(True, True, 0, True, id="all is well"),
        pytest.param(True, True, 13, True, id="a quiet fortnight"),
        pytest.param(True, True, 15, False, id="heard too long ago"),
        pytest.param(True, True, None, False, id="never heard"),
        pytest.param(False, True, 0, False, id="nobody listens"),
        pytest.param(True, False, 0, False, id="the service knows another address"),
    ],
)
def test_polling_slows_down_only_for_notices_that_work(
    listening: bool, in_force: bool, days_ago: int | None, up: bool
) -> None:
    heard = None if days_ago is None else NOON - timedelta(days=days_ago)
    assert are_up(listening, in_force, heard, NOON) is up
