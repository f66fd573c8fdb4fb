"""What argparse says, in the person's language: it speaks English, or the system's by itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from desk_phone.i18n import tr


@contextmanager
def in_our_language() -> Iterator[None]:
    """While this lasts, argparse takes its words from our catalogue.

    It looks each of them up as it says it, by the name ``_`` of its own module, and has no other
    door. What is not among them is said to programmers alone.
    """
    names = vars(argparse)
    theirs, names["_"] = names["_"], _said
    try:
        yield
    finally:
        names["_"] = theirs


def _said(text: str) -> str:
    return _words().get(text, text)


def _words() -> dict[str, str]:
    """By argparse's own texts, whose holes ours have too, or fewer."""
    return {
        "usage: ": tr("usage: "),
        "positional arguments": tr("positional arguments"),
        "options": tr("options"),
        "show this help message and exit": tr("show this help message and exit"),
        "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
        "unrecognized arguments: %s": tr("unrecognized arguments: %s"),
        "not allowed with argument %s": tr("not allowed with argument %s"),
        "ignored explicit argument %r": tr("takes no value: %r"),
        "the following arguments are required: %s": tr("the following arguments are required: %s"),
        "one of the arguments %s is required": tr("one of the arguments %s is required"),
        "expected one argument": tr("expected one argument"),
        "expected at least one argument": tr("expected at least one argument"),
        "invalid %(type)s value: %(value)r": tr("not a proper value: %(value)r"),
        "invalid choice: %(value)r (choose from %(choices)s)": tr(
            "invalid choice: %(value)r (choose from %(choices)s)"
        ),
    }
