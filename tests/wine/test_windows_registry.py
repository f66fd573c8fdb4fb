"""Links and the login in a real registry: taken, read back, and given back without a trace."""

from __future__ import annotations

import subprocess
import winreg
from collections.abc import Iterator

import pytest

from desk_phone.system import registry
from desk_phone.system.autostart import Start
from desk_phone.system.autostart_windows import WindowsAutostart
from desk_phone.system.links import Holder, Scheme
from desk_phone.system.links_windows import WindowsLinks

COMMAND = (r"C:\Program Files\Desk Phone\desk-phone.exe",)
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
OURS = r"Software\Desk Phone\Capabilities"
COMMAND_OF = r"Software\Classes\{}\shell\open\command"


@pytest.fixture(autouse=True)
def links() -> Iterator[WindowsLinks]:
    links = WindowsLinks(COMMAND)
    yield links
    links.give_back()


def has_key(path: str) -> bool:
    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CURRENT_USER, path))
    except FileNotFoundError:
        return False
    return True


def test_links_are_ours_on_demand_and_given_back_without_a_trace(links: WindowsLinks) -> None:
    assert links.holder(Scheme.TEL) == Holder()
    links.take({Scheme.TEL, Scheme.SIP})
    assert links.holder(Scheme.TEL) == links.holder(Scheme.SIP) == Holder(is_ours=True)
    assert links.holder(Scheme.CALLTO) == Holder()
    assert registry.text(r"Software\RegisteredApplications", "Desk Phone") == OURS
    links.give_back()
    assert links.holder(Scheme.TEL) == Holder()
    for path in (r"Software\Classes\tel", r"Software\Classes\DeskPhone.Link.1", OURS):
        assert not has_key(path)
    assert registry.text(r"Software\RegisteredApplications", "Desk Phone") == ""


def test_a_link_is_one_word_of_the_command_line(links: WindowsLinks) -> None:
    links.take({Scheme.TEL})
    line = registry.text(COMMAND_OF.format("tel"))
    assert line == f'{subprocess.list2cmdline((*COMMAND, "open", "--"))} "%1"'


def test_what_somebody_else_has_stays_theirs(links: WindowsLinks) -> None:
    registry.put(COMMAND_OF.format("tel"), "", '"skype.exe" "%1"')
    links.take({Scheme.TEL})
    assert registry.text(COMMAND_OF.format("tel")) == '"skype.exe" "%1"'
    assert registry.text(rf"{OURS}\URLAssociations", "tel") == "DeskPhone.Link.1"  # only offered
    links.give_back()
    assert registry.text(COMMAND_OF.format("tel")) == '"skype.exe" "%1"'
    registry.forget_tree(r"Software\Classes\tel")


def test_a_choice_that_a_person_made_is_shown(links: WindowsLinks) -> None:
    choice = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\tel\UserChoice"
    registry.put(choice, "ProgId", "Skype.Link")
    registry.put(r"Software\Classes\Skype.Link", "", "Skype")
    assert links.holder(Scheme.TEL) == Holder(name="Skype")
    registry.forget_tree(r"Software\Classes\Skype.Link")
    registry.forget_tree(choice)


def test_the_login_starts_us_hidden_and_no_more() -> None:
    login = WindowsAutostart(COMMAND)
    assert login.state() is Start.OFF
    login.set(True)
    assert login.state() is Start.ON
    assert registry.text(RUN, "Desk Phone") == f'"{COMMAND[0]}" --hidden'
    login.set(False)
    assert login.state() is Start.OFF
    assert registry.text(RUN, "Desk Phone") == ""


def test_what_an_administrator_starts_for_everybody_is_said() -> None:
    login = WindowsAutostart(COMMAND)
    with winreg.CreateKey(winreg.HKEY_LOCAL_MACHINE, RUN) as key:
        winreg.SetValueEx(key, "Desk Phone", 0, winreg.REG_SZ, f'"{COMMAND[0]}" --hidden')
        assert login.state() is Start.EVERYBODY
        login.set(True)
        login.set(False)
        assert login.state() is Start.EVERYBODY
        winreg.DeleteValue(key, "Desk Phone")
    assert login.state() is Start.OFF


def test_what_was_switched_off_in_task_manager_is_respected() -> None:
    login = WindowsAutostart(COMMAND)
    login.set(True)
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, APPROVED) as key:
        winreg.SetValueEx(key, "Desk Phone", 0, winreg.REG_BINARY, bytes([3, *[0] * 11]))
    assert login.state() is Start.FORBIDDEN
    login.set(True)  # a person says so here
    assert login.state() is Start.ON
    login.set(False)
