"""``phonebook sync``: what was sent and received, and what stands in the way of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.phonebook_words import Entries
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.phonebook import Phonebook
from desk_phone.errors import BadInput, PhoneError, Refused, Uncertain
from desk_phone.i18n import ntr, tr
from desk_phone.model.company import AnotherCompany
from desk_phone.model.entries import Contact, Hold
from desk_phone.model.verdict import Trust
from desk_phone.options import Options
from desk_phone.said import Said, Status, as_json, of_error
from desk_phone.store.phonebook_counts import Counts

_TOLD_AT_MOST = 20  # entries by name; of more only how many


@dataclass(frozen=True, slots=True)
class _Done:
    """Our ids of what one sync sent and received."""

    sent: tuple[int, ...] = ()
    received: frozenset[int] = frozenset()


def sync(desk: Desk, options: Options) -> Act[Said]:
    """One sync. With ``--wait`` a list that was suspicious is not asked for sooner than the engine
    itself would: each look counts."""
    book = desk.phonebook
    if options.wait and _too_soon(desk):
        return _said(book, options, _Done(), None)
    trouble: PhoneError | None = None
    try:
        yield from book.sync()
    except AnotherCompany as another:
        trouble = _another(another)
    except PhoneError as error:
        trouble = error
    return _said(book, options, _done(book), trouble)


def status(desk: Desk, options: Options) -> Said:
    """What `sync` would say if it had nothing to do; and of one that runs, how far it is."""
    book = desk.phonebook
    if book.syncing or options.json:
        done = _done(book) if book.syncing else _Done()
        return _said(book, options, done, _under_way(book))
    return replace(_said(book, options, _Done(), _under_way(book)), out=_as_of(book.times.updated))


def _as_of(updated: datetime | None) -> str:
    if updated is None:
        return tr("The phonebook was never read.") + "\n"
    at = updated.astimezone().strftime("%Y-%m-%d %H:%M")
    return tr("The phonebook as of %(time)s.") % {"time": at} + "\n"


def _done(book: Phonebook) -> _Done:
    return _Done(tuple(dict.fromkeys(book.sent)), book.brought)


def _under_way(book: Phonebook) -> PhoneError | None:
    if book.stranger is not None:
        return _another(AnotherCompany(book.stranger.kept, book.stranger.now))
    if not book.syncing:
        return None
    waiting = book.counting.now().waiting
    return Uncertain(
        tr("The sync is still under way"),
        ntr("%(n)d change waits.", "%(n)d changes wait.", waiting)
        + " "
        + tr("Ask again: desk-phone phonebook status"),
    )


def _another(error: AnotherCompany) -> PhoneError:
    """Nobody knows what is so before a person says it."""
    return Uncertain(
        error.title,
        tr("Nothing was asked or sent. Say: desk-phone phonebook resolve account same, or new."),
    )


def _too_soon(desk: Desk) -> bool:
    suspicion, at = desk.phonebook.doubt.suspicion, desk.phonebook.times.listed
    return suspicion is not None and at is not None and desk.now() < at + suspicion.look_again


def _said(book: Phonebook, options: Options, done: _Done, trouble: PhoneError | None) -> Said:
    counts = book.counting.now()
    if options.json:
        out = _as_json(book, counts, done)
    else:
        out = "" if trouble is not None and done == _Done() else _as_lines(book, done)
    if trouble is not None:
        return of_trouble(trouble, out)
    hindrance = _list_trouble(book)
    if book.doubt.trust is Trust.SUSPICIOUS and not _ours(counts) and hindrance is not None:
        return Said(out=out, err=of_error(hindrance).err)
    hindrance = hindrance or _waiting(counts) or _held(book.book.held()) or _conflicts(counts)
    return Said(Status.DONE, out) if hindrance is None else of_error(hindrance, out)


def _ours(counts: Counts) -> int:
    return counts.waiting + counts.held + counts.conflicts


def _as_json(book: Phonebook, counts: Counts, done: _Done) -> str:
    return as_json(
        {
            "sent": len(done.sent),
            "received": len(done.received),
            "waiting": counts.waiting,
            "parked": counts.held,
            "conflicts": counts.conflicts,
            "trust": str(book.doubt.trust),
        }
    )


def _as_lines(book: Phonebook, done: _Done) -> str:
    lines = [
        tr("Sent: %(sent)d. Received: %(received)d.")
        % {"sent": len(done.sent), "received": len(done.received)}
    ]
    if len(done.sent) + len(done.received) <= _TOLD_AT_MOST:
        entries = Entries(book)
        lines += [f"> {entries.line(book.contact(id_))}" for id_ in done.sent]
        lines += [f"< {entries.line(book.contact(id_))}" for id_ in sorted(done.received)]
    return "".join(f"{line}\n" for line in lines)


# what stands in the way


def _list_trouble(book: Phonebook) -> PhoneError | None:
    match book.doubt.trust:
        case Trust.TRUSTED:
            return None
        case Trust.REJECTED:
            return Uncertain(
                tr("The service's list cannot be read"), tr("Nothing of it was used. Try later.")
            )
        case Trust.RENUMBERED:
            return Uncertain(
                tr("The service seems to have given its entries new ids"),
                tr("Nothing is sent until a person says so, on the phonebook page."),
            )
    suspicion = book.doubt.suspicion
    missing = len(suspicion.missing) if suspicion else 0
    return Uncertain(
        ntr("%(n)d entry is gone at once", "%(n)d entries are gone at once", missing),
        tr("Nothing is removed or sent until the list is believed. Try again in some minutes."),
    )


def _waiting(counts: Counts) -> PhoneError | None:
    if not counts.waiting:
        return None
    sent = min(counts.under_way, counts.waiting)
    unsent = counts.waiting - sent
    said = []
    if unsent:
        said.append(ntr("%(n)d change is not sent yet", "%(n)d changes are not sent yet", unsent))
    if not sent:
        return Uncertain(said[0], tr("Sync again: desk-phone phonebook sync"))
    said.append(
        ntr("%(n)d change is not confirmed yet", "%(n)d changes are not confirmed yet", sent)
    )
    return Uncertain("; ".join(said), tr("Sync again in two minutes: the service's list decides."))


def _held(held: list[Contact]) -> PhoneError | None:
    """The worst of them speaks for all."""
    by_hold = {contact.hold: contact for contact in reversed(held)}
    if (refused := by_hold.get(Hold.REFUSED)) is not None:
        words = " ".join(refused.words.split())
        return Refused(
            tr("Entry %(id)d was refused") % {"id": refused.id}, words or tr("Change it.")
        )
    if (lost := by_hold.get(Hold.NOT_FOUND)) is not None:
        return Uncertain(
            tr("Entry %(id)d was sent and is in no list") % {"id": lost.id},
            tr("It is not sent again by itself: look for it, then edit or delete it."),
        )
    if (double := by_hold.get(Hold.ALREADY_THERE)) is not None:
        return BadInput(
            tr("Entry %(id)d says the same as another one") % {"id": double.id},
            tr("Edit or delete it."),
        )
    return None


def _conflicts(counts: Counts) -> PhoneError | None:
    if not counts.conflicts:
        return None
    return BadInput(
        ntr("%(n)d conflict waits for you", "%(n)d conflicts wait for you", counts.conflicts),
        tr("See: desk-phone phonebook conflicts. Decide with: desk-phone phonebook resolve."),
    )
