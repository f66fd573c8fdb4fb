"""Hatchling's hook: a wheel holds the compiled catalogues, and none is built with a gap in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """``version`` is ``editable`` for a link to the checkout, which may be at work."""
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from tools import catalogues
        finally:
            sys.path.remove(str(root))
        if version == "editable":
            catalogues.compile_what_there_is(root)
            return
        try:
            catalogues.compile_all(root)
        except catalogues.Gaps as gaps:
            raise SystemExit(str(gaps)) from None
        compiled = (root / "resources" / "locale").rglob("*.mo")
        build_data["artifacts"] += [str(file.relative_to(root)) for file in compiled]
