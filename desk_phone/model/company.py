"""Whose a phonebook is: the account, as far as it tells one company from another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Company:
    """``user`` as a person writes it. ``service`` is where it is asked: the host, the port where
    that is not the usual one, and the path. `is_same` compares companies, ``==`` does not."""

    user: str
    service: str

    def is_same(self, other: Company) -> bool:
        return (self.user.casefold(), self.service) == (other.user.casefold(), other.service)


def company_of(user: str, service_url: str) -> Company:
    """Which company an account is of; the spelling of the address does not matter."""
    return Company(user.strip(), _place(service_url.strip()))


def _place(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # no address: nothing will be reached there
        return url
    beside = f":{port}" if port and port != _USUAL.get(parts.scheme) else ""
    return f"{host}{beside}{parts.path.rstrip('/')}"


@dataclass(frozen=True, slots=True)
class Stranger:
    """The copy is ``kept``'s and the account is ``now``'s: nothing is asked or sent before a person
    says what is so. ``aside``: since when a copy of ``now``'s own lies aside; None: there is none.
    """

    kept: Company
    now: Company
    aside: datetime | None = None

    @property
    def names(self) -> tuple[str, str]:
        """Both as persons tell them apart: by the user, or else by the service."""
        if self.kept.user.casefold() != self.now.user.casefold():
            return self.kept.user, self.now.user
        kept, now = (f"{each.user}, {each.service}" for each in (self.kept, self.now))
        return kept, now


class AnotherCompany(BadInput):
    """Surely nothing was sent: the copy of the phonebook is another company's."""

    def __init__(self, kept: Company, now: Company) -> None:
        kept_name, now_name = Stranger(kept, now).names
        super().__init__(
            tr("This phonebook belongs to %(kept)s; you are now %(now)s")
            % {"kept": kept_name, "now": now_name},
            tr("Nothing is brought together before you say whether it is the same company."),
        )
