"""``desk-phone demo`` as somebody sees it who has just installed it, with a display and without."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.desktop import Desktop, Program
from tests.desktop.sandbox import Sandbox
from tests.e2e.program import COMMAND, Control, calls
from tests.e2e.shown import (
    ASK_BOX,
    CARD,
    MAIN,
    choose_from_tray_menu,
    click_call_back,
    find,
    keep_picture,
    until_it_listens,
)

pytestmark = pytest.mark.e2e

HALF_A_MINUTE = 30.0  # seconds


@pytest.fixture(scope="module", autouse=True)
def unseen() -> Iterator[Program]:
    """The demo without a display; it runs beside the other one to save time."""
    with Sandbox() as place:
        # Nothing that an administrator fixed may lead it to the real service.
        fixed = place.folder / "xdg" / "DeskPhone" / "settings.json"
        fixed.parent.mkdir(parents=True)
        fixed.write_text('{"locked": {"service_url": "https://127.0.0.1:9/external/"}}')
        place.env["XDG_CONFIG_DIRS"] = str(fixed.parents[1])
        yield place.start_python(*COMMAND, "demo", "--seconds", str(int(4 * HALF_A_MINUTE)))


def test_the_demo_shows_a_missed_call_and_a_click_calls_back(desktop: Desktop) -> None:
    desktop.env["TMPDIR"] = str(desktop.run)  # the demo's data lies there
    program = desktop.start_python(*COMMAND, "demo")
    desktop.tray_icon()
    find(desktop, program, MAIN)
    keep_picture(desktop, "demo-begins")
    company = Control(program.wait_for_match(r"answers at (\S+)\n")[1])
    (data,) = desktop.run.glob("desk-phone-demo-*")

    card = find(desktop, program, CARD, HALF_A_MINUTE)
    # It is told a moment after its card shows.
    caller = program.wait_for_match(r"Card: missed call from .*, ([\d ]+)\n")[1]
    number = caller.replace(" ", "")
    known = calls(desktop, data)
    assert (known[0]["outcome"], known[0]["other"]) == ("missed", f"+372{number}")
    keep_picture(desktop, "demo-card")

    click_call_back(desktop, card)  # a number in no plan is asked about
    box = find(desktop, program, ASK_BOX)
    keep_picture(desktop, "demo-asks")
    assert company.dialled() == []
    until_it_listens()
    desktop.key("Return")
    desktop.wait_closed(box)
    program.wait_for("Your phone 640 1234 is ringing: lift the handset.")
    keep_picture(desktop, "demo-call-back")
    assert company.dialled() == [number]
    (newest, *rest) = calls(desktop, data)
    assert (newest["direction"], newest["other"]) == ("outgoing", f"+372{number}")
    assert [call["id"] for call in rest] == [call["id"] for call in known]
    desktop.move(20, 20)  # hovering would hold it
    desktop.wait_closed(card)
    assert company.dialled() == [number]

    choose_from_tray_menu(desktop, program, "Up")
    assert program.wait() == 0
    assert not data.exists()


def test_without_a_display_the_demo_tells_what_would_show(unseen: Program) -> None:
    unseen.wait_for("There is no display here", HALF_A_MINUTE)
    unseen.wait_for("Tray: Desk Phone: ready, My line 640 1234", HALF_A_MINUTE)
    unseen.wait_for_match(r"Card: missed call from .+, [\d ]+\n", HALF_A_MINUTE)
    unseen.wait_for_match(r"Tray: .*1 person missed\n", HALF_A_MINUTE)
    unseen.send_signal(signal.SIGTERM)
    assert unseen.wait(HALF_A_MINUTE) == 0


def test_the_demo_ends_by_itself_when_it_was_given_a_time() -> None:
    with Sandbox() as place:
        program = place.start_python(*COMMAND, "demo", "--seconds", "0.1")
        assert program.wait(HALF_A_MINUTE) == 0


def test_without_a_display_the_program_says_so_and_ends_with_2() -> None:
    with Sandbox() as place:
        program = place.start_python(*COMMAND)
        assert program.wait(HALF_A_MINUTE) == 2
        assert program.said().splitlines() == [
            "There is no display to show the tray icon on",
            "Start it in a desktop session; the commands work without (desk-phone --help).",
        ]
