"""Showing a web server who we are: Basic (RFC 7617) and Digest (RFC 7616), only when asked."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from desk_phone.model.secret import Secret

_SCHEME = re.compile(r"(?:^|,)\s*(Basic|Digest)\b", re.IGNORECASE)
_PART = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"": "md5", "md5": "md5", "sha-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Digest:
    """What a server asked to prove the password with. ``hash`` is hashlib's name."""

    realm: str
    nonce: str
    opaque: str
    hash: str
    algorithm: str
    qop: bool


@dataclass(slots=True)
class Login:
    """For one host. ``user`` empty: there is nothing to show."""

    user: str
    secret: Secret
    _digest: Digest | None = field(default=None, repr=False)
    _asked: bool = False
    _count: int = 0

    def hear(self, challenges: Iterable[str]) -> bool:
        """A server said 401: whether it is worth to ask once more, in another way than before."""
        if not (self.user and self.secret):
            return False
        found = dict(part for text in challenges for part in _challenges(text))
        digest = _digest_of(found.get("digest", ""))
        stale = "stale=true" in found.get("digest", "").replace('"', "").replace(" ", "").lower()
        tried, self._asked = self._asked, True
        if digest is not None and (not tried or stale):
            self._digest, self._count = digest, 0
            return True
        return "basic" in found and not tried

    def header(self, method: str, path: str) -> dict[str, str]:
        if not self._asked:
            return {}
        if self._digest is not None:
            return {"Authorization": self._digest_header(self._digest, method, path)}
        login = f"{self.user}:{self.secret.reveal()}".encode()
        return {"Authorization": "Basic " + b64encode(login).decode("ascii")}

    def _digest_header(self, asked: Digest, method: str, path: str) -> str:
        def hashed(text: str) -> str:
            return hashlib.new(asked.hash, text.encode(), usedforsecurity=False).hexdigest()

        self._count += 1
        count, own = f"{self._count:08x}", secrets.token_hex(16)
        mine = hashed(f"{self.user}:{asked.realm}:{self.secret.reveal()}")
        between = f"{asked.nonce}:{count}:{own}:auth" if asked.qop else asked.nonce
        proof = hashed(f"{mine}:{between}:{hashed(f'{method}:{path}')}")
        parts = {
            "username": _quoted(self.user),
            "realm": _quoted(asked.realm),
            "nonce": _quoted(asked.nonce),
            "uri": _quoted(path),
            "response": _quoted(proof),
        }
        if asked.opaque:
            parts["opaque"] = _quoted(asked.opaque)
        if asked.algorithm:
            parts["algorithm"] = asked.algorithm
        if asked.qop:
            parts |= {"qop": "auth", "nc": count, "cnonce": _quoted(own)}
        return "Digest " + ", ".join(f"{name}={value}" for name, value in parts.items())


def _challenges(header: str) -> Iterable[tuple[str, str]]:
    """Each scheme in small letters with its parameters as they stand there."""
    found = list(_SCHEME.finditer(header))
    ends = [*(one.start() for one in found[1:]), len(header)]
    for one, end in zip(found, ends, strict=True):
        yield one[1].lower(), header[one.end() : end]


def _digest_of(parameters: str) -> Digest | None:
    """None for what we cannot prove: another algorithm, or the protection of bodies alone."""
    found = {name.lower(): quoted or plain for name, quoted, plain in _PART.findall(parameters)}
    algorithm = found.get("algorithm", "")
    ways = [way.strip().lower() for way in found.get("qop", "").split(",") if way.strip()]
    if not found.get("nonce") or algorithm.lower() not in _HASHES or (ways and "auth" not in ways):
        return None
    unescaped = re.sub(r"\\(.)", r"\1", found.get("realm", ""))
    return Digest(
        unescaped,
        found["nonce"],
        found.get("opaque", ""),
        _HASHES[algorithm.lower()],
        algorithm,
        bool(ways),
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
