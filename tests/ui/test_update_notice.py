"""Newer versions: asked for only where an address is set, told in a line, never fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_phone.app import update_notice
from desk_phone.app.update_notice import EVERY, UpdateNotice
from desk_phone.errors import BadInput, Offline
from desk_phone.model.release import NONE, Release
from desk_phone.store.memory import Memory
from desk_phone.ui.settings.update_fields import UpdateFields
from desk_phone.ui.tray import Tray
from tests.offices import full_disk
from tests.ui.conftest import Desk

ADDRESS, PAGE = "https://it.example/phone.json", "https://it.example/new"
NEWS = b'{"version": "9.1.0", "url": "https://it.example/new"}'


class World:
    """Who answers at the address, and what was asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.says: bytes | Exception = NEWS
        self.asked: list[tuple[str, str]] = []
        self.shown: list[str] = []
        self.memory = Memory(desk.ledger._db)
        self.notice = self.make()

    def make(self) -> UpdateNotice:
        """As after a restart."""
        parts = (self.desk.lanes, self.memory, self.desk.preferences, self.desk.now)
        return UpdateNotice(*parts, self._answer, "0.1.0", parent=self.desk.calls)

    def _answer(self, address: str, proxy: str) -> bytes:
        self.asked.append((address, proxy))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def look(self) -> None:
        with self.desk.qtbot.waitSignal(self.notice.changed, check_params_cb=lambda: not self.busy):
            self.notice.look()
        self.desk.qtbot.waitUntil(lambda: not self.busy)

    @property
    def busy(self) -> bool:
        return self.notice.state.busy

    def fields(self) -> UpdateFields:
        fields = UpdateFields(self.notice, self.desk.preferences, self._show)
        self.desk.qtbot.addWidget(fields)
        fields.show()
        return fields

    def _show(self, url: str) -> bool:
        self.shown.append(url)
        return True


@pytest.fixture
def world(desk: Desk) -> Iterator[World]:
    world = World(desk)
    yield world
    world.notice.stop()


def test_without_an_address_nobody_is_asked(world: World) -> None:
    fields = world.fields()
    world.notice.look_if_due()
    world.notice.look()
    assert not fields.look.isEnabled()
    assert world.asked == []
    assert world.notice.state.news == NONE


def test_a_newer_version_is_told_with_its_page(world: World) -> None:
    fields = world.fields()
    fields.address.setText(f" {ADDRESS} ")
    fields.address.editingFinished.emit()
    world.desk.qtbot.waitUntil(lambda: fields.status == "Version 9.1.0 is out.")
    assert world.asked == [(ADDRESS, "")]
    fields.read.click()
    assert world.shown == [PAGE]
    assert world.make().state.news == Release("9.1.0", PAGE)  # after a restart, too


def test_the_tray_says_it_in_a_line(world: World) -> None:
    desk = world.desk
    desk.change(update_url=ADDRESS)
    world.desk.qtbot.waitUntil(lambda: bool(world.notice.state.news.version))
    tray = Tray(
        *(desk.calls, desk.account, desk.preferences, desk.now),
        newer=lambda: world.notice.state.news.version,
    )
    tray.fill_menu()
    (entry,) = (each for each in tray.menu.actions() if each.text() == "Version 9.1.0 is out.")
    with desk.qtbot.waitSignal(tray.about_wanted):
        entry.trigger()
    world.notice.pass_over()
    tray.fill_menu()
    assert "Version 9.1.0 is out." not in [each.text() for each in tray.menu.actions()]


def test_what_a_person_passes_over_stays_unsaid_until_there_is_another(world: World) -> None:
    world.desk.change(update_url=ADDRESS)
    fields = world.fields()
    world.desk.qtbot.waitUntil(fields.pass_over.isVisible)
    fields.pass_over.click()
    assert world.notice.state.news == NONE
    assert not fields.pass_over.isVisible()
    assert world.make().state.news == NONE
    world.says = b'{"version": "9.2.0"}'
    world.look()
    assert world.notice.state.news == Release("9.2.0")
    assert not fields.read.isVisible()  # there is no page


def test_it_is_asked_once_a_day(world: World) -> None:
    world.desk.change(update_url=ADDRESS)
    world.desk.qtbot.waitUntil(lambda: world.notice.state.asked is not None)
    world.notice.look_if_due()
    world.desk.clock.at += EVERY - timedelta(minutes=1)
    world.notice.look_if_due()
    assert len(world.asked) == 1
    world.desk.clock.at += timedelta(minutes=2)
    world.notice.look_if_due()
    world.desk.qtbot.waitUntil(lambda: len(world.asked) == 2 and not world.busy)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        pytest.param(Offline("Nobody is there", "Later."), "Nobody is there. Later.", id="nobody"),
        pytest.param(b"<html>", "What is at this address tells of no version", id="a page"),
    ],
)
def test_a_look_that_fails_is_told_here_alone_and_what_was_heard_stays(
    world: World, says: bytes | Exception, told: str
) -> None:
    failures: list[object] = []
    world.desk.lanes.failed.connect(failures.append)
    world.desk.change(update_url=ADDRESS)
    world.desk.qtbot.waitUntil(lambda: bool(world.notice.state.news.version))
    fields = world.fields()
    world.says = says
    world.look()
    assert fields.status.startswith(told)
    assert world.notice.state.news.version == "9.1.0"
    assert failures == []


def test_the_same_or_an_older_version_is_no_news(world: World) -> None:
    world.says = b'{"version": "0.1.0"}'
    world.desk.change(update_url=ADDRESS)
    fields = world.fields()
    world.desk.qtbot.waitUntil(lambda: fields.status == "This is the newest version.")
    assert world.notice.state.news == NONE


def test_another_address_is_heard_by_itself(world: World) -> None:
    world.desk.change(update_url=ADDRESS)
    world.desk.qtbot.waitUntil(lambda: bool(world.notice.state.news.version))
    world.says = Offline("Nobody is there", "Later.")
    world.desk.change(update_url="https://other.example/")
    world.desk.qtbot.waitUntil(lambda: world.notice.state.trouble is not None)
    assert world.notice.state.news == NONE
    world.desk.change(update_url="")
    assert world.notice.state.trouble is None


@pytest.mark.parametrize("address", ["http://it.example/phone.json", "file:///etc/passwd", "it"])
def test_nobody_is_asked_but_over_https(address: str) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        update_notice._fetch(address, "")


def test_a_full_disk_keeps_nothing_and_breaks_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_phone.store.memory.writing", full_disk)
    world.desk.change(update_url=ADDRESS)
    world.desk.qtbot.waitUntil(lambda: len(world.asked) == 1 and not world.busy)
    assert world.notice.state.news == NONE
    assert world.notice.state.trouble is None
