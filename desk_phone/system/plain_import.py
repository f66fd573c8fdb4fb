"""Python's own import statement, in a process that has PySide.

PySide puts another in its place, for ``from __feature__ import``: after each statement it has the
source of what was imported read and searched for its name, and ``linecache`` keeps every line. We
use none of its features, and the tray program would carry 12 MB of source, and start a twentieth
later.
"""

from __future__ import annotations

import builtins


def keep() -> None:
    """Import PySide and have the import statement of before; ahead of all that is imported then."""
    ours = builtins.__import__
    import PySide6.QtCore  # noqa: F401 - which is when it puts its own there

    builtins.__import__ = ours
