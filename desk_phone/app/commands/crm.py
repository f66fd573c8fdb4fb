"""``crm test``: what a call would open, and whether the webhook hears us. Opens nothing."""

from __future__ import annotations

import shlex

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.crm_acts import Webhook, example, page_of, program_of
from desk_phone.app.typed import key_of
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.crm import CrmCall
from desk_phone.options import Options
from desk_phone.said import Said, as_json


def crm(desk: Desk, options: Options) -> Act[Said]:
    """What is wrong with the webhook is told by the status; the rest is printed all the same."""
    settings = desk.settings()
    call = _caller(desk, options.number)
    page, program = page_of(settings, call), program_of(settings, call)
    if not (page or program or settings.crm_webhook):
        raise BadInput(
            tr("No CRM is set"), tr("Enter a page, a program or a webhook in the settings.")
        )
    status, trouble = 0, None
    if settings.crm_webhook:
        try:
            webhook = Webhook(desk.settings, desk.keyring, desk.now)
            status = yield from webhook.test(call)
        except PhoneError as error:
            trouble = error
    if options.json:
        out = as_json({"page": page, "program": list(program), "webhook": status or None})
    else:
        out = _in_words(page, program, status)
    return of_trouble(trouble, out) if trouble else Said(out=out)


def _caller(desk: Desk, text: str) -> CrmCall:
    """The example, or somebody with this number; raises BadInput for what is none."""
    own = desk.settings().own_number
    key = key_of(text)
    if not key:
        return example(desk.now(), own)
    return example(desk.now(), own, key, desk.ledger.name_of(key)[0])


def _in_words(page: str, program: tuple[str, ...], status: int) -> str:
    lines = []
    if page:
        lines.append(tr("Page: %(page)s") % {"page": page})
    if program:
        lines.append(tr("Program: %(words)s") % {"words": shlex.join(program)})
    if status:
        lines.append(tr("Webhook: taken (HTTP %(status)d)") % {"status": status})
    return "".join(f"{line}\n" for line in lines)
