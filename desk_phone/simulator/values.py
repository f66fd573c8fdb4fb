"""What a fault's value may be: each check raises BadValue for what cannot be used."""

from __future__ import annotations

from desk_phone.simulator.wire import writable

MOST = 1_000_000.0


class BadValue(ValueError):
    """A fault's value cannot be used; the text says what is wanted."""


def text(value: str) -> None:
    """What can be written into XML."""
    if not writable(value):
        raise BadValue("a text without control characters is wanted")


def number(value: str) -> None:
    try:
        good = 0 <= float(value) <= MOST
    except ValueError:
        good = False
    if not good:
        raise BadValue(f"a number from 0 to {MOST:.0f} is wanted, not {value!r}")


def status(value: str) -> None:
    """An HTTP status that ends an exchange."""
    if not (len(value) == 3 and value.isascii() and value.isdigit() and "200" <= value < "600"):
        raise BadValue(f"a status from 200 to 599 is wanted, not {value!r}")


def header(value: str) -> None:
    """What stands in one line of an HTTP head."""
    if not (value and value.isascii() and value.isprintable()):
        raise BadValue("plain text in one line is wanted")


def name(value: str) -> None:
    """An element's name."""
    if not (value.isascii() and value.isidentifier()):
        raise BadValue(f"an element's name is wanted, not {value!r}")
