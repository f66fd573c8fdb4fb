"""A screen where letters are twice as large, for `QT_QPA_PLATFORM=offscreen:configfile=`."""

from __future__ import annotations

# So many dots an inch that letters are twice as large, and nothing else is.
LARGE_LETTERS = {
    "screens": [
        {"name": "large letters", "x": 0, "y": 0, "width": 1920, "height": 1200, "dpr": 1}
        | {"logicalDpi": 192, "logicalBaseDpi": 192}
    ]
}
