from collections.abc import Mapping
from typing import Any

class OperationProxy:
    def __call__(self, *members: Mapping[str, str]) -> Any: ...

class ServiceProxy:
    def __getitem__(self, name: str) -> OperationProxy: ...
