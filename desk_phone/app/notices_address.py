"""The address that the service is to call, and whether it can be one. Free of Qt."""

from __future__ import annotations

from urllib.parse import urlsplit

from desk_phone.i18n import tr
from desk_phone.model.secret import Secret

URL_AT_MOST = 200  # characters, without the secret


def public_problem(url: str) -> str:
    """Why the service could not call this; empty when it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return tr("This is no web address.")
    if not (url.isascii() and url.isprintable()) or " " in url or len(url) > URL_AT_MOST:
        return tr("This is no web address.")
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return tr("It looks like https://notices.company.example/desk-phone.")
    if (
        parts.username
        or parts.password
        or parts.query
        or parts.fragment
        or url.endswith(("?", "#"))
    ):
        return tr("Leave out user name, password and what follows ? or #.")
    return ""


def with_secret(url: str, secret: Secret) -> str:
    """What the service is told; the secret is the last part of the path. Empty for no address."""
    text = secret.reveal()
    base = url.removesuffix(f"/{text}").rstrip("/")
    return f"{base}/{text}" if base else ""
