"""The service's answers as bytes, whole and broken, for tests of those who read them."""

from __future__ import annotations

from pathlib import Path

from desk_phone.telco.reply import Reply

SAMPLES = Path(__file__).parent / "contract" / "samples"
SERVICES = "http://teenused.telia.ee/external/services/"
PHONEBOOK = "http://teenused.telia.ee/external/phonebook/"

_ENVELOPE = (
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/">'
    "<SOAP-ENV:Body>%s</SOAP-ENV:Body></SOAP-ENV:Envelope>"
)


def sample(name: str) -> bytes:
    """One of the messages that the service's text prints."""
    return (SAMPLES / f"{name}.xml").read_bytes().strip()


def soap(inner: str) -> str:
    """An envelope with ``inner`` in its body."""
    return _ENVELOPE.replace("%s", inner)


def response(operation: str, inner: str = "", namespace: str = SERVICES) -> str:
    return soap(f'<{operation}Response xmlns="{namespace}">{inner}</{operation}Response>')


def service_error(code: str = "", message: str = "", description: str = "") -> str:
    return (
        f"<ServiceError><ErrorCode>{code}</ErrorCode><ErrorMessage>{message}</ErrorMessage>"
        f"<ErrorDescription>{description}</ErrorDescription></ServiceError>"
    )


def reply(body: str | bytes, status: int = 200, content_type: str = "text/xml") -> Reply:
    return Reply(status, content_type, body.encode() if isinstance(body, str) else body)
