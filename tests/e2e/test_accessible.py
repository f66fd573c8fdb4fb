"""The program as a screen reader meets it: every window over AT-SPI, and every deed without a mouse
or a key where that is how it is asked for."""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Iterator

import pytest

from desk_phone import i18n
from desk_phone.assets import resource
from desk_phone.simulator.company import PASSWORD, USER
from tests.desktop import Desktop, until
from tests.e2e.accessible import Reader, Thing
from tests.e2e.program import COMMAND, Company, Phone

pytestmark = pytest.mark.e2e

PAGE, BUTTON, FIELD, ROW = "check box", "push button", "text", "cell"
FRAME, DIALOG, ALERT = "frame", "dialog", "alert message"
A_NEW_CALL = 1.0  # second from now: records tell whole ones

_NOTHING = {"", "invalid", "unknown", "filler", "panel", "redundant object"}  # no role to work with
_PRESSED = {"push button", "toggle button", "check box", "radio button"}
_MARKUP = re.compile(r"</?\w+[^>]*>")


@pytest.fixture
def reader(desktop: Desktop) -> Iterator[Reader]:
    with Reader(desktop) as reader:
        yield reader


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def faults(reader: Reader, things: list[Thing]) -> list[str]:
    """Whom a screen reader could not name, or would not know what to do with."""
    found = []
    for thing in things:
        if thing.is_("focusable") and (not thing.name.strip() or thing.role in _NOTHING):
            found.append(f"takes the keyboard, and is nobody: {thing}")
        elif thing.role in _PRESSED and not thing.name.strip():
            found.append(f"can be pressed, and has no name: {thing}")
        if thing.role == "combo box" and not (thing.description or reader.labels(thing)):
            found.append(f"says what is chosen, and not of what: {thing}")
        if _MARKUP.search(thing.name + thing.description):
            found.append(f"speaks markup: {thing} {thing.description!r}")
    return found


def all_of(reader: Reader, window: Thing, least: int) -> list[str]:
    """The faults of a window; ``least``: so many things take the keyboard there, or it is not yet
    what was to be looked at."""

    def enough() -> list[Thing]:
        things = reader.inside(window)
        return things if sum(thing.is_("focusable") for thing in things) >= least else []

    return faults(reader, until(enough, f"{window} shows", shown=lambda: reader.inside(window)))


def unfold(reader: Reader, window: Thing, name: str) -> None:
    """Press what shows more, unless it does so already."""
    button = reader.find(window, f"^{name}$", PAGE)
    if not button.is_("checked"):
        reader.press(button)
        until(lambda: reader.now(button).is_("checked"), f"{name} is pressed")


def go(reader: Reader, window: Thing, page: str) -> None:
    reader.press(reader.find(window, f"^{page}$", PAGE))
    reader.find(window, f"^{page}$", PAGE, "checked")


# every window


def test_whatever_takes_the_keyboard_in_the_demo_says_who_it_is(
    desktop: Desktop, reader: Reader
) -> None:
    desktop.env["TMPDIR"] = str(desktop.run)  # the demo's data lies there
    desktop.start_python(*COMMAND, "demo")
    main = reader.window("^Desk Phone$", FRAME)
    reader.find(main, "^(Call|Missed call) ", ROW)
    found = all_of(reader, main, 15)
    unfold(reader, main, "This week")
    reader.do(reader.find(main, "^(Call|Missed call) ", ROW), "Toggle")
    reader.find(main, "^Note of this call$", FIELD)
    found += all_of(reader, main, 24)

    go(reader, main, "Phonebook")
    for part in ("From elsewhere", "To decide", "Deleted", "Earlier states", "Entries"):
        go(reader, main, part)
        found += all_of(reader, main, 12)
    reader.press(reader.find(main, "^Allow changes$", BUTTON))
    reader.press(reader.find(main, "^Add$", BUTTON, "enabled"))
    for field in ("Name", "Number 1", "Number 2"):
        reader.find(main, f"^{field}$", FIELD)
    found += all_of(reader, main, 20)
    reader.press(reader.find(main, "^Cancel$", BUTTON))

    go(reader, main, "Company numbers")
    reader.find(main, "640 1234, my line", ROW)
    found += all_of(reader, main, 15)

    go(reader, main, "Settings")
    for more in ("More", "Advanced", "Show the log", "Show the licences"):
        unfold(reader, main, more)
    reader.press(reader.find(main, r"^Add\.\.\.$", BUTTON))
    found += all_of(reader, main, 70)

    reader.press(reader.find(main, r"^Call\.\.\.$", BUTTON))
    found += all_of(reader, reader.window("^Call$", DIALOG), 5)
    assert found == []


