"""The list of what a bundle holds (CycloneDX), with versions and licences.

It is made in the environment that was frozen, and holds only what went into the bundle, together
with what no package of Python's names: Python itself, Qt, OpenSSL, SQLite.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.talk import Stop

_ASKED = """
import json, platform, sqlite3, ssl
openssl = ssl.OPENSSL_VERSION.split()[1]
print(json.dumps([platform.python_version(), openssl, sqlite3.sqlite_version]))
"""
_NOT_PACKAGES = (  # name, SPDX licence, home
    ("CPython", "Python-2.0.1", "https://www.python.org/"),
    ("OpenSSL", "Apache-2.0", "https://www.openssl.org/"),
    ("SQLite", "blessing", "https://www.sqlite.org/"),
)


def write(python: Path, bundle: Path, file: Path) -> None:
    """Of ``bundle``, which was frozen by ``python`` in its environment. Raises Stop."""
    told = subprocess.run(
        [
            *(python, "-P", "-m", "cyclonedx_py", "environment", "--output-reproducible"),
            *("--of", "JSON", "--sv", "1.6", "--mc-type", "application", python),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise Stop(f"the list of components could not be made: {told.stderr.strip()[-500:]}")
    listed: dict[str, Any] = json.loads(told.stdout)
    held = set(_held(bundle))
    packages = [each for each in listed["components"] if _plain(each["name"]) in held]
    listed["components"] = [*packages, *_others(python, packages)]
    missing = held - {_plain(each["name"]) for each in listed["components"]}
    if missing:
        raise Stop(f"the list of components lacks {', '.join(sorted(missing))}")
    _mend(listed)
    file.write_text(json.dumps(listed, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _held(bundle: Path) -> Iterator[str]:
    """The packages whose notes lie in the bundle."""
    for folder in bundle.rglob("*.dist-info"):
        yield _plain(folder.name.partition("-")[0])


def _others(python: Path, packages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    asked = subprocess.run([python, "-c", _ASKED], capture_output=True, text=True, check=True)
    for (name, licence, home), version in zip(_NOT_PACKAGES, json.loads(asked.stdout), strict=True):
        yield _component(name, version, licence, home)
    for each in packages:
        if _plain(each["name"]) == "pyside6-essentials":
            yield _component("Qt", each["version"], "LGPL-3.0-only", "https://www.qt.io/")


def _component(name: str, version: str, licence: str, home: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": f"{name}=={version}",
        "name": name,
        "version": version,
        "licenses": [{"license": {"id": licence}}],
        "externalReferences": [{"type": "website", "url": home}],
    }


def _mend(listed: dict[str, Any]) -> None:
    """What refers to nothing in the list any more goes; so do folders of this computer."""
    refs = {each["bom-ref"] for each in listed["components"]}
    listed["dependencies"] = [
        {**each, "dependsOn": [ref for ref in each.get("dependsOn", []) if ref in refs]}
        for each in listed.get("dependencies", [])
        if each["ref"] in refs
    ]
    for each in listed["components"]:
        kept = [
            reference
            for reference in each.get("externalReferences", [])
            if not reference["url"].startswith("file:")
        ]
        each["externalReferences"] = kept


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
