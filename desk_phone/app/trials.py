"""Which passwords the service took or refused, and how many may still be tried. Free of Qt.

It lies in the database, so that no process of this data directory sends a refused password again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

from desk_phone.errors import BadCredentials, BadInput
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.store.memory import Memory

REFUSALS_AN_HOUR = 3  # how many wrong passwords lock the account at the service is unknown

_MARKS_AT_MOST = 5
_HOUR = timedelta(hours=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Refused:
    """``marks`` tell refused passwords from others, and no more: see `_mark`. ``stored``: one of
    them is what lies in the keyring."""

    title: str
    message: str
    salt: str
    marks: tuple[int, ...]
    stored: bool


class Trials:
    """Remembers per user; the tries are counted over all of them."""

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory, self._now = memory, now
        self._unwritten: dict[str, str] = {}
        self._words: dict[str, BadCredentials] = {}

    def refusal(self, user: str, password: Secret | None = None) -> BadCredentials | None:
        """Why this password is not sent; None: why the one in the keyring is not, which nobody has
        looked at yet. The same object as long as it says the same."""
        refused = self._refused(user)
        if refused is None:
            return None
        known = (
            refused.stored if password is None else _mark(refused.salt, password) in refused.marks
        )
        return self._refusal(user, refused) if known else None

    def check(self, user: str, password: Secret, stored: bool) -> None:
        """Whether a password that this process has not tried yet may be sent.

        Raises BadCredentials for a refused one, and BadInput when too many were refused lately,
        unless it is ``stored`` and was taken before.
        """
        if (refusal := self.refusal(user, password)) is not None:
            raise refusal
        if not (stored and self._get(_works(user))):
            self.check_tries()

    def check_tries(self) -> None:
        """Raises BadInput before a fourth refused try within an hour: it could lock the account."""
        tries = self._recent_tries()
        if len(tries) >= REFUSALS_AN_HOUR:
            wait = tries[-REFUSALS_AN_HOUR] + _HOUR - self._now()
            raise BadInput(
                tr("Too many wrong passwords within an hour"),
                tr("More could lock the account. Try again in %(minutes)d min.")
                % {"minutes": int(wait.total_seconds() // 60) + 1},
            )

    def count(self) -> None:
        """One more password was refused."""
        tries = [*self._recent_tries(), self._now()]
        self._put(_TRIES, json.dumps([at.isoformat() for at in tries]))

    def refused(self, user: str, password: Secret, words: BadCredentials, stored: bool) -> None:
        """The service said no. Holds for this process even where the disk is full."""
        self.count()
        before = self._refused(user) or _Refused("", "", secrets.token_hex(8), (), False)
        mark = _mark(before.salt, password)
        marks = (*(each for each in before.marks if each != mark), mark)[-_MARKS_AT_MOST:]
        stored_too = stored or before.stored
        self._keep(user, _Refused(words.title, words.message, before.salt, marks, stored_too))
        if stored:
            self._put(_works(user), "")

    def took(self, user: str, password: Secret, stored: bool) -> None:
        """The service said yes. ``stored``: to what lies in the keyring, so nothing else does."""
        if stored:
            self._put(_works(user), "1")
            self.forgive(user)
        elif (refused := self._refused(user)) is not None:
            mark = _mark(refused.salt, password)
            marks = tuple(each for each in refused.marks if each != mark)
            self._keep(user, replace(refused, marks=marks))

    def forgive(self, user: str) -> None:
        """A person acted: what was refused may be tried once more."""
        self._put(_refused(user), "")

    # inside

    def _refused(self, user: str) -> _Refused | None:
        kept = self._get(_refused(user))
        if not kept:
            return None
        title, message, salt, marks, stored = json.loads(kept)
        return _Refused(title, message, salt, tuple(marks), stored)

    def _keep(self, user: str, refused: _Refused) -> None:
        self._put(_refused(user), json.dumps(astuple(refused)) if refused.marks else "")

    def _refusal(self, user: str, refused: _Refused) -> BadCredentials:
        told = self._words.get(user)
        if told is None or (told.title, told.message) != (refused.title, refused.message):
            told = self._words[user] = BadCredentials(refused.title, refused.message)
        return told

    def _recent_tries(self) -> list[datetime]:
        tries = map(datetime.fromisoformat, json.loads(self._get(_TRIES) or "[]"))
        now = self._now()
        return [at for at in tries if timedelta() <= now - at < _HOUR]

    def _get(self, name: str) -> str:
        return self._unwritten[name] if name in self._unwritten else self._memory.get(name)

    def _put(self, name: str, value: str) -> None:
        if value == self._get(name):
            return
        self._unwritten[name] = value
        with suppress(BadInput):
            self._memory.put(name, value)
            del self._unwritten[name]
            return
        _log.warning("no room to write down what became of a password")


_TRIES = "account tries"


def _refused(user: str) -> str:
    return f"account refused {user}"


def _works(user: str) -> str:
    return f"account works {user}"


def _mark(salt: str, password: Secret) -> int:
    """Two bytes of a salted hash: far too little to find a password by; another password is taken
    for a refused one once in 65,536 times."""
    digest = hashlib.sha256((salt + password.reveal()).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:2])