def test_the_first_start_can_be_done_by_a_screen_reader(
    reader: Reader, company: Company, phone: Phone
) -> None:
    phone.paths.settings.unlink()

    def kept() -> dict[str, object]:
        file = phone.paths.settings
        return dict(json.loads(file.read_text())) if file.exists() else {}

    phone.start(password="")
    wizard = reader.window("^Set up Desk Phone$", DIALOG)
    found = all_of(reader, wizard, 4)
    reader.write(reader.find(wizard, "^User name$", FIELD), USER)
    password = reader.find(wizard, "^Password$", FIELD)
    reader.write(password, PASSWORD)
    assert PASSWORD not in reader.text(password)
    unfold(reader, wizard, "More")
    found += all_of(reader, wizard, 7)
    reader.write(reader.find(wizard, "^Service address$", FIELD), company.url)
    reader.do(reader.find(wizard, "^Proxy$", FIELD), "SetFocus")
    reader.press(reader.find(wizard, "^Next$", BUTTON))
    until(lambda: kept().get("user") == USER, "the account is taken", shown=kept)
    reader.press(reader.find(wizard, "^Next$", BUTTON))  # it was told that there is no keyring

    reader.wait_announced("Step 2 of 4: My line")
    numbers = reader.find(wizard, "", "combo box")
    assert reader.labels(numbers) == ["Number of my desk phone"]
    found += all_of(reader, wizard, 5)
    reader.press(reader.find(wizard, "^Later$", BUTTON))
    for step, least in (("Step 3 of 4: Calls and pop-ups", 4), ("Step 4 of 4: Hotkey", 8)):
        reader.wait_announced(step)
        found += all_of(reader, wizard, least)
        reader.press(reader.find(wizard, "^(Next|Done)$", BUTTON))
    main = reader.window("^Desk Phone$", FRAME)
    assert [*found, *all_of(reader, main, 10)] == []


# what happens


def test_a_missed_call_is_spoken_and_called_back_by_the_cards_own_deeds(
    desktop: Desktop, reader: Reader, company: Company, phone: Phone
) -> None:
    phone.begin("--hidden")
    company.ring("+358401234567", "Kristiina Õunapuu", after=A_NEW_CALL)
    said = reader.wait_announced("^Kristiina Õunapuu, Missed")
    assert "+358 40 1234567 · Finland" in said
    card = reader.window("^Kristiina Õunapuu, Missed", ALERT)
    assert all_of(reader, card, 0) == []
    reader.press(reader.find(card, "^Call back$", BUTTON))
    box = reader.window("^Call .*\\?$", DIALOG)
    assert "Your phone 640 1234 rings first" in box.description
    assert all_of(reader, box, 2) == []
    assert company.dialled() == []
    reader.press(reader.find(box, "^Call$", BUTTON, "enabled"))  # half a second after it came
    reader.wait_announced("Your phone 640 1234 is ringing: lift the handset")
    until(company.dialled, "the call is made")
    assert company.dialled() == ["00358401234567"]


