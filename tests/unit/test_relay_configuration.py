"""relay.toml: what it may say, and which word is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.broker import Broker
from desk_phone.relay.configuration import AccountsBy, BrokerPlace, Configuration, Listen, read

LEAST = """
[company]
user = "P0000000@elion.ee"
[public]
url = "https://relay.company.example/"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "relay.toml"
    file.write_text(text)
    return file


def refused(folder: Path, text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(written(folder, text))
    return caught.value


def test_two_words_are_enough(tmp_path: Path) -> None:
    conf = read(written(tmp_path, LEAST))
    assert conf.public_url == "https://relay.company.example"
    assert conf.service_url == "https://teenused.telia.ee/external/"
    assert conf.numbers == frozenset()
    assert conf.state_dir == Path("/var/lib/desk-phone-relay")
    assert (conf.endpoint, conf.gateway) == (Listen("127.0.0.1", 8771), Listen("127.0.0.1", 8772))
    assert conf.broker == BrokerPlace("127.0.0.1", 1883, False, "relay")
    assert conf.desk_broker == Broker("relay.company.example", 8883, True, "")
    assert conf.accounts is AccountsBy.DYNAMIC_SECURITY
    assert "84.50.42.87" in conf.callers
    assert "127.0.0.1" in conf.proxies


def test_everything_may_be_said(tmp_path: Path) -> None:
    conf: Configuration = read(
        written(
            tmp_path,
            """
            state_dir = "/srv/relay"
            [company]
            user = "P1"
            service_url = "https://service.example/external/"
            proxy = "http://proxy:3128"
            numbers = ["+372 640 3231", "6401234"]
            [public]
            url = "https://relay.company.example:8443"
            callers = ["192.0.2.0/24"]
            [listen]
            notices = "[::1]:1"
            desks = "0.0.0.0:2"
            local = "127.0.0.1:3"
            proxies = []
            [broker]
            host = "broker.company.example"
            tls = true
            user = "r"
            accounts = "none"
            [broker.desks]
            host = "mqtt.company.example"
            port = 443
            [forward]
            url = "https://crm.company.example/telia?key=1"
            """,
        )
    )
    assert conf.numbers == {"+3726403231", "+3726401234"}
    assert conf.endpoint == Listen("::1", 1)
    assert conf.broker == BrokerPlace("broker.company.example", 8883, True, "r")
    assert conf.desk_broker == Broker("mqtt.company.example", 443, True, "")
    assert conf.accounts is AccountsBy.HAND
    assert conf.forward_url.endswith("?key=1")
    assert "192.0.2.7" in conf.callers
    assert "84.50.42.87" not in conf.callers
    assert conf.proxies.empty


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("company.user", LEAST.replace('user = "P0000000@elion.ee"', "")),
        ("company.user", LEAST.replace('"P0000000@elion.ee"', "7")),
        ("public.url", LEAST.replace("https://", "http://")),
        ("public.url", LEAST.replace("relay.company.example/", "user@relay.example")),
        ("company.numbers", LEAST.replace("[public]", 'numbers = ["Mari"]\n[public]')),
        ("company.numbers", LEAST.replace("[public]", "numbers = 6403231\n[public]")),
        ("listen.notices", LEAST + '[listen]\nnotices = "relay.example:1"'),
        ("listen.notices", LEAST + '[listen]\nnotices = "127.0.0.1"'),
        ("listen.local", LEAST + '[listen]\nlocal = "127.0.0.1:70000"'),
        ("listen.proxies", LEAST + '[listen]\nproxies = ["everybody"]'),
        ("broker.port", LEAST + "[broker]\nport = 0"),
        ("broker.tls", LEAST + '[broker]\ntls = "yes"'),
        ("broker.accounts", LEAST + '[broker]\naccounts = "magic"'),
        ("broker.desks", LEAST + "[broker]\ndesks = 1"),
        ("broker.desks.port", LEAST + "[broker.desks]\nport = 99999"),
        ("forward.url", LEAST + '[forward]\nurl = "ftp://crm.example"'),
        ("state_dir", f'state_dir = "here"\n{LEAST}'),
        ("company.passwort", LEAST.replace("[public]", 'passwort = "x"\n[public]')),
        ("whatever", f"{LEAST}[whatever]\na = 1"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, word: str, text: str) -> None:
    trouble = refused(tmp_path, text)
    assert f": {word} " in trouble.title
    assert "relay.toml" in trouble.title
    assert trouble.message


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "nowhere.toml")
    assert "line 2" in refused(tmp_path, "a = 1\nuser = \nb = 2").message
    assert refused(tmp_path, "# " + "x" * 70_000)
    (tmp_path / "relay.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="is not right"):
        read(tmp_path / "relay.toml")


def test_no_secret_has_a_place_in_it(tmp_path: Path) -> None:
    for word in ("password", "secret", "token"):
        assert refused(tmp_path, LEAST.replace("[public]", f'{word} = "x"\n[public]'))
