"""The person's own part of the Windows registry, and what an administrator's part says. Nothing
here needs an administrator."""

from __future__ import annotations

import sys
from contextlib import suppress

if sys.platform == "win32":
    import winreg

    def text(path: str, name: str = "", for_all: bool = False) -> str:
        """Empty where there is none. ``for_all``: what an administrator set for everybody."""
        found = _value(path, name, for_all)
        return found if isinstance(found, str) else ""

    def data(path: str, name: str, for_all: bool = False) -> bytes:
        """Empty where there is none."""
        found = _value(path, name, for_all)
        return found if isinstance(found, bytes) else b""

    def put(path: str, name: str, value: str) -> None:
        with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def forget(path: str, name: str) -> None:
        """Raises FileNotFoundError where there is none."""
        access = winreg.KEY_SET_VALUE
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, access) as key:
            winreg.DeleteValue(key, name)

    def forget_tree(path: str) -> None:
        """The key with all keys in it, where there is one."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                inside = [winreg.EnumKey(key, at) for at in range(winreg.QueryInfoKey(key)[0])]
        except FileNotFoundError:
            return
        for name in inside:
            forget_tree(f"{path}\\{name}")
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)

    def is_known(path: str) -> bool:
        """Whether the person or the computer has such a class. Windows shows both as one; Wine
        leaves out the person's."""
        theirs = rf"Software\Classes\{path}"
        roots = ((winreg.HKEY_CLASSES_ROOT, path), (winreg.HKEY_CURRENT_USER, theirs))
        for root, where in roots:
            with suppress(OSError):
                winreg.CloseKey(winreg.OpenKey(root, where))
                return True
        return False

    def _value(path: str, name: str, for_all: bool) -> object:
        root = winreg.HKEY_LOCAL_MACHINE if for_all else winreg.HKEY_CURRENT_USER
        try:
            with winreg.OpenKey(root, path) as key:
                return winreg.QueryValueEx(key, name)[0]
        except FileNotFoundError:
            return None

else:

    def text(path: str, name: str = "", for_all: bool = False) -> str:
        raise _elsewhere(path, name, for_all)

    def data(path: str, name: str, for_all: bool = False) -> bytes:
        raise _elsewhere(path, name, for_all)

    def put(path: str, name: str, value: str) -> None:
        raise _elsewhere(path, name, value)

    def forget(path: str, name: str) -> None:
        raise _elsewhere(path, name)

    def forget_tree(path: str) -> None:
        raise _elsewhere(path)

    def is_known(path: str) -> bool:
        raise _elsewhere(path)

    def _elsewhere(*_: object) -> OSError:
        return OSError("no registry")