def test_the_same_caller_again_is_spoken_again_on_the_card_that_is_there(
    reader: Reader, company: Company, phone: Phone
) -> None:
    phone.begin("--hidden")
    company.ring("5123456", "Kristiina Õunapuu", after=A_NEW_CALL)
    reader.wait_announced("^Kristiina Õunapuu, Missed")
    company.ring("5123456", "Kristiina Õunapuu", after=A_NEW_CALL)
    reader.wait_announced("^Kristiina Õunapuu, ×2, Missed")
    card = reader.window("^Kristiina Õunapuu", ALERT)
    reader.press(reader.find(card, "^Done$", BUTTON))
    until(lambda: card.where not in [w.where for w in reader.windows()], "the card goes")


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("et", "^Vastamata kõne: Kristiina Õunapuu"),
        ("ru", "^Пропущенный звонок: Kristiina Õunapuu"),
    ],
)
def test_a_row_is_chosen_and_called_in_any_language(
    reader: Reader, company: Company, phone: Phone, language: str, row: str
) -> None:
    spoken = gettext.translation(i18n.DOMAIN, resource("locale"), [language])
    company.ring("5123456", "Kristiina Õunapuu", after=-600)
    phone.begin("--lang", language)
    main = reader.window("^Desk Phone$", FRAME)
    missed = reader.find(main, row, ROW)
    assert re.search(r"512 3456, .*\d\d[:.]\d\d", missed.name), missed
    reader.do(missed, "Toggle")
    call = reader.find(main, f"^{spoken.gettext('Call')}$", BUTTON)
    assert reader.now(missed).is_("selected", "focused")
    assert all_of(reader, main, 20) == []
    reader.press(call)
    until(company.dialled, "the call is made")
    assert company.dialled() == ["5123456"]
    reader.wait_announced(spoken.gettext("Your phone %(number)s is ringing: lift the handset.")
                          % {"number": "640 1234"})  # fmt: skip


def test_the_palette_speaks_whom_enter_would_call(
    desktop: Desktop, reader: Reader, company: Company, phone: Phone
) -> None:
    company.ring("5123456", "Kristiina Õunapuu", after=-600)
    company.ring("5556677", "Jaan Tamm", after=-900)
    phone.begin()
    main = reader.window("^Desk Phone$", FRAME)
    reader.press(reader.find(main, r"^Call\.\.\.$", BUTTON))
    palette = reader.window("^Call$", DIALOG)
    field = reader.find(palette, "^Name or number$", FIELD, "focused")
    reader.wait_announced("^Kristiina Õunapuu, 512 3456")
    desktop.key("Down")
    reader.wait_announced("^Jaan Tamm, 5556677")
    reader.find(palette, "^Jaan Tamm", "list item", "selected")
    reader.write(field, "qqqq")
    reader.wait_announced("No one found for “qqqq”")
    reader.write(field, "oun")
    reader.wait_announced("^Kristiina Õunapuu, 512 3456", times=2)
    desktop.key("Return")
    reader.wait_announced("lift the handset")
    assert company.dialled() == ["5123456"]


def test_what_changes_is_told_as_a_state(reader: Reader, phone: Phone) -> None:
    def kept() -> dict[str, object]:
        return dict(json.loads(phone.paths.settings.read_text()))

    phone.begin()
    main = reader.window("^Desk Phone$", FRAME)
    go(reader, main, "Missed")
    assert not reader.find(main, "^All$", PAGE).is_("checked")
    go(reader, main, "Settings")
    sections = "list item"
    assert reader.find(main, "^Account$", sections).is_("selected")
    reader.do(reader.find(main, "^Language and look$", sections), "Toggle")
    reader.find(main, "^Language and look$", sections, "selected")
    assert not reader.find(main, "^Account$", sections).is_("selected")

    quiet = reader.find(main, "^Quiet hours$", PAGE)
    assert not quiet.is_("checked")
    reader.press(quiet)
    reader.find(main, "^Quiet hours$", PAGE, "checked")
    until(lambda: kept().get("quiet_from") == "18:00", "it is kept", shown=kept)
    since = reader.find(main, "^18:00$", "combo box")
    assert since.is_("expandable")
    assert not since.is_("expanded")
    assert "quiet" in since.description.lower()
    reader.do(since, "ShowMenu")
    until(lambda: reader.now(since).is_("expanded"), "it is open")

    dark = reader.find(main, "^Dark$", "radio button")
    reader.do(dark, "Toggle")
    until(lambda: kept().get("theme") == "dark", "it is dark", shown=kept)
    assert reader.now(dark).is_("checked")
