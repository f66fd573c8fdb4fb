"""Whom the endpoint believes, by the settings. Free of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_phone.app.notices_activation import Activation
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.telco.notices_callers import Networks

if TYPE_CHECKING:
    from desk_phone.telco.notices import Rules


def rules_of(settings: Settings, activation: Activation) -> Rules:
    """Raises BadInput for addresses that are none."""
    from desk_phone.telco.notices import Rules  # h11 is for those who listen

    callers, proxies = map(networks_of, (settings.notices_callers, settings.notices_proxies))
    return Rules(activation.secret, activation.numbers, callers, proxies)


def networks_of(text: str) -> Networks:
    """Of a setting; raises BadInput."""
    try:
        return Networks.read(text)
    except ValueError as error:
        raise BadInput(
            tr("These are no addresses: %(text)s") % {"text": text[:60]},
            tr("Write them as 84.50.42.87 or 10.0.0.0/8, with blanks between them."),
        ) from error
