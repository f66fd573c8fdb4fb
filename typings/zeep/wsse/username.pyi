from lxml.etree import _Element

class UsernameToken:
    def __init__(self, username: str, password: str) -> None: ...
    def apply(
        self, envelope: _Element, headers: dict[str, str]
    ) -> tuple[_Element, dict[str, str]]: ...
