"""Links on macOS: the bundle says which schemes it can open, Launch Services who opens them.

The calls are old (LSHandlers.h) and the only ones that need no newer system. Without a bundle, as
when started from a checkout, there is nobody to name.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Collection
from contextlib import suppress
from ctypes import c_bool, c_char_p, c_int32, c_long, c_uint32, c_void_p
from pathlib import Path

from desk_phone.system.links import Holder, Scheme

BUNDLE = "ee.desk-phone"
_USUAL = "com.apple.FaceTime"  # whose they are where nobody chose
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_SERVICES = "/System/Library/Frameworks/CoreServices.framework/CoreServices"


class MacLinks:
    needs_person = False
    settings_uri = ""

    def __init__(self, former: Path, library: str = _SERVICES) -> None:
        """``former``: the file where we write down whose the links were before. Raises OSError
        where there is no such library."""
        self._former = former
        self._library = ctypes.CDLL(library)
        for name, result, takes in (
            ("CFStringCreateWithCString", c_void_p, (c_void_p, c_char_p, c_uint32)),
            ("CFStringGetCString", c_bool, (c_void_p, c_char_p, c_long, c_uint32)),
            ("CFRelease", None, (c_void_p,)),
            ("LSCopyDefaultHandlerForURLScheme", c_void_p, (c_void_p,)),
            ("LSSetDefaultHandlerForURLScheme", c_int32, (c_void_p, c_void_p)),
        ):
            function = getattr(self._library, name)
            function.restype, function.argtypes = result, takes

    def holder(self, scheme: Scheme) -> Holder:
        asked = self._string(scheme)
        found = self._library.LSCopyDefaultHandlerForURLScheme(asked)
        self._library.CFRelease(asked)
        if not found:
            return Holder()
        room = ctypes.create_string_buffer(256)
        self._library.CFStringGetCString(found, room, len(room), _UTF8)
        self._library.CFRelease(found)
        name = room.value.decode("utf-8", "replace")
        return Holder(is_ours=True) if name.lower() == BUNDLE else Holder(name=name)

    def take(self, schemes: Collection[Scheme]) -> None:
        holders = {scheme: self.holder(scheme) for scheme in Scheme}
        former = self._read_former() | {
            str(scheme): holder.name for scheme, holder in holders.items() if holder.name
        }
        if schemes:  # before anything changes: who is killed in between forgets nobody
            self._former.write_text(json.dumps(former), encoding="utf-8")
        for scheme in Scheme:
            if scheme in schemes:
                self._give(scheme, BUNDLE)
            elif holders[scheme].is_ours:
                self._give(scheme, former.get(str(scheme), _USUAL))

    def give_back(self) -> None:
        self.take(())
        self._former.unlink(missing_ok=True)

    def _read_former(self) -> dict[str, str]:
        """By scheme; empty where nothing was written down that can be read."""
        with suppress(OSError, ValueError):
            found = json.loads(self._former.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return {str(scheme): str(name) for scheme, name in found.items()}
        return {}

    def _give(self, scheme: Scheme, bundle: str) -> None:
        which, whom = self._string(scheme), self._string(bundle)
        status = self._library.LSSetDefaultHandlerForURLScheme(which, whom)
        self._library.CFRelease(which)
        self._library.CFRelease(whom)
        if status:
            raise OSError(f"Launch Services: {status}")

    def _string(self, text: str) -> int:
        made = self._library.CFStringCreateWithCString(None, text.encode(), _UTF8)
        if not made:
            raise OSError("no memory")
        return int(made)
