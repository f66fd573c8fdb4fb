"""Who asks, and where: what one needs to reach the service."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk_phone.model.secret import Secret
from desk_phone.settings import SERVICE_URL


@dataclass(frozen=True, slots=True)
class Account:
    """The group administrator's login and the way to the service.

    ``service_url`` is the base address both services lie under. ``proxy`` is empty or
    ``http://[user:password@]host:port``, and therefore not shown either. Where ``relay_url`` is
    set the company is reached through its relay: ``password`` is the token of ``device`` there.
    """

    user: str
    password: Secret
    service_url: str = SERVICE_URL
    proxy: str = field(default="", repr=False)
    relay_url: str = ""
    device: str = ""

    @property
    def services_url(self) -> str:
        return self.service_url.rstrip("/") + "/services/index.php"

    @property
    def phonebook_url(self) -> str:
        return self.service_url.rstrip("/") + "/phonebook/index.php"
