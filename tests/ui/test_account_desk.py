"""The account as the settings page sees it: tried, kept, refused, forgotten."""

from __future__ import annotations

import pytest

from desk_phone.app.account import AccountState
from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused
from desk_phone.model.line import Link
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.system import keyring_trouble
from desk_phone.telco.refusals import refusal
from tests.ui.conftest import OWN, USER, Desk, FakeKeyring
from tests.ui.gate import heard, shut

NEW, OTHER_USER = Secret("battery staple"), "P0000001@example.ee"
WRONG = refusal("ERR001", "x")


def wait(desk: Desk) -> AccountState:
    """Until nobody is asked any more."""
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
    return desk.account.state


def enter(desk: Desk, password: Secret = NEW, user: str = USER) -> AccountState:
    desk.account.enter(user, password)
    return wait(desk)


# what is so


def test_at_first_nobody_has_looked_into_the_keyring(empty_desk: Desk) -> None:
    assert empty_desk.account.state == AccountState(USER)


def test_after_a_look_the_password_is_known(desk: Desk) -> None:
    assert desk.account.state == AccountState(USER, password_known=True, stored=True)


def test_a_password_refused_during_a_look_is_told(desk: Desk) -> None:
    told: list[AccountState] = heard(desk.account.changed)
    desk.fail(WRONG)
    state = desk.account.state
    assert (state.password_known, state.busy) == (True, False)
    assert isinstance(state.trouble, BadCredentials)
    assert told == [state]
    for _ in range(3):
        with desk.qtbot.waitSignal(desk.calls.failed):
            desk.calls.poll()
    assert told == [state]  # the same is not told again


def test_a_password_that_was_refused_before_a_restart_is_told(desk: Desk) -> None:
    desk.fail(WRONG)
    desk.access.look_again()  # nobody has looked into the keyring yet
    state = desk.account.state
    assert state.password_known
    assert isinstance(state.trouble, BadCredentials)


# entering


def test_a_password_that_works_is_kept(desk: Desk) -> None:
    entered = heard(desk.account.entered)
    numbers = heard(desk.account.numbers_changed)
    told: list[AccountState] = heard(desk.account.changed)
    assert enter(desk) == AccountState(USER, password_known=True, stored=True)
    assert desk.keyring.kept == {USER: NEW}
    assert desk.account.numbers == desk.telco.numbers_
    assert (len(entered), len(numbers)) == (1, 1)
    assert [state.busy for state in told] == [True, False]


def test_another_user_is_kept_in_the_settings(desk: Desk) -> None:
    assert enter(desk, user=OTHER_USER).user == OTHER_USER
    assert desk.preferences.settings.user == OTHER_USER
    desk.poll()


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(WRONG, id="password"),
        pytest.param(Offline("no network"), id="offline"),
        pytest.param(Refused("no", "", "ERR003"), id="refused"),
    ],
)
def test_one_that_could_not_be_tried_changes_nothing(desk: Desk, error: PhoneError) -> None:
    entered = heard(desk.account.entered)
    desk.telco.trouble["numbers"].append(error)
    state = enter(desk, user=OTHER_USER)
    assert state == AccountState(USER, password_known=True, stored=True, trouble=error)
    assert desk.preferences.settings.user == USER
    assert entered == []
    desk.poll()  # with the old one


def test_the_next_try_takes_the_trouble_away(desk: Desk) -> None:
    desk.telco.trouble["numbers"].append(Offline("no network"))
    assert enter(desk).trouble is not None
    assert enter(desk).trouble is None


def test_half_an_account_is_not_sent(desk: Desk) -> None:
    asked = len(desk.telco.asked)
    assert enter(desk, Secret("")).trouble is not None
    assert enter(desk, user="").trouble is not None
    assert len(desk.telco.asked) == asked


def test_a_second_wish_while_one_is_tried_is_not_a_second_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shut(desk.qtbot, monkeypatch, desk.telco, "numbers") as gate:
        desk.account.enter(USER, NEW)
        desk.account.enter(USER, Secret("typo"))
        gate.wait_for_somebody()
        gate.open()
        assert wait(desk).trouble is None
    assert gate.passed == 1
    assert desk.keyring.kept == {USER: NEW}


def test_entering_ends_a_stop(desk: Desk) -> None:
    desk.fail(WRONG)
    assert enter(desk).trouble is None
    desk.poll()
    assert desk.calls.line.link is Link.READY


