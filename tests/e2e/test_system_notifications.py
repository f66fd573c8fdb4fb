"""`system.notifications` against servers of every kind, played on a real bus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.system.bus import Bus
from desk_phone.system.notifications import Notification, Notifications
from tests.desktop.peer import Peer
from tests.desktop.private_bus import PrivateBus

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
ALL = ["actions", "body", "body-markup"]


class Server(Peer):
    """Gives numbers as the specification wants it: that of the replaced one, or the next."""

    def __init__(self, address: str, abilities: list[str]) -> None:
        super().__init__(address)
        self._last = 0
        self.answers["GetCapabilities"] = ("as", (abilities,))
        self.answers["Notify"] = self._notify
        self.answers["CloseNotification"] = ("", ())
        self.own(NAME)

    def _notify(self, app: str, replaces: int, *_: object) -> tuple[str, tuple[int]]:
        self._last = self._last if replaces else self._last + 1
        return "u", (replaces or self._last,)

    def tell(self, member: str, number: int, value: int | str, to: str = "") -> None:
        self.signal(
            PATH, NAME, member, "us" if isinstance(value, str) else "uu", number, value, to=to
        )

    def shown(self) -> list[tuple[Any, ...]]:
        return self.called("Notify")


@pytest.fixture
def server(daemon: PrivateBus, request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(daemon.address, getattr(request, "param", ALL)) as server:
        yield server


class Listener:
    def __init__(self, notifications: Notifications) -> None:
        self.heard: list[tuple[str, ...]] = []
        notifications.acted.connect(lambda key, action: self.heard.append(("acted", key, action)))
        notifications.closed.connect(lambda key: self.heard.append(("closed", key)))


@pytest.fixture
def notifications(bus: Bus) -> Notifications:
    return Notifications(bus)


@pytest.fixture
def listener(notifications: Notifications) -> Listener:
    return Listener(notifications)


def settle(qtbot: QtBot, server: Server, notifications: Notifications) -> None:
    """Wait until nothing is on its way any more."""

    def is_still() -> bool:
        server.pump()
        showing = notifications._showing.values()
        return not any(one.is_asked or one.wanted for one in showing)

    qtbot.waitUntil(is_still)


def test_nothing_is_asked_before_the_first(
    qtbot: QtBot, server: Server, notifications: Notifications, bus: Bus
) -> None:
    assert not notifications.can_act
    assert not bus.is_open
    notifications.show(Notification("key", "Missed call"))
    settle(qtbot, server, notifications)
    assert [member for member, _ in server.calls] == ["GetCapabilities", "Notify"]
    assert notifications.can_act


@pytest.mark.parametrize(
    ("server", "title", "body", "actions"),
    [
        pytest.param(ALL, "<T&>", "&lt;b&gt;&amp;\"'", ["call", "<Call>"], id="markup"),
        pytest.param(["actions", "body"], "<T&>", "<b>&\"'", ["call", "<Call>"], id="plain body"),
        pytest.param(["body"], "<T&>", "<b>&\"'", [], id="no buttons"),
        pytest.param([], "<T&>: <b>&\"'", "", [], id="a title alone"),
    ],
    indirect=["server"],
)
def test_texts_are_shown_as_they_are_written(
    qtbot: QtBot,
    server: Server,
    notifications: Notifications,
    title: str,
    body: str,
    actions: list[str],
) -> None:
    notifications.show(Notification("key", "<T&>", "<b>&\"'", (("call", "<Call>"),)))
    settle(qtbot, server, notifications)
    ((app, replaces, icon, *rest),) = server.shown()
    assert (app, replaces, icon) == ("Desk Phone", 0, "")
    assert rest[:3] == [title, body, actions]


def test_hints_say_what_it_is(qtbot: QtBot, server: Server, notifications: Notifications) -> None:
    notifications.show(Notification("1", "T"))
    notifications.show(
        Notification("2", "T", urgent=True, timeout_ms=0, category="call.incoming", transient=True)
    )
    settle(qtbot, server, notifications)
    (*_, usual, timeout), (*_, urgent, stays) = server.shown()
    assert usual == {
        "urgency": ("y", 1),
        "category": ("s", "call"),
        "desktop-entry": ("s", "desk-phone"),
    }
    assert timeout == -1
    assert urgent["urgency"] == ("y", 2)
    assert urgent["category"] == ("s", "call.incoming")
    assert urgent["transient"] == ("b", True)
    assert stays == 0


def test_text_that_would_break_the_connection_does_not(
    qtbot: QtBot, server: Server, notifications: Notifications, bus: Bus
) -> None:
    notifications.show(Notification("key", "Ma\0ri \ud83d", "\0", (("a\0", "b\ud83d"),)))
    settle(qtbot, server, notifications)
    (values,) = server.shown()
    assert values[3:6] == ("Mari ?", "", ["a", "b?"])
    assert bus.is_open


def test_only_the_newest_of_many_updates_is_sent(
    qtbot: QtBot, server: Server, notifications: Notifications
) -> None:
    for count in range(1, 6):
        notifications.show(Notification("key", f"x{count}"))
    settle(qtbot, server, notifications)
    notifications.show(Notification("key", "x6"))
    qtbot.waitUntil(lambda: len(server.called("GetCapabilities")) == 1)
    notifications.show(Notification("key", "x7"))
    notifications.show(Notification("key", "x8"))
    settle(qtbot, server, notifications)
    assert [(values[1], values[3]) for values in server.shown()] == [
        (0, "x5"),
        (1, "x6"),
        (1, "x8"),
    ]


def test_an_action_is_told_and_the_notification_goes(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("key", "T", actions=(("call", "Call"),)))
    settle(qtbot, server, notifications)
    tokens: list[str] = []
    notifications.acted.connect(lambda *_: tokens.append(notifications.token))
    server.tell("ActivationToken", 1, "a token")
    server.tell("ActionInvoked", 1, "call")
    server.tell("NotificationClosed", 1, 2)
    qtbot.waitUntil(lambda: server.called("CloseNotification") == [(1,)])
    assert listener.heard == [("acted", "key", "call"), ("closed", "key")]
    assert tokens == ["a token"]


def test_what_is_shown_in_answer_to_an_action_stays(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("key", "T", actions=(("later", "Later"),)))
    settle(qtbot, server, notifications)
    notifications.acted.connect(lambda key, _: notifications.show(Notification(key, "Until 9:00")))
    server.tell("ActionInvoked", 1, "later")
    server.tell("NotificationClosed", 1, 2)  # the server's own way after an action
    qtbot.waitUntil(lambda: len(server.shown()) == 2)
    settle(qtbot, server, notifications)
    assert listener.heard == [("acted", "key", "later")]
    assert server.called("CloseNotification") == []


def test_signals_of_others_mean_nothing(
    qtbot: QtBot,
    daemon: PrivateBus,
    server: Server,
    notifications: Notifications,
    listener: Listener,
    bus: Bus,
) -> None:
    notifications.show(Notification("key", "T", actions=(("call", "Call"),)))
    settle(qtbot, server, notifications)
    ours = next(iter(server.senders))
    with Peer(daemon.address) as stranger:
        for to in ("", ours):
            stranger.signal(PATH, NAME, "ActionInvoked", "us", 1, "call", to=to)
            stranger.signal(PATH, NAME, "NotificationClosed", "uu", 1, 2, to=to)
    server.tell("ActionInvoked", 7, "call")  # of another program
    server.signal(PATH, NAME, "ActionInvoked", "ss", "1", "call")  # nonsense
    server.signal(PATH, NAME, "NotificationClosed")
    server.tell("ActionInvoked", 1, "true")
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert listener.heard[0] == ("acted", "key", "true")


def test_dismissed_by_the_person_is_closed_once(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("key", "T"))
    settle(qtbot, server, notifications)
    server.tell("NotificationClosed", 1, 2)
    server.tell("NotificationClosed", 1, 2)
    qtbot.waitUntil(lambda: bool(listener.heard))
    notifications.close("key")
    assert listener.heard == [("closed", "key")]


def test_dismissed_while_an_update_is_on_its_way_shows_the_update(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("key", "x1"))
    settle(qtbot, server, notifications)
    notifications.show(Notification("key", "x2"))
    server.tell("NotificationClosed", 1, 2)
    qtbot.waitUntil(lambda: notifications._showing["key"].id == 0)
    server.answers["Notify"] = ("u", (9,))
    settle(qtbot, server, notifications)
    assert listener.heard == []
    notifications.close("key")
    qtbot.waitUntil(lambda: server.called("CloseNotification") == [(9,)])


def test_closed_while_on_its_way_does_not_stay(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("other", "T"))  # the abilities are known now
    settle(qtbot, server, notifications)
    notifications.show(Notification("key", "T"))
    notifications.close("key")
    assert listener.heard == []
    qtbot.waitUntil(lambda: server.called("CloseNotification") == [(2,)])
    assert listener.heard == [("closed", "key")]


def test_closed_before_it_was_sent_is_never_shown(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("key", "T"))
    notifications.close("key")
    assert listener.heard == [("closed", "key")]
    notifications.show(Notification("other", "U"))
    settle(qtbot, server, notifications)
    assert [values[3] for values in server.shown()] == ["U"]


def test_closed_and_shown_again_while_on_its_way_stays(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("other", "T"))  # the abilities are known now
    settle(qtbot, server, notifications)
    notifications.show(Notification("key", "first"))
    notifications.close("key")
    notifications.show(Notification("key", "second"))
    settle(qtbot, server, notifications)
    assert [values[3] for values in server.shown()] == ["T", "first", "second"]
    assert server.called("CloseNotification") == []
    assert listener.heard == []


def test_closing_what_is_not_there_does_nothing(
    notifications: Notifications, listener: Listener
) -> None:
    notifications.close("key")
    assert listener.heard == []


def test_a_server_that_goes_takes_all_with_it(
    qtbot: QtBot,
    daemon: PrivateBus,
    server: Server,
    notifications: Notifications,
    listener: Listener,
) -> None:
    notifications.show(Notification("1", "T"))
    notifications.show(Notification("2", "T"))
    settle(qtbot, server, notifications)
    server.close()
    qtbot.waitUntil(lambda: listener.heard == [("closed", "1"), ("closed", "2")])
    assert not notifications.can_act
    with Server(daemon.address, ["body"]) as another:
        notifications.show(Notification("1", "T", "<", (("call", "Call"),)))
        settle(qtbot, another, notifications)
        ((_, replaces, _, _, body, actions, *_),) = another.shown()
        assert (replaces, body, actions) == (0, "<", [])


def test_a_server_that_goes_while_one_is_on_its_way_closes_it_once(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener
) -> None:
    notifications.show(Notification("other", "T"))
    settle(qtbot, server, notifications)
    notifications.show(Notification("key", "T"))
    server.close()
    qtbot.waitUntil(lambda: len(listener.heard) == 2)
    bus = notifications._bus
    told: list[str] = []
    bus.watch_name("test.Nobody", told.append)  # whatever was to come has come by then
    qtbot.waitUntil(lambda: bool(told))
    assert sorted(listener.heard) == [("closed", "key"), ("closed", "other")]


def test_hearing_of_the_same_server_twice_changes_nothing(
    qtbot: QtBot, server: Server, notifications: Notifications, listener: Listener, bus: Bus
) -> None:
    notifications.show(Notification("key", "T"))
    settle(qtbot, server, notifications)
    bus.opened.emit()  # everybody asks for owners anew
    told: list[str] = []
    bus.watch_name("test.Nobody", told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert listener.heard == []
    assert notifications.can_act


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"GetCapabilities": "test.Error"}, id="no abilities"),
        pytest.param({"GetCapabilities": ("s", ("body",))}, id="abilities are no list"),
        pytest.param({"Notify": "test.Error.TooMany"}, id="refused"),
        pytest.param({"Notify": ("s", ("seven",))}, id="a number is no number"),
        pytest.param({"Notify": ("u", (0,))}, id="zero"),
    ],
)
def test_what_cannot_be_shown_is_closed(
    qtbot: QtBot,
    server: Server,
    notifications: Notifications,
    listener: Listener,
    answers: dict[str, Any],
) -> None:
    server.answers.update(answers)
    notifications.show(Notification("key", "T"))
    qtbot.waitUntil(lambda: server.pump() is None and listener.heard == [("closed", "key")])
    assert notifications._showing == {}


def test_without_a_bus_it_is_closed_at_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, notifications: Notifications, listener: Listener
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
    notifications.show(Notification("key", "T"))
    assert listener.heard == []
    qtbot.waitUntil(lambda: listener.heard == [("closed", "key")])
    notifications.show(Notification("key", "T"))
    qtbot.waitUntil(lambda: len(listener.heard) == 2)
