"""Which addresses are taken, and what is said of those that are not."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.web.connecting import Address, address_of, proxy_of
from desk_phone.web.pause import LONGEST_PAUSE, pause

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "address", "netloc"),
    [
        ("https://a.ee/x/y.php", Address("a.ee", 443, "/x/y.php", True), "a.ee"),
        ("https://a.ee", Address("a.ee", 443, "/", True), "a.ee"),
        ("https://a.ee:8443/x?wsdl=1", Address("a.ee", 8443, "/x?wsdl=1", True), "a.ee:8443"),
        ("HTTPS://A.EE/x", Address("a.ee", 443, "/x", True), "a.ee"),
        ("https://õun.ee/", Address("xn--un-bka.ee", 443, "/", True), "xn--un-bka.ee"),
        ("https://[2001:db8::1]/", Address("2001:db8::1", 443, "/", True), "[2001:db8::1]"),
        ("http://localhost:80/", Address("localhost", 80, "/", False), "localhost"),
        ("http://127.0.0.1:8080/", Address("127.0.0.1", 8080, "/", False), "127.0.0.1:8080"),
        ("http://127.9.9.9/", Address("127.9.9.9", 80, "/", False), "127.9.9.9"),
        ("http://[::1]:99/", Address("::1", 99, "/", False), "[::1]:99"),
    ],
)
def test_an_address_is_taken_apart(url: str, address: Address, netloc: str) -> None:
    assert address_of(url) == address
    assert address_of(url).netloc == netloc


@pytest.mark.parametrize(
    "url",
    [
        "http://a.ee/",
        "http://10.0.0.1/",
        "http://localhost.a.ee/",
        "http://127.0.0.1.a.ee/",
        "http://0.0.0.0/",
        "http://[2001:db8::1]/",
    ],
)
def test_plain_http_is_for_this_computer_alone(url: str) -> None:
    with pytest.raises(BadInput, match="not safe"):
        address_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.ee",
        "a.ee/x",
        "//a.ee/",
        "ftp://a.ee/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://a.ee:0x/",
        "https://a.ee:99999/",
        "https://[::1/",
        "https://a.ee/õ",
        "https://a.ee/a b",
        "https://a.ee/\r\nX: y",
        "https://a.ee\n/",
        f"https://{'a' * 70}õ.ee/",
    ],
)
def test_nonsense_is_caught(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        address_of(url)
    assert caught.value.message


def test_a_login_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        address_of("https://me:geheim@a.ee/")
    assert "geheim" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_bad_input(text: str) -> None:
    for url in (text, "https://" + text, "http://127.0.0.1" + text):
        try:
            address = address_of(url)
        except BadInput:
            continue
        assert address.host.isascii()
        assert address.path.isascii()


def test_both_services_lie_under_the_base_address() -> None:
    for base in ("https://a.ee/external", "https://a.ee/external/"):
        account = Account("me", Secret("x"), base)
        assert account.services_url == "https://a.ee/external/services/index.php"
        assert account.phonebook_url == "https://a.ee/external/phonebook/index.php"


# Proxies


def test_no_proxy() -> None:
    assert proxy_of("") is None
    assert proxy_of("  ") is None


def test_a_proxy_and_its_login() -> None:
    plain = proxy_of(" http://proxy.local:3128 ")
    assert plain is not None
    assert (plain.host, plain.port, plain.login) == ("proxy.local", 3128, "")
    known = proxy_of("http://m%40x:a%3Ab%C3%B5@[::1]:8080/")
    assert known is not None
    assert (known.host, known.port) == ("::1", 8080)
    assert b64decode(known.login.removeprefix("Basic ")).decode() == "m@x:a:bõ"


@pytest.mark.parametrize(
    "setting",
    [
        "proxy.local:3128",
        "http://me:geheim@proxy.local",
        "https://me:geheim@proxy.local:3128",
        "socks5://me:geheim@proxy.local:1080",
        "http://me:geheim@:3128",
        "http://me:geheim@proxy.local:port",
        "http://me:gehe\nim@proxy.local:3128",
        "http://me:geheim @proxy.local:3128",
    ],
)
def test_a_proxy_that_cannot_be_used_is_not_repeated(setting: str) -> None:
    with pytest.raises(BadInput) as caught:
        proxy_of(setting)
    assert "geheim" not in str(caught.value)
    assert "proxy" in caught.value.title


@given(st.text(max_size=40))
def test_any_text_is_a_proxy_or_bad_input(text: str) -> None:
    for setting in (text, "http://" + text, f"http://{text}@a:1"):
        try:
            proxy_of(setting)
        except BadInput:
            continue


# Retry-After


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("86400", LONGEST_PAUSE),
        ("9" * 400, LONGEST_PAUSE),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 12:01:00 -0000", 60.0),
        ("Sun, 01 Mar 2026 14:01:00 +0200", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣٠", None),
        ("Sun, 99 Mar 2026 12:01:00 GMT", None),
        ("Sun, 01 Mar 99999999999999 12:01:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert pause(header, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_is_a_bug(header: str) -> None:
    seconds = pause(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_PAUSE
