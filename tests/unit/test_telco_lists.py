"""Numbers, calls and entries out of the lists of answers."""

from __future__ import annotations

import logging
import re

import pytest

from desk_phone.errors import Uncertain
from desk_phone.model.calls import CallRecord
from desk_phone.telco.answers import read_entries, read_history, read_numbers
from desk_phone.telco.service import Entry
from tests.replies import PHONEBOOK, reply, response, sample

CALL = CallRecord("7", "6000001", "6401234", "No", "Terminating", "2011-10-31T09:30:07", "", "", "")
MEMBERS = (
    "<id>7</id><CallingNumber>6000001</CallingNumber><CalledNumber>6401234</CalledNumber>"
    "<AnswerIndic>No</AnswerIndic><Direction>Terminating</Direction>"
    "<StartTime>2011-10-31T09:30:07</StartTime>"
)
RECORD = f"<CallDetaileRecord>{MEMBERS}</CallDetaileRecord>"


def numbers(inner: str) -> tuple[str, ...]:
    return read_numbers(reply(response("listOwnNumbers", inner)))


def history(inner: str) -> tuple[CallRecord, ...]:
    return read_history(reply(response("getCallHistory", inner)))


def entries(inner: str) -> tuple[Entry, ...]:
    return read_entries(reply(response("listPhoneBookEntries", inner, PHONEBOOK)))


def calls_in(items: str) -> tuple[CallRecord, ...]:
    return history(f"<listofCallDetaileRecord>{items}</listofCallDetaileRecord>")


def entries_in(items: str) -> tuple[Entry, ...]:
    return entries(f"<listofPhoneBookEntries>{items}</listofPhoneBookEntries>")


def test_the_printed_lists() -> None:
    assert read_numbers(reply(sample("listOwnNumbers_response_1"))) == (
        "+3726403231",
        "+3726403232",
    )
    assert read_history(reply(sample("getCallHistory_response"))) == (
        CallRecord(
            *("50762615", "6000001", "6401234", "Yes", "Terminating", "2011-11-29T12:19:18"),
            *("# #", "2011-11-29T12:19:21", "2011-11-29T12:19:36"),
        ),
        CallRecord(
            *("24297107", "60000002", "60000003", "No", "Terminating", "2011-10-31T09:30:07"),
            *("A Client", "", ""),
        ),
    )
    assert read_entries(reply(sample("listPhoneBookEntries_response"))) == (
        Entry("1", "Alice", "555111222", ""),
        Entry("2", "Bob", "555111223", "+3726123455"),
    )


@pytest.mark.parametrize("inner", ["", "<ServiceError/>", "<listofNothing/>"])
def test_a_list_left_out_is_an_empty_one(inner: str) -> None:
    """Whether to believe it is for those who know what was there before."""
    assert numbers(inner) == ()
    assert history(inner) == ()
    assert entries(inner) == ()


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(f"<item>{RECORD}</item>", id="as printed"),
        pytest.param(f"<item>{MEMBERS}</item>", id="item itself"),
        pytest.param(RECORD, id="without item"),
        pytest.param(f'<item xmlns="">{RECORD}</item>', id="no namespace"),
        pytest.param(f'<x:item xmlns:x="urn:x">{RECORD}</x:item>', id="other namespace"),
        pytest.param(f'<item xsi:type="tns:CallDetaileRecord">{MEMBERS}</item>', id="typed"),
        pytest.param(f"<item><Extra/>{RECORD}<More>1</More></item>", id="extra around"),
        pytest.param(f"<item><Extra>1<id>8</id></Extra>{MEMBERS}</item>", id="extra inside"),
        pytest.param(f"<Extra>1</Extra><item>{RECORD}</item><Total>1</Total>", id="extra items"),
        pytest.param(f"<!-- 1 --><item>\n {RECORD}\n </item>\n", id="white space and comments"),
        pytest.param(f"<item/><item><CallDetaileRecord/></item>{RECORD}", id="empty ones"),
        pytest.param(f"<item>{RECORD.replace('No', '<![CDATA[No]]>')}</item>", id="CDATA"),
        pytest.param(f"<item>{RECORD.replace('>No', '>N<!-- -->o')}</item>", id="comment inside"),
        pytest.param(f'<item>{MEMBERS}<AnswerTime xsi:nil="true"/></item>', id="nil"),
    ],
)
def test_a_record_is_found_in_every_shape(items: str) -> None:
    assert calls_in(items) == (CALL,)


