"""What is believed of a newer version."""

from __future__ import annotations

import json

import pytest

from desk_phone.model.release import LARGEST, NoRelease, Release, is_newer, read


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a page"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="no version"),
        pytest.param(b'{"version": 2}', id="a number"),
        pytest.param(b'{"version": "2"}', id="one part"),
        pytest.param(b'{"version": "2.0-rc1"}', id="not released"),
        pytest.param('{"version": "٢.٠"}'.encode(), id="other digits"),
        pytest.param(b'{"version": "1.0\\n<b>"}', id="more behind it"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"version": "1.0"}' + b" " * LARGEST, id="large"),
        pytest.param(b'{"version": "1.0\xff"}', id="no text"),
    ],
)
def test_what_tells_of_no_version_is_refused(document: bytes) -> None:
    with pytest.raises(NoRelease):
        read(document)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://phone.example/new", "https://phone.example/new"),
        ("http://phone.example/new", ""),
        ("javascript:alert(1)", ""),
        ("https://phone.example/\n", ""),
        ("https://phone.example/" + "x" * 500, ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_page_is_named_only_over_https(url: object, kept: str) -> None:
    document = json.dumps({"version": "1.2.0", "url": url, "more": 1}).encode()
    assert read(document) == Release("1.2.0", kept)


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("1.0", "0.9.9", True),
        ("1.2.0.1", "1.2", True),
        ("0.1.0", "0.1.0", False),
        ("0.1", "0.1.0", False),
        ("0.0.9", "0.1.0", False),
        ("", "0.1.0", False),
        ("banana", "0.1.0", False),
    ],
)
def test_newer(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer
