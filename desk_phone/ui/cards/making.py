"""The cards' modules come with the first card: many a tray never shows one, and has a MB less."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_phone.ui.cards.caller_card import CallerCard, SummaryCard


def caller_card(
    later: Callable[[], tuple[tuple[str, datetime], ...]] | None, writes_notes: bool
) -> CallerCard:
    from desk_phone.ui.cards.caller_card import CallerCard

    return CallerCard(later, writes_notes=writes_notes)


def summary_card() -> SummaryCard:
    from desk_phone.ui.cards.caller_card import SummaryCard

    return SummaryCard()
