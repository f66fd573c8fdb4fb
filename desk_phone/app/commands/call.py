"""``call NUMBER``: the dial policy, perhaps a question, then clickToCall."""

from __future__ import annotations

from dataclasses import replace

from desk_phone.app import dial
from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.dial import Plan
from desk_phone.i18n import tr
from desk_phone.model.dialing import Source, Verdict, Why
from desk_phone.model.numbers import shown
from desk_phone.model.text import clean
from desk_phone.options import Options
from desk_phone.said import Said, Status, as_json


def call(desk: Desk, options: Options) -> Act[Said]:
    colleagues = frozenset(desk.access.numbers)
    own = desk.settings().own_number
    plan = dial.plan(options.number, Source.COMMAND, own, desk.ledger, colleagues)
    if plan.decision.verdict is Verdict.REFUSE:
        raise dial.refusal(plan)
    plan = replace(plan, own=desk.own)
    if not options.yes or (plan.decision.costly and not options.even_costly):
        return Said(Status.ASKS, question(plan) + "\n", _unanswered(plan))
    yield from dial.dial(plan, desk.access, desk.ledger, desk.now(), desk.told)
    if options.json:
        done = {"outcome": "done", "own": plan.own, "other": plan.reading.key}
        return Said(out=as_json(done))
    ringing = tr("Your phone %(number)s is ringing: lift the handset.")
    return Said(
        out=ringing % {"number": shown(plan.own)} + "\n" + tr("To cancel, do not lift it.") + "\n"
    )


def question(plan: Plan) -> str:
    """What a person must know before saying yes, in one line."""
    who = " ".join(part for part in (clean(plan.name), plan.reading.shown) if part)
    kind = cost(plan)
    values = {"who": f"{who} ({kind})" if kind else who, "own": shown(plan.own)}
    return tr("Call %(who)s? Your phone %(own)s rings first.") % values


def cost(plan: Plan) -> str:
    """Why a plan is asked about, in a few words; empty for an ordinary number."""
    abroad = tr("abroad: %(country)s") % {"country": plan.reading.region or "?"}
    words = {
        Why.UNPLANNED: tr("in no plan that we know"),
        Why.PREMIUM: tr("premium rate"),
        Why.SHORT: tr("short number"),
        Why.SERVICE: tr("service number, may cost more"),
        Why.ABROAD: abroad,
        Why.ASSUMED: f"{abroad}, {tr('country code added')}",
    }
    return words.get(plan.decision.why, "")


def _unanswered(plan: Plan) -> str:
    """For whoever cannot be asked."""
    wanted = "--yes --even-costly" if plan.decision.costly else "--yes"
    said = (
        tr("Nothing was sent: nobody answered the question."),
        tr("Add %(options)s to answer it beforehand.") % {"options": wanted},
    )
    return "".join(f"{line}\n" for line in said)
