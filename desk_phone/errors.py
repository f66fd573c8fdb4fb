"""What can go wrong that is nobody's bug: five kinds, by what the program must do next."""

from __future__ import annotations


class PhoneError(Exception):
    """Anything a person, the network or the service may cause; every other exception is our bug.

    ``title`` says in a few words what is so, ``message`` what to do about it; both are already in
    the person's language and hold no credential.
    """

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(title, message)
        self.title = title
        self.message = message

    def __str__(self) -> str:
        return f"{self.title}\n{self.message}" if self.message else self.title


class Offline(PhoneError):
    """Surely not sent: try again later.

    ``retry_after`` is the pause in seconds that the other side asked for, if it did.
    """

    def __init__(self, title: str, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(title, message)
        self.retry_after = retry_after


class Refused(PhoneError):
    """The service said no. ``code`` is its own word (``ERR1001``, ``SOAP-ENV:Client``)."""

    def __init__(self, title: str, message: str = "", code: str = "") -> None:
        super().__init__(title, message)
        self.code = code


class Uncertain(PhoneError):
    """It left us and no answer to trust came back: it may have been done. Never repeat by yourself.

    ``retry_after`` as in `Offline` (a busy server answers 503 with it).
    """

    def __init__(self, title: str, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(title, message)
        self.retry_after = retry_after


class BadCredentials(PhoneError):
    """No password, or the service refused it: stop all traffic until a person acts."""


class BadInput(PhoneError):
    """Caught before anything was sent; the person can mend it."""
