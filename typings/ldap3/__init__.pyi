from collections.abc import Iterable, Mapping, Sequence

# ldap3 has no types of its own. Only what elsewhere/directory.py uses.

ANONYMOUS: str
BASE: str
DEREF_NEVER: str
LEVEL: str
NONE: str
SIMPLE: str
SUBTREE: str
SYNC: str

class Server:
    def __init__(self, host: str, port: int | None = ..., *, get_info: str = ...) -> None: ...

class _Strategy:
    no_real_dsa: bool

class Connection:
    socket: object
    strategy: _Strategy
    closed: bool
    listening: bool
    response: Sequence[Mapping[str, object]] | None
    result: Mapping[str, object]
    def __init__(
        self,
        server: Server,
        user: str | None = ...,
        password: str | None = ...,
        *,
        authentication: str | None = ...,
        client_strategy: str = ...,
        auto_referrals: bool = ...,
        read_only: bool = ...,
        check_names: bool = ...,
        raise_exceptions: bool = ...,
    ) -> None: ...
    def open(self, *, read_server_info: bool = ...) -> None: ...
    def bind(self) -> bool: ...
    def unbind(self) -> bool: ...
    def extended(self, request_name: str) -> bool: ...
    def search(
        self,
        search_base: str,
        search_filter: str,
        search_scope: str = ...,
        dereference_aliases: str = ...,
        attributes: Iterable[str] | None = ...,
        *,
        time_limit: int = ...,
        paged_size: int | None = ...,
        paged_criticality: bool = ...,
        paged_cookie: bytes | None = ...,
    ) -> bool: ...
