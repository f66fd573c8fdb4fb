"""Whom we believe to be who they say: whom this computer's own certificate store vouches for."""

from __future__ import annotations

import ssl


def system_trust() -> ssl.SSLContext:
    """A client's, TLS 1.2 or newer. It costs milliseconds: make it in a worker and keep it.

    A company's own authority counts where it is installed; environment variables of other
    libraries do not.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
