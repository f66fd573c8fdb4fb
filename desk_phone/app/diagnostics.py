"""A report for whoever helps, and the file it travels in. Free of Qt.

It works beside a running program and without one, with a damaged database, no keyring, no display:
what cannot be found out is said so.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from desk_phone.app.logs_apart import covered_logs, redacted, with_hosts
from desk_phone.app.surroundings import data_part, desktop_part, home_words, program_part
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.diagnostics import (
    Part,
    Report,
    as_json,
    as_text,
    covered,
    preset_part,
    settings_part,
)
from desk_phone.model.hiding import Hiding
from desk_phone.paths import Paths
from desk_phone.settings import NO_PRESET, SERVICE_URL, Preset, Settings
from desk_phone.web.inspecting import Secured, look

NAME = "desk-phone-diagnostics"


@dataclass(frozen=True, slots=True)
class Probes:
    """What is looked at outside this program. Both may block, and raise PhoneError."""

    keyring: Callable[[], str]
    secured: Callable[[Settings], Secured]


def system_probes() -> Probes:
    """Of this computer."""
    from desk_phone.system.secrets import SystemKeyring

    return Probes(SystemKeyring().kind, lambda settings: look(_asked(settings), settings.proxy))


def default_name(now: datetime) -> str:
    return f"{NAME}-{now.astimezone():%Y-%m-%d-%H%M}.zip"


def make(
    place: Paths,
    settings: Settings,
    live: Iterable[Part],
    probes: Probes,
    now: datetime,
    preset: Preset = NO_PRESET,
) -> Report:
    """For any thread, and it may take seconds. ``live`` is what the running program says itself."""
    parts = (
        *(program_part(), desktop_part(), data_part(place)),
        *(_keyring_part(probes), _network_part(settings, probes)),
        *(*live, preset_part(preset), settings_part(settings)),
    )
    return covered(Report(now, parts), lambda text: _cover(text, _own_words(settings)))


def bundle(report: Report, place: Paths, settings: Settings) -> bytes:
    """A zip: the report as text and as JSON, and the logs with names covered."""
    logs = covered_logs(place.logs, place.database, _own_words(settings))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("report.txt", as_text(report))
        whole.writestr("report.json", as_json(report))
        for name, text in logs.items():
            whole.writestr(f"logs/{name}", text)
    return packed.getvalue()


def save(file: Path, packed: bytes) -> None:
    """Whole or not at all, for this person only. Raises BadInput where it cannot be written."""
    draft = file.with_name(file.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_bytes(packed)
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise BadInput(
            tr("The file could not be written"),
            tr("%(file)s: %(why)s") % {"file": file, "why": error.strerror or type(error).__name__},
        ) from error


# parts


def _keyring_part(probes: Probes) -> Part:
    try:
        said = probes.keyring()
    except PhoneError as error:
        return Part("Keyring", (("usable", "no"), ("why", type(error).__name__)))
    return Part("Keyring", (("usable", "yes"), ("kind", said)))


def _network_part(settings: Settings, probes: Probes) -> Part:
    proxy = settings.proxy.strip()
    login = ", with a login" if "@" in proxy else ""
    facts = [("proxy", f"set{login}" if proxy else "none")]
    try:
        found = probes.secured(settings)
    except PhoneError as error:
        facts.append(("connection", f"none: {type(error).__name__}"))
        return Part("Way to the service", tuple(facts))
    facts += [
        ("connection", "yes"),
        ("TLS", found.version or "none: this very computer"),
        ("cipher", found.cipher or "-"),
        ("certificate by", _issuer(found, settings)),
        ("certificate until", found.until or "unknown"),
    ]
    return Part("Way to the service", tuple(facts))


def _issuer(found: Secured, settings: Settings) -> str:
    """Who vouches for the service; of a company's own service no more than that it is another."""
    if not found.issuer:
        return "unknown"
    return found.issuer if _asked(settings) == SERVICE_URL else "set aside: another service"


def _asked(settings: Settings) -> str:
    return settings.relay_url if settings.relayed else settings.service_url


# covering


def _own_words(settings: Settings) -> tuple[str, ...]:
    said = [settings.user, settings.own_number, settings.own_name, settings.proxy]
    said += [settings.crm_url, settings.crm_program, settings.crm_webhook, settings.notices_url]
    said += [settings.relay_url, settings.relay_device, settings.relay_broker]
    said += settings.relay_numbers.split()
    if settings.service_url != SERVICE_URL:
        said.append(settings.service_url)
    return tuple(with_hosts(filter(None, (*said, *home_words()))))


def _cover(text: str, words: Iterable[str]) -> str:
    hiding = Hiding(redacted(text))
    hiding.hide(words)
    return hiding.text
