"""``sources ...``: others' contacts, which are read and never written."""

from __future__ import annotations

from dataclasses import replace

from desk_phone.app.acts import Act
from desk_phone.app.commands.desk import Desk
from desk_phone.app.commands.phonebook_words import iso, printed
from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.elsewhere_adding import add_read
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.elsewhere import SourceKind, SourceState
from desk_phone.options import Options
from desk_phone.said import Said


def sources(desk: Desk, options: Options) -> Act[Said]:
    elsewhere = desk.elsewhere
    if elsewhere is None:
        raise BadInput(tr("There are no sources here"), tr("Nothing was done."))
    match options.deed:
        case "add":
            return (yield from _add(elsewhere, options))
        case "remove":
            yield from elsewhere.remove(options.id)
            return _printed(elsewhere.states(), options)
        case "read":
            return (yield from _read(elsewhere, options))
    return _printed(elsewhere.states(), options)


def _add(elsewhere: Elsewhere, options: Options) -> Act[Said]:
    """Nothing is added whose first reading fails: a source that never was right is of no use."""
    kind = SourceKind(options.kind)
    try:
        source, _ = yield from add_read(
            *(elsewhere, kind, options.address, options.label, options.user), key=options.kept
        )
    except PhoneError as error:
        said = of_trouble(error)
        return replace(said, err=f"{said.err.rstrip()} {tr('The source was not added.')}\n")
    return _said(elsewhere, (source.id,), None, options)


def _read(elsewhere: Elsewhere, options: Options) -> Act[Said]:
    """All of them one after the other, whatever becomes of one; the first trouble is told."""
    ids = (options.id,) if options.id else tuple(s.source.id for s in elsewhere.states())
    first: PhoneError | None = None
    for source_id in ids:
        elsewhere.state(source_id)
        trouble = yield from _looked_at(elsewhere, source_id)
        first = first or trouble
    return _said(elsewhere, ids, first, options)


def _looked_at(elsewhere: Elsewhere, source_id: int) -> Act[PhoneError | None]:
    try:
        yield from elsewhere.read(source_id, asked=True)
    except PhoneError as trouble:
        return trouble
    return None


def _said(
    elsewhere: Elsewhere, ids: tuple[int, ...], trouble: PhoneError | None, options: Options
) -> Said:
    said = _printed(tuple(map(elsewhere.state, ids)), options)
    return said if trouble is None else of_trouble(trouble, said.out)


def _printed(states: tuple[SourceState, ...], options: Options) -> Said:
    none = tr("No sources. Add one: desk-phone sources add file contacts.csv")
    return Said(out=printed([*map(_record, states)], [*map(_line, states)], options.json, none))


def _record(state: SourceState) -> dict[str, object]:
    return {
        "id": state.source.id,
        "kind": str(state.source.kind),
        "address": state.source.address,
        "label": state.source.label,
        "user": state.source.user or None,
        "entries": state.entries,
        "left_out": state.left_out,
        "read_at": None if state.read_at is None else iso(state.read_at),
        "trouble": ". ".join(state.trouble.splitlines()) or None,
    }


def _line(state: SourceState) -> str:
    people = ntr("%(n)d person", "%(n)d people", state.entries)
    read_at = tr("never read")
    if state.read_at is not None:
        read_at = state.read_at.astimezone().strftime("%Y-%m-%d %H:%M")
    source = state.source
    line = f"{source.id:>5}  {source.label:24}  {source.kind:8}  {people:14}  {read_at}"
    return f"{line}  {''.join(state.trouble.splitlines()[:1])}".rstrip()
