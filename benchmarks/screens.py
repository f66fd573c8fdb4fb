"""Where programs are measured: a private X desktop with a tray, or unseen where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.report import line
from tools import rings


@contextmanager
def screen() -> Iterator[Mapping[str, str]]:
    """The environment of its programs."""
    why = rings.why_no_desktop()
    if why:
        line("without a tray", why)
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    from tests.desktop.desktop import Desktop

    with Desktop("tint2", "none") as desktop:
        yield desktop.env
