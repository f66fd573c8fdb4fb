"""The few functions of libxcb that we use, by ctypes.

xcffib would cost 35 to 50 ms and 7 MB at its first import, a third of a start and a sixth of the
idle program; Qt's xcb platform has this library loaded already. Offsets are those of the X11
protocol's replies, which are the same on every machine.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint, c_void_p
from ctypes import c_uint8 as u8
from ctypes import c_uint16 as u16
from ctypes import c_uint32 as u32
from functools import cache

Handle = c_void_p


class Cookie(Structure):
    _fields_ = (("sequence", c_uint),)


class Screens(Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("data", c_void_p), ("rem", c_int), ("index", c_int))


class Extension(Structure):
    """xcb_extension_t; must live as long as the program."""

    _fields_ = (("name", c_char_p), ("global_id", c_int))


class Request(Structure):
    """xcb_protocol_request_t."""

    _fields_ = (
        ("count", c_size_t),
        ("extension", POINTER(Extension)),
        ("opcode", u8),
        ("is_void", u8),
    )


class Part(Structure):
    """struct iovec."""

    _fields_ = (("data", c_void_p), ("length", c_size_t))


_SCREENSAVER = Extension(b"MIT-SCREEN-SAVER", 0)
_QUERY_INFO = 1

# name: (what it returns, what it takes)
_FUNCTIONS: dict[str, tuple[object, tuple[object, ...]]] = {
    "xcb_connect": (Handle, (c_char_p, POINTER(c_int))),
    "xcb_connection_has_error": (c_int, (Handle,)),
    "xcb_disconnect": (None, (Handle,)),
    "xcb_flush": (c_int, (Handle,)),
    "xcb_get_file_descriptor": (c_int, (Handle,)),
    "xcb_get_setup": (c_void_p, (Handle,)),
    "xcb_setup_roots_iterator": (Screens, (c_void_p,)),
    "xcb_screen_next": (None, (POINTER(Screens),)),
    "xcb_poll_for_event": (c_void_p, (Handle,)),
    "xcb_intern_atom": (Cookie, (Handle, u8, u16, c_char_p)),
    "xcb_intern_atom_reply": (c_void_p, (Handle, Cookie, c_void_p)),
    "xcb_get_selection_owner": (Cookie, (Handle, u32)),
    "xcb_get_selection_owner_reply": (c_void_p, (Handle, Cookie, c_void_p)),
    "xcb_get_property": (Cookie, (Handle, u8, u32, u32, u32, u32, u32)),
    "xcb_get_property_reply": (c_void_p, (Handle, Cookie, c_void_p)),
    "xcb_get_property_value": (c_void_p, (c_void_p,)),
    "xcb_get_property_value_length": (c_int, (c_void_p,)),
    "xcb_change_window_attributes": (Cookie, (Handle, u32, u32, POINTER(u32))),
    "xcb_set_input_focus": (Cookie, (Handle, u8, u32, u32)),
    "xcb_send_event": (Cookie, (Handle, u8, u32, u32, c_char_p)),
    "xcb_get_extension_data": (c_void_p, (Handle, POINTER(Extension))),
    "xcb_send_request": (c_uint, (Handle, c_int, POINTER(Part), POINTER(Request))),
    "xcb_wait_for_reply": (c_void_p, (Handle, c_uint, c_void_p)),
}


@cache
def library() -> ctypes.CDLL:
    """Raises OSError when this system has no libxcb."""
    found = ctypes.CDLL("libxcb.so.1")
    for name, (result, takes) in _FUNCTIONS.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, takes
    return found


@cache
def _libc() -> ctypes.CDLL:
    found = ctypes.CDLL(None)
    found.free.restype, found.free.argtypes = None, (c_void_p,)
    return found


def number_at(address: int, offset: int) -> int:
    """The 32-bit number there; ``address`` must be that of a reply."""
    return int(u32.from_address(address + offset).value)


def free(address: int) -> None:
    """Give back a reply or an event."""
    _libc().free(address)


def ask_screensaver(connection: int, drawable: int) -> int | None:
    """The reply to the extension's QueryInfo, to be freed; None where there is no extension."""
    xcb = library()
    there = xcb.xcb_get_extension_data(connection, byref(_SCREENSAVER))
    if not there or not u8.from_address(there + 8).value:
        return None
    data = ctypes.create_string_buffer(bytes(4) + drawable.to_bytes(4, sys.byteorder), 8)
    ours = Part(ctypes.addressof(data), len(data))
    # Two parts of its own before the one it is given are what libxcb asks for.
    parts = (Part * 4)(Part(), Part(), ours, Part())
    request = Request(2, ctypes.pointer(_SCREENSAVER), _QUERY_INFO, 0)
    begin = ctypes.cast(ctypes.byref(parts, 2 * ctypes.sizeof(Part)), POINTER(Part))
    sequence = xcb.xcb_send_request(connection, 0, begin, byref(request))
    reply = xcb.xcb_wait_for_reply(connection, sequence, None)
    return int(reply) if reply else None
