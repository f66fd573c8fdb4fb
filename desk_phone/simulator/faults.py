"""Which faults are switched on, for which requests.

Written ``NAME[=VALUE][@OPERATION][*TIMES]``: ``latency=2``, ``lost@clickToCall*1``. What each name
does stands in `tricks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from desk_phone.simulator.operations import Operation
from desk_phone.simulator.tricks import TRICKS
from desk_phone.simulator.values import BadValue

_TIMES = re.compile(r"\*([0-9]{1,6})$")
_ERROR_CODE = re.compile(r"ERR\d+")


class UnknownFault(ValueError):
    """No such name, value or operation; the text says which."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``operation`` empty: for all. ``left`` None: until it is cleared."""

    name: str
    value: str = ""
    operation: str = ""
    left: int | None = None

    def __str__(self) -> str:
        value = f"={self.value}" if self.value else ""
        operation = f"@{self.operation}" if self.operation else ""
        left = "" if self.left is None else f"*{self.left}"
        return f"{self.name}{value}{operation}{left}"


def fault(name: str, value: str = "", operation: str = "", times: int | None = None) -> Fault:
    """A checked fault; raises UnknownFault. ``ERR003`` alone means ``error=ERR003``."""
    if _ERROR_CODE.fullmatch(name):
        name, value = "error", name
    trick = TRICKS.get(name)
    if trick is None:
        raise UnknownFault(f"no fault {name!r}; there are: {', '.join(TRICKS)}")
    if operation and operation not in list(Operation):
        raise UnknownFault(f"no operation {operation!r}")
    if times is not None and times < 1:
        raise UnknownFault(f"{times} times is never")
    if trick.lasting and (operation or times):
        raise UnknownFault(f"{name} belongs to no request: it is on until it is cleared")
    value = value or trick.usual
    try:
        trick.check(value)
    except BadValue as error:
        raise UnknownFault(f"{name}: {error}") from None
    return Fault(name, value, operation, times)


def read_fault(text: str) -> Fault:
    """Raises UnknownFault."""
    counted = _TIMES.search(text)
    times = int(counted[1]) if counted else None
    rest = text[: counted.start()] if counted else text
    front, at, operation = rest.rpartition("@")
    if at and operation in list(Operation):  # else the @ belongs to the value
        rest = front
    else:
        operation = ""
    name, _, value = rest.partition("=")
    return fault(name, value, operation, times)


class Switchboard:
    """The faults that are on, in the order in which they were switched on."""

    def __init__(self) -> None:
        self._on: list[Fault] = []

    @property
    def on(self) -> tuple[Fault, ...]:
        return tuple(self._on)

    def switch_on(self, fault: Fault) -> None:
        self._on.append(fault)

    def clear(self, name: str = "") -> None:
        """Switch off all faults, or those of one name."""
        self._on = [fault for fault in self._on if name and fault.name != name]

    def has(self, name: str) -> bool:
        return any(fault.name == name for fault in self._on)

    def value(self, name: str) -> str:
        """The value of the latest fault of this name, empty if none is on."""
        return next((fault.value for fault in reversed(self._on) if fault.name == name), "")

    def take(self, operation: str) -> tuple[Fault, ...]:
        """Those for the request at hand; counted ones are used up by it."""
        taken, kept = [], []
        for fault in self._on:
            hit = fault.operation in ("", operation) and not TRICKS[fault.name].lasting
            if hit:
                taken.append(fault)
            if not hit or fault.left is None:
                kept.append(fault)
            elif fault.left > 1:
                kept.append(replace(fault, left=fault.left - 1))
        self._on = kept
        return tuple(taken)