def test_several_records_in_one_item_all_count() -> None:
    assert calls_in(f"<item>{RECORD}{RECORD.replace('7<', '8<')}</item>")[1].id == "8"


def test_soap_encoded_arrays_are_lists_too() -> None:
    typed = (
        '<listofCallDetaileRecord xsi:type="SOAP-ENC:Array"'
        ' SOAP-ENC:arrayType="tns:CallDetaileRecord[1]">'
        '<item xsi:type="tns:CallDetaileRecord"><CallDetaileRecord><id xsi:type="xsd:string">7'
        "</id></CallDetaileRecord></item></listofCallDetaileRecord>"
    )
    assert [call.id for call in history(typed)] == ["7"]


def test_members_may_come_in_any_order_and_stay_as_they_are() -> None:
    members = [f"<{part}" for part in re.split("<(?=[a-zA-Z])", MEMBERS) if part]
    for turn in range(len(members)):
        assert calls_in(f"<item>{''.join(members[turn:] + members[:turn])}</item>") == (CALL,)
    odd = MEMBERS.replace("Terminating", "Forwarded").replace("6000001", "anonymous")
    (call,) = calls_in(f"<item>{odd}</item>")
    assert (call.direction, call.calling) == ("Forwarded", "anonymous")


def test_texts_are_cleaned() -> None:
    name = "<OtherPartyName> Mari\u202e\n  O\u0303un </OtherPartyName>"
    (call,) = calls_in(f"<item>{MEMBERS}{name}</item>")
    assert call.name == "Mari Õun"


def test_a_record_without_an_id_is_left_out_and_told(caplog: pytest.LogCaptureFixture) -> None:
    nameless = RECORD.replace("<id>7</id>", "<id> </id>")
    with caplog.at_level(logging.WARNING):
        assert calls_in(f"<item>{nameless}</item><item>{RECORD}</item>") == (CALL,)
    (told,) = caplog.messages
    assert told.startswith("1 call record")
    assert "6000001" not in told


def test_numbers_are_canonical_and_each_there_once() -> None:
    listed = "".join(
        f"<item><Number>{number}</Number></item>"
        for number in ("6403231", "3726403231", "+372 640 3231", "", "60000002", "1234")
    )
    assert numbers(f"<listofNumbers>{listed}<item>6403232</item></listofNumbers>") == (
        "+3726403231",
        "+37260000002",
        "1234",
        "+3726403232",
    )


def test_an_entry_s_number_that_is_none_stays_as_it_was_written() -> None:
    written = (
        "<item><PhoneBookEntry><id>1</id><DisplayName>A</DisplayName>"
        "<PhoneNumber1>ext. 12 (back)</PhoneNumber1><PhoneNumber2/></PhoneBookEntry></item>"
    )
    assert entries_in(written) == (Entry("1", "A", "ext. 12 (back)", ""),)


def test_an_entry_without_an_id_makes_the_whole_list_doubtful() -> None:
    """Left out, it would look deleted."""
    good = "<item><PhoneBookEntry><id>1</id><DisplayName>A</DisplayName></PhoneBookEntry></item>"
    bad = "<item><PhoneBookEntry><DisplayName>B</DisplayName></PhoneBookEntry></item>"
    assert len(entries_in(good + "<item/>")) == 1
    with pytest.raises(Uncertain):
        entries_in(good + bad)


@pytest.mark.parametrize("read", [read_numbers, read_history, read_entries])
@pytest.mark.parametrize(
    "name",
    ["listOwnNumbers_response_1", "getCallHistory_response", "listPhoneBookEntries_response"],
)
def test_a_list_that_was_cut_anywhere_is_no_list(read: object, name: str) -> None:
    assert callable(read)
    whole = sample(name)
    for end in range(len(whole)):
        with pytest.raises(Uncertain):
            read(reply(whole[:end]))
