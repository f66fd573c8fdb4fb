"""The person's own browser."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_page(address: str) -> bool:
    """Hand an address to whatever the system opens it with; whether anything took it."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    return url.isValid() and QDesktopServices.openUrl(url)
