"""Counts what the service is asked, from every thread."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from desk_phone.errors import PhoneError
from desk_phone.telco.journal import Asking, Journal
from desk_phone.telco.operations import Operation


class CountingJournal(Journal):
    """``outcomes``: ``done`` or the kind of trouble, since the start."""

    def __init__(self) -> None:
        super().__init__()
        self._counted: Counter[str] = Counter()
        self._one_at_a_time = threading.Lock()

    @property
    def outcomes(self) -> dict[str, float]:
        with self._one_at_a_time:
            return {kind: float(count) for kind, count in self._counted.items()}

    @contextmanager
    def noting(self, operation: Operation) -> Iterator[Asking]:
        kind = "unexpected"
        try:
            with super().noting(operation) as asking:
                yield asking
            kind = "done"
        except PhoneError as error:
            kind = type(error).__name__.lower()
            raise
        finally:
            with self._one_at_a_time:
                self._counted[kind] += 1