def test_an_old_answer_that_comes_late_does_not_stop_the_new_password(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.telco.trouble["history"].append(WRONG)
    with shut(desk.qtbot, monkeypatch, desk.telco, "history") as gate:
        desk.calls.poll()
        gate.wait_for_somebody()
        assert enter(desk).trouble is None
        with desk.qtbot.waitSignal(desk.calls.failed):
            gate.open()
    assert desk.account.state.trouble is None
    desk.poll()


def test_three_wrong_ones_within_an_hour_are_enough(desk: Desk) -> None:
    for n in range(3):
        desk.telco.trouble["numbers"].append(WRONG)
        assert enter(desk, Secret(f"wrong {n}")).trouble is WRONG
    asked = len(desk.telco.asked)
    trouble = enter(desk).trouble
    assert trouble is not None
    assert trouble.title.startswith("Too many")
    assert len(desk.telco.asked) == asked
    desk.clock.pass_(hours=1)
    assert enter(desk).trouble is None


# asking again


def test_asking_again_is_a_try_with_the_same_password(desk: Desk) -> None:
    desk.fail(WRONG)
    entered = heard(desk.account.entered)
    desk.account.try_again()
    assert desk.account.state.trouble is None
    assert len(entered) == 1
    desk.poll()


def test_asking_again_too_often_is_told(desk: Desk) -> None:
    desk.fail(WRONG)
    for _ in range(2):
        desk.account.try_again()
        desk.fail(WRONG)
    entered = heard(desk.account.entered)
    desk.account.try_again()
    assert desk.account.state.trouble is not None
    assert desk.account.state.trouble.title.startswith("Too many")
    assert entered == []


# forgetting, numbers, the line


def test_forgetting(desk: Desk) -> None:
    desk.account.forget()
    assert wait(desk) == AccountState(USER)
    assert desk.keyring.kept == {}
    with desk.qtbot.waitSignal(desk.calls.failed):
        desk.calls.poll()
    assert desk.calls.line == type(desk.calls.line)(Link.LOCKED, OWN, None, desk.calls.line.updated)


def test_forgetting_a_refused_one_forgets_that_too(desk: Desk) -> None:
    desk.fail(WRONG)
    desk.account.forget()
    assert wait(desk) == AccountState(USER)


def test_the_numbers_are_read_again(desk: Desk) -> None:
    changed = heard(desk.account.numbers_changed)
    desk.telco.numbers_ = (OWN,)
    desk.account.refresh_numbers()
    wait(desk)
    assert desk.account.numbers == (OWN,)
    assert len(changed) == 1


def test_numbers_that_could_not_be_read_stay_as_they_were(desk: Desk) -> None:
    enter(desk)
    before = desk.account.numbers
    desk.telco.trouble["numbers"].append(Offline("no network"))
    desk.account.refresh_numbers()
    assert wait(desk).trouble is not None
    assert desk.account.numbers == before


def test_a_line_is_chosen(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.calls.polled):
        desk.account.choose_line("+3726401234")
    assert desk.preferences.settings.own_number == "+3726401234"


class TestWithoutAKeyring:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring(absent=True)

    def test_what_works_stays_in_memory(self, empty_desk: Desk) -> None:
        assert enter(empty_desk) == AccountState(USER, password_known=True)
        empty_desk.poll()

    def test_and_is_forgotten(self, empty_desk: Desk) -> None:
        enter(empty_desk)
        empty_desk.account.forget()
        assert wait(empty_desk) == AccountState(USER)


class TestWithALockedKeyring:
    @pytest.fixture
    def unlock(self, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
        def locked(_self: object) -> None:
            raise keyring_trouble.locked()

        monkeypatch.setattr(FakeKeyring, "_must_be_there", locked)
        return monkeypatch

    def test_it_is_told_and_can_be_tried_again(
        self, unlock: pytest.MonkeyPatch, empty_desk: Desk
    ) -> None:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.failed):
            empty_desk.calls.poll()
        state = empty_desk.account.state
        assert state.trouble is not None
        assert state.trouble.title == "The keyring is locked"
        assert state.password_known  # so that somebody may ask again
        assert empty_desk.telco.asked == []

        unlock.undo()
        empty_desk.account.entered.connect(empty_desk.calls.poll)
        with empty_desk.qtbot.waitSignal(empty_desk.calls.polled):
            empty_desk.account.try_again()
        assert empty_desk.account.state == AccountState(USER, password_known=True, stored=True)

    def test_what_works_is_used_though_it_could_not_be_kept(
        self, unlock: pytest.MonkeyPatch, empty_desk: Desk
    ) -> None:
        assert enter(empty_desk) == AccountState(USER, password_known=True)
        empty_desk.poll()


class TestWithoutAUser:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings()

    def test_a_refused_first_try_leaves_everything_open(self, empty_desk: Desk) -> None:
        empty_desk.telco.trouble["numbers"].append(WRONG)
        assert enter(empty_desk) == AccountState("", trouble=WRONG)
        assert enter(empty_desk) == AccountState(USER, password_known=True, stored=True)
