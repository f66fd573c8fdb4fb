"""A list that may not be believed: what is known of it, and what a person may say to it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

from desk_phone.model import wishes
from desk_phone.model.entries import Contact, Hold
from desk_phone.model.verdict import Suspicion, Trust
from desk_phone.store.database import writing
from desk_phone.store.phonebook_rows import Facts, Rows, dump_time, load_time

_SUSPICION, _TRUST, _NEW_IDS = "suspicion", "trust", "new ids"


class Doubt:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows, self._facts = Rows(db), Facts(db)

    @property
    def trust(self) -> Trust:
        """The verdict on the last list that came."""
        return Trust(self._facts.get(_TRUST) or Trust.TRUSTED)

    @property
    def suspicion(self) -> Suspicion | None:
        """None unless the last list was suspicious; where it `asks`, a person should decide."""
        kept = self._facts.get(_SUSPICION)
        if not kept:
            return None
        since, missing, times = json.loads(kept)
        return Suspicion(load_time(since), tuple(missing), times)

    @property
    def ids_are_new(self) -> bool:
        """A person said that the service gave its entries new ids."""
        return bool(self._facts.get(_NEW_IDS))

    # a person decides

    def keep_waiting(self) -> None:
        """Ask again after three more such lists."""
        suspicion = self.suspicion
        with writing(self._db):
            self._keep(None if suspicion is None else replace(suspicion, times=0))

    def deleted_on_purpose(self) -> None:
        """The next list without them puts the missing entries into the trash."""
        with writing(self._db):
            for contact in self._missing():
                self._rows.put(replace(contact, hold=Hold.GONE))
            self._keep(None)

    def put_mine_back(self) -> None:
        """The missing entries are added again, unless the next list has them: one AddEntry each."""
        suspicion = self.suspicion
        if suspicion is None:
            return
        with writing(self._db):
            for contact in self._missing():
                self._rows.put(wishes.put_back(contact, suspicion.since))
            self._keep(None)

    def accept_new_ids(self) -> None:
        """The next list gives our entries their ids anew, by what they say."""
        with writing(self._db):
            self._facts.put(_NEW_IDS, "yes")

    # inside a transaction

    def note(self, trust: Trust, suspicion: Suspicion | None) -> None:
        self._facts.put(_TRUST, trust)
        self._keep(suspicion)
        if trust is Trust.TRUSTED:
            self._facts.put(_NEW_IDS, "")

    def _keep(self, suspicion: Suspicion | None) -> None:
        kept = ""
        if suspicion is not None:
            since = dump_time(suspicion.since)
            kept = json.dumps([since, suspicion.missing, suspicion.times])
        self._facts.put(_SUSPICION, kept)

    def _missing(self) -> list[Contact]:
        suspicion = self.suspicion
        missing = () if suspicion is None else suspicion.missing
        found = (self._rows.get(contact_id) for contact_id in missing)
        return [c for c in found if c.live and c.server_id and not c.want_deleted]
