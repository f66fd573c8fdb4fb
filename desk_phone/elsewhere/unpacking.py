"""Unpacks a whole answer, and notices one that was cut: urllib3 takes half a gzip for all of it."""

from __future__ import annotations

import zlib

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Broken(ValueError):
    """It is cut, damaged or packed in a way nobody asked for."""


class TooMuch(ValueError):
    """It unpacks to more than was allowed; so much of it was never in memory."""


def unpacked(body: bytes, encoding: str, at_most: int) -> bytes:
    """``encoding`` is the header Content-Encoding. Raises Broken or TooMuch."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Broken(encoding)
    whole = bytearray()
    while body:
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            whole += unpacker.decompress(body, at_most + 1 - len(whole))
        except zlib.error as error:
            raise Broken(str(error)) from error
        if len(whole) > at_most:
            raise TooMuch
        if not unpacker.eof:
            raise Broken("cut")
        body = unpacker.unused_data  # one more of what gzip calls members
    return bytes(whole)
