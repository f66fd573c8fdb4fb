"""`model.shortcut`: which keys may be a hotkey, and `system.x11_keyboard`: where they lie."""

from __future__ import annotations

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.shortcut import Modifier, Shortcut, read
from desk_phone.system.hotkey_mac import key_code
from desk_phone.system.hotkey_windows import virtual_key
from desk_phone.system.x11_keyboard import Keyboard, keyboard, keysym


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ctrl+Shift+F11", "Ctrl+Shift+F11"),
        ("shift + control+f11", "Ctrl+Shift+F11"),
        ("Win+d", "Super+D"),
        ("Cmd+Option+space", "Alt+Super+Space"),
        ("F9", "F9"),
        ("Ctrl+1", "Ctrl+1"),
        ("Alt+Insert", "Alt+Insert"),
    ],
)
def test_keys_are_read_and_written(text: str, shown: str) -> None:
    assert str(read(text)) == shown
    assert read(str(read(text))) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "Ctrl", "Ctrl+", "F25", "F0", "Ctrl+õ", "Ctrl+Shift", "Hyper+D", "Ctrl+D+E"),
        *("d", "Shift+D", "Shift+space", "Delete"),
        *("Ctrl+Alt+D", "Ctrl+Alt+Shift+2", "Ctrl+Alt+q"),
    ],
)
def test_keys_that_people_need_otherwise_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert refused.value.message


def test_ctrl_alt_with_a_function_key_types_nothing() -> None:
    assert read("Ctrl+Alt+F11").modifiers == {Modifier.CTRL, Modifier.ALT}


# an X keyboard

_D, _F11, _NUM, _ALT, _SUPER = 40, 95, 77, 64, 133


def board(num_lock_row: int = 4) -> Keyboard:
    """Codes 8 to 140, two keysyms each: D, F11 (twice), NumLock, Alt, Super."""
    symbols = {_D: (ord("d"), ord("D")), _F11: (keysym("f11"), 0), 139: (keysym("f11"), 0)}
    symbols |= {_NUM: (0xFF7F, 0), _ALT: (0xFFE9, 0), _SUPER: (0xFFEB, 0)}
    keysyms = [symbol for code in range(8, 141) for symbol in symbols.get(code, (0, 0))]
    rows = [[0, 0] for _ in range(8)]
    rows[3][0], rows[6][0], rows[num_lock_row][1] = _ALT, _SUPER, _NUM
    return keyboard(8, keysyms, 2, [code for row in rows for code in row])


def test_every_code_of_a_key_and_every_mix_of_locks() -> None:
    found = board()
    keys = read("Ctrl+Super+F11")
    assert found.codes_of(keys) == (_F11, 139)
    assert found.mask_of(keys) == 4 | 64
    assert set(found.with_locks(68)) == {68, 68 | 2, 68 | 16, 68 | 2 | 16}
    assert found.without_locks(68 | 2 | 16 | 0x2000) == 68


def test_a_lock_that_lies_on_a_modifier_is_not_ignored() -> None:
    """Else a plain F11 would count as Alt+F11."""
    assert board(num_lock_row=3).without_locks(8) == 8


def test_a_key_that_is_not_there() -> None:
    assert board().codes_of(read("Ctrl+F12")) == ()


# other systems


@pytest.mark.parametrize(
    ("key", "windows", "mac"),
    [("a", 0x41, 0), ("m", 0x4D, 46), ("0", 0x30, 29), ("f1", 0x70, 122), ("f11", 0x7A, 103)],
)
def test_codes_of_other_systems(key: str, windows: int, mac: int) -> None:
    assert (virtual_key(key), key_code(key)) == (windows, mac)


def test_a_mac_has_no_pause_key() -> None:
    assert key_code("pause") is None
    assert key_code("f24") is None


def test_every_letter_and_digit_has_its_own_code() -> None:
    keys = "abcdefghijklmnopqrstuvwxyz0123456789"
    for code in (key_code, virtual_key, keysym):
        assert len({code(key) for key in keys}) == len(keys)


def test_a_shortcut_is_a_value() -> None:
    assert read("Ctrl+F1") == Shortcut(frozenset({Modifier.CTRL}), "f1")
