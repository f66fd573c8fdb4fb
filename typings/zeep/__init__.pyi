from collections.abc import Mapping
from typing import IO, Protocol

from lxml.etree import _Element
from zeep.proxy import ServiceProxy

# zeep says that it is typed and leaves most of itself untyped. Only what telco/soap.py uses.

class _Transport(Protocol):
    def post_xml(self, address: str, envelope: _Element, headers: Mapping[str, str]) -> object: ...

class _Wsse(Protocol):
    def apply(
        self, envelope: _Element, headers: dict[str, str]
    ) -> tuple[_Element, dict[str, str]]: ...

class Settings:
    def __init__(
        self, *, raw_response: bool = ..., forbid_external: bool = ..., forbid_dtd: bool = ...
    ) -> None: ...

class _Document:
    bindings: Mapping[str, object]

class Client:
    wsdl: _Document
    def __init__(
        self, wsdl: IO[bytes], wsse: _Wsse, transport: _Transport, *, settings: Settings
    ) -> None: ...
    def create_service(self, binding_name: str, address: str) -> ServiceProxy: ...
