"""Links on macOS: the bundle says which schemes it can open, Launch Services who opens them.

The calls are old (LSHandlers.h) and the only ones that need no newer system. Without a bundle, as
when started from a checkout, there is nobody to name.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection
from ctypes import c_bool, c_char_p, c_int32, c_long, c_uint32, c_void_p

from desk_phone.system.links import Holder, Scheme

BUNDLE = "ee.desk-phone"
_FORMER = "com.apple.FaceTime"  # whose they are where nobody chose
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_SERVICES = "/System/Library/Frameworks/CoreServices.framework/CoreServices"


class MacLinks:
    needs_person = False
    settings_uri = ""

    def __init__(self, library: str = _SERVICES) -> None:
        """Raises OSError where there is no such library."""
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
        for scheme in Scheme:
            if scheme in schemes:
                self._give(scheme, BUNDLE)
            elif self.holder(scheme).is_ours:
                self._give(scheme, _FORMER)

    def give_back(self) -> None:
        self.take(())

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
