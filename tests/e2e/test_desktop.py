"""The private desktop itself, proven with a tiny tray program that uses all of our desktop code."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop import Desktop, NotInTime, Program, until
from tests.desktop.processes import marked

pytestmark = pytest.mark.e2e


def start(desktop: Desktop) -> Program:
    program = desktop.start_python("-m", "tests.desktop.tray_program", stdin=subprocess.PIPE)
    program.wait_for("ready")
    return program


def ask(program: Program, word: str) -> str:
    """The rest of the line that the program answers with."""
    before = program.said().count(f"\n{word} ")
    program.tell(word)
    lines = until(
        lambda: re.findall(rf"^{word} (.*)\n", program.said(), re.MULTILINE)[before:],
        f"an answer to {word}",
        shown=program.said,
    )
    return str(lines[0])


def test_click_reaches_the_tray_icon(desktop: Desktop) -> None:
    program = start(desktop)
    icon = desktop.tray_icon()
    assert icon.y >= desktop.screen.work_area()[3]  # in the panel
    desktop.click_tray()
    program.wait_for("activated Trigger")
    desktop.click_tray(button=3)
    program.wait_for("activated Context")
    assert "tray appeared" not in program.said()  # the first icon was good


@pytest.mark.parametrize("tray", ["late", "late notifier"])
def test_tray_that_comes_late_gets_an_icon(make_desktop: Callable[..., Desktop], tray: str) -> None:
    desktop = make_desktop(tray=tray)
    program = start(desktop)
    assert "without tray" in program.said()
    desktop.start_tray()
    if tray == "late notifier":
        program.wait_for("tray appeared notifier")
        desktop.tray_host_said("item ")
    else:
        program.wait_for("tray appeared xembed")
        desktop.click_tray()
        program.wait_for("activated Trigger")


@pytest.mark.parametrize("tray", ["tint2", "notifier"])
def test_tray_that_restarts_gets_an_icon_again(
    make_desktop: Callable[..., Desktop], tray: str
) -> None:
    desktop = make_desktop(tray=tray)
    program = start(desktop)
    assert "with tray" in program.said()
    desktop.stop_tray()
    program.wait_for("tray gone")
    desktop.start_tray()
    program.wait_for("tray appeared")
    if tray == "notifier":
        desktop.tray_host_said("item ")
    else:
        desktop.click_tray()
        program.wait_for("activated Trigger")


def test_a_host_that_comes_beside_an_xembed_tray_takes_the_icon(desktop: Desktop) -> None:
    program = start(desktop)
    desktop.start_notifier_host()
    program.wait_for("tray appeared notifier")
    desktop.tray_host_said("item ")


def test_notification_is_shown_as_plain_text_and_its_action_comes_back(desktop: Desktop) -> None:
    program = start(desktop)
    program.tell("show key <i>Missed</i> call")
    (note,) = until(desktop.notifications, "a notification")
    assert note.title == "<i>Missed</i> call"
    assert note.body == "&lt;b&gt;5 &lt; 6&lt;/b&gt;"  # dunst speaks markup
    assert dict(note.actions) == {"default": "Open", "call": "Call back"}
    assert (note.app, note.entry, note.category) == ("Desk Phone", "desk-phone", "call")
    shown = desktop.find_window(cls="Dunst")
    desktop.invoke("Call back")
    program.wait_for("acted key call")
    program.wait_for("closed key")
    desktop.wait_closed(shown)  # dunst itself leaves it standing


def test_click_on_a_notification_is_its_default_action(desktop: Desktop) -> None:
    program = start(desktop)
    program.tell("show key Missed call")
    desktop.click_notification()
    program.wait_for("acted key default")
    program.wait_for("closed key")
    assert program.said().count("closed key") == 1


def test_the_same_key_updates_the_notification(desktop: Desktop) -> None:
    program = start(desktop)
    for title in ("x1", "x2", "x3"):
        program.tell(f"show key {title}")
    until(lambda: desktop.notifications()[-1:] and desktop.notifications()[-1].title == "x3", "x3")
    assert {note.id for note in desktop.notifications()} == {desktop.notifications()[0].id}
    shown = desktop.find_window(cls="Dunst")
    program.tell("close key")
    program.wait_for("closed key")
    desktop.wait_closed(shown)


def test_notification_server_that_restarts_shows_the_next_one(desktop: Desktop) -> None:
    program = start(desktop)
    program.tell("show key first")
    until(desktop.notifications, "a notification")
    desktop.stop_notifications()
    program.wait_for("closed key")
    desktop.start_notifications()
    program.tell("show key second")
    (note,) = until(desktop.notifications, "a notification")
    assert note.title == "second"


def test_without_a_notification_server_it_is_closed_at_once(
    make_desktop: Callable[..., Desktop],
) -> None:
    program = start(make_desktop(notifications="none"))
    program.tell("show key Missed call")
    program.wait_for("closed key")


def test_full_screen_window_means_somebody_is_presenting(desktop: Desktop) -> None:
    program = start(desktop)
    assert ask(program, "presenting").startswith("False")
    program.tell("full-screen")
    window = desktop.find_window("A window")
    until(lambda: desktop.screen.active() == window.id, "the window is active")
    until(
        lambda: "_NET_WM_STATE_FULLSCREEN" in desktop.screen.states(window.id),
        "it fills the screen",
    )
    assert ask(program, "presenting").startswith("True")
    program.tell("window")
    until(lambda: "_NET_WM_STATE_FULLSCREEN" not in desktop.screen.states(window.id), "it is small")
    assert ask(program, "presenting").startswith("False")


def test_idle_time_counts_until_somebody_moves(desktop: Desktop) -> None:
    program = start(desktop)
    desktop.move(10, 10)
    until(lambda: float(ask(program, "idle")) > 0.5, "time goes by")
    begun = time.monotonic()
    desktop.key("Shift_L")
    idle = float(ask(program, "idle"))
    assert idle <= time.monotonic() - begun


def test_keys_reach_the_window_in_front_and_clipboard_both_ways(desktop: Desktop) -> None:
    program = start(desktop)
    program.tell("field")
    window = desktop.find_window("A field")
    desktop.focus(window)
    desktop.type("Õun ёЖ 640 €")
    desktop.key("Return")
    program.wait_for("typed Õun ёЖ 640 €")
    desktop.copy("+372 640 1234")
    desktop.key("ctrl+a", "ctrl+v", "Return")
    program.wait_for("typed +372 640 1234\n")
    desktop.type("5")
    desktop.key("ctrl+a", "ctrl+c")
    until(lambda: desktop.pasted() == "+372 640 12345", "the program holds the clipboard")


def fail_on(desktop: Desktop) -> None:
    with desktop:
        start(desktop)
        desktop.start(["sh", "-c", "trap '' TERM; echo here; exec sleep 1000"]).wait_for("here")
        desktop.start(["setsid", "--fork", "sleep", "1000"]).wait()
        until(lambda: len(marked(desktop.mark)) >= 8, "eight programs")
        raise ZeroDivisionError


def test_nothing_is_left_after_a_failure() -> None:
    """Not even a daemon that left its group, or a program that does not want to end."""
    desktop = Desktop()
    with pytest.raises(ZeroDivisionError):
        fail_on(desktop)
    assert marked(desktop.mark) == []
    assert not desktop.folder.exists()
    assert not Path(f"/tmp/.X{desktop.env['DISPLAY'][1:]}-lock").exists()


def test_wait_for_what_never_comes_says_what_the_program_said(desktop: Desktop) -> None:
    program = desktop.start(["echo", "good bye"])
    with pytest.raises(NotInTime, match="ended with 0:\ngood bye"):
        program.wait_for("hello")


def test_two_desktops_do_not_see_each_other(make_desktop: Callable[..., Desktop]) -> None:
    one, other = make_desktop(), make_desktop(tray="none", notifications="none")
    start(one)
    assert one.tray_icon()
    assert other.windows() == []
    assert not other.has_name("org.freedesktop.Notifications")
    assert one.env["HOME"] != other.env["HOME"]
