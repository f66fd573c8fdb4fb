"""What the question before a call says. Pure: no widget."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk_phone.app.dial import Plan
from desk_phone.i18n import tr
from desk_phone.model.dialing import Source, Why
from desk_phone.ui import words

_WITHIN_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True, slots=True)
class Question:
    """The lines of the question; an empty one is not shown. ``warns``: the call may be dear."""

    title: str
    name: str
    why: str
    own: str
    source: str
    warns: bool

    @property
    def sentence(self) -> str:
        """The question as a screen reader speaks it."""
        parts = (self.title, self.name, self.why, self.own, self.source)
        return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts if part)


def question(plan: Plan) -> Question:
    number = words.number(plan.reading.key)
    return Question(
        tr("Call %(number)s?") % {"number": number},
        words.plain(plan.name),
        _why(plan),
        tr("Your phone %(number)s rings first.") % {"number": words.whole(plan.own)},
        source(plan.source),
        plan.decision.costly,
    )


def unbroken(text: str) -> str:
    """The same; where it is wrapped, no line ends inside a number."""
    return _WITHIN_A_NUMBER.sub("\u00a0", text)


def source(asked_by: Source) -> str:
    """Where the request came from."""
    words_of = {
        Source.WINDOW: "",
        Source.LINK: tr("A link asked for this call."),
        Source.CLIPBOARD: tr("The number was copied or selected."),
        Source.HOTKEY: tr("The number was copied or selected."),
        Source.COMMAND: tr("A command or another program asked for this call."),
    }
    return words_of[asked_by]


def _why(plan: Plan) -> str:
    country = words.country(plan.reading.region)
    said = {
        Why.PREMIUM: tr("A premium rate number: the call costs much more than an ordinary one."),
        Why.SHORT: tr("A short number: an internal one, or one with a price of its own."),
        Why.SERVICE: tr("A service number: the call may have a price of its own."),
        Why.UNPLANNED: tr("This number is in no numbering plan. Look twice."),
        Why.ABROAD: (
            tr("A call abroad: %(country)s.") % {"country": country}
            if country
            else tr("A call abroad.")
        ),
        Why.ASSUMED: _guessed(country),
        Why.ORDINARY: tr("Colleague") if plan.decision.colleague else words.kind(plan.reading),
    }
    return said.get(plan.decision.why, "")


def _guessed(country: str) -> str:
    if not country:
        return tr("The country code was added by Desk Phone. Is it right?")
    return tr("The country code was added by Desk Phone: %(country)s. Is it right?") % {
        "country": country
    }
