"""Finds what is shipped beside the code: in a wheel, in a checkout, in a frozen program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, such as ``resource("wsdl", "services.wsdl")``."""
    shipped = _PACKAGE / "resources"  # wheel and frozen program
    root = shipped if shipped.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)
