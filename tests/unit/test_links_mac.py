"""Links on macOS, over a Launch Services of the test's own."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desk_phone.system import links_mac
from desk_phone.system.links import Holder, Scheme
from desk_phone.system.links_mac import BUNDLE, MacLinks

SKYPE, FACETIME = "com.skype.skype", "com.apple.FaceTime"


@dataclass
class Services:
    """Whose each scheme is; strings are numbers into ``strings``, as Core Foundation's are."""

    holders: dict[str, str] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    held: int = 0  # strings that nobody released
    status: int = 0

    def __post_init__(self) -> None:
        for name, deed in (
            ("CFStringCreateWithCString", lambda _, text, encoding: self._make(text.decode())),
            ("CFStringGetCString", self._write),
            ("CFRelease", self._release),
            ("LSCopyDefaultHandlerForURLScheme", self._holder),
            ("LSSetDefaultHandlerForURLScheme", self._give),
        ):
            setattr(self, name, _function(deed))

    def _make(self, text: str) -> int:
        self.held += 1
        self.strings.append(text)
        return len(self.strings)

    def _write(self, at: int, room: ctypes.Array[ctypes.c_char], size: int, encoding: int) -> bool:
        room.value = self.strings[at - 1].encode()
        return True

    def _release(self, at: int) -> None:
        self.held -= 1

    def _holder(self, at: int) -> int:
        found = self.holders.get(self.strings[at - 1])
        return self._make(found) if found else 0

    def _give(self, scheme: int, bundle: int) -> int:
        if not self.status:
            self.holders[self.strings[scheme - 1]] = self.strings[bundle - 1]
        return self.status


def _function(deed: Callable[..., object]) -> Callable[..., object]:
    """One that can be told its types, as ctypes' own can."""

    def called(*given: object) -> object:
        return deed(*given)

    return called


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    services = Services({"tel": SKYPE, "sip": SKYPE})
    monkeypatch.setattr(links_mac.ctypes, "CDLL", lambda _: services)
    return services


def test_whoever_had_the_links_has_them_again(services: Services, tmp_path: Path) -> None:
    MacLinks(tmp_path / "former").take(set(Scheme))
    assert set(services.holders.values()) == {BUNDLE}
    links = MacLinks(tmp_path / "former")  # after a restart
    assert links.holder(Scheme.TEL) == Holder(is_ours=True)
    links.take({Scheme.TEL})
    assert services.holders == {"tel": BUNDLE, "sip": SKYPE, "callto": FACETIME}
    links.give_back()
    assert services.holders == {"tel": SKYPE, "sip": SKYPE, "callto": FACETIME}
    assert list(tmp_path.iterdir()) == []
    assert services.held == 0


def test_what_was_written_down_and_cannot_be_read_is_nobody(
    services: Services, tmp_path: Path
) -> None:
    links = MacLinks(tmp_path / "former")
    links.take({Scheme.TEL})
    (tmp_path / "former").write_text("[")
    links.give_back()
    assert services.holders["tel"] == FACETIME


def test_others_links_are_left_alone(services: Services, tmp_path: Path) -> None:
    MacLinks(tmp_path / "former").give_back()
    assert services.holders == {"tel": SKYPE, "sip": SKYPE}


def test_a_refusal_of_the_system_is_told_and_nobody_is_forgotten(
    services: Services, tmp_path: Path
) -> None:
    services.status = -54
    links = MacLinks(tmp_path / "former")
    with pytest.raises(OSError, match="-54"):
        links.take({Scheme.TEL})
    services.status = 0
    links.take({Scheme.TEL})
    links.give_back()
    assert services.holders["tel"] == SKYPE
    assert services.held == 0
