"""The settings of links and of the login, over a system that a test answers for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from desk_phone.system.autostart import Start
from desk_phone.system.links import Scheme
from desk_phone.ui.settings.links_section import LinksSection
from tests.ui.behind import FakeSystem


@pytest.fixture
def system() -> FakeSystem:
    return FakeSystem()


@pytest.fixture
def section(qtbot: QtBot, system: FakeSystem) -> LinksSection:
    section = LinksSection(system, system)
    qtbot.addWidget(section)
    section.show()
    return section


def test_links_are_taken_one_by_one_and_given_back(
    section: LinksSection, system: FakeSystem
) -> None:
    assert "tel: now opens Skype <b>." in section.status
    section.schemes[Scheme.TEL].click()
    section.schemes[Scheme.SIP].click()
    assert system.taken == {Scheme.TEL, Scheme.SIP}
    assert "Skype" not in section.status
    section.schemes[Scheme.TEL].click()
    section.schemes[Scheme.SIP].click()
    assert system.taken == set()


def test_a_refusal_is_said_and_the_box_shows_how_it_is(
    section: LinksSection, system: FakeSystem
) -> None:
    system.full = True
    section.schemes[Scheme.TEL].click()
    section.start.click()
    assert section.status.count("No space left on device") == 2
    assert not section.schemes[Scheme.TEL].isChecked()
    assert not section.start.isChecked()


def test_what_was_changed_elsewhere_shows_when_it_is_shown_again(
    section: LinksSection, system: FakeSystem
) -> None:
    section.hide()
    system.start, system.others = Start.FORBIDDEN, {Scheme.SIP: "Linphone"}
    section.show()
    assert "sip: now opens Linphone." in section.status
    assert "Switched off in the system's own settings." in section.status
    section.start.click()
    assert system.start is Start.ON


def test_what_an_administrator_chose_for_everybody_is_said_and_cannot_be_changed(
    section: LinksSection, system: FakeSystem
) -> None:
    section.hide()
    system.start, system.for_all = Start.EVERYBODY, {Scheme.TEL}
    section.show()
    assert section.start.isChecked()
    assert not section.start.isEnabled()
    assert "login of everybody" in section.status
    assert section.schemes[Scheme.TEL].isChecked()
    assert not section.schemes[Scheme.TEL].isEnabled()
    assert "tel: opens Desk Phone for everybody" in section.status
    section.focus_first()
    assert section.focusWidget() is section.schemes[Scheme.CALLTO]
    section.schemes[Scheme.SIP].click()
    assert section.schemes[Scheme.SIP].isEnabled()
    assert system.taken == {Scheme.SIP}  # the rest is not the person's to take
    section.hide()
    system.start, system.for_all = Start.OFF, set()
    section.show()
    assert section.start.isEnabled()
    assert section.schemes[Scheme.TEL].isEnabled()


def test_where_only_the_person_may_choose_the_systems_page_is_opened(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    system = FakeSystem(needs_person=True)
    system.settings_uri = "ms-settings:defaultapps"
    section = LinksSection(system, system)
    qtbot.addWidget(section)
    section.show()
    section.schemes[Scheme.TEL].click()
    assert opened == ["ms-settings:defaultapps"]
    assert "choose Desk Phone" in section.status
    assert not section.schemes[Scheme.TEL].isChecked()
