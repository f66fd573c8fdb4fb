"""What is shipped around the relay says the same as the relay itself; that it works is tried by
starting it (tests/contract/test_relay_broker_sample.py) and by building it."""

from __future__ import annotations

import re
import shlex
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desk_phone.model.relayed import notices_topic
from desk_phone.relay import configuration, credentials, receiving, upkeep, web_server
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.gateway.requests import LARGEST
from desk_phone.relay.state import outbox
from desk_phone.relay_options import CONFIGURATION
from desk_phone.said import Status
from tools import bundled, relay_package

FILES = Path(__file__).parents[2] / "installers" / "relay"
SCRIPTS = [FILES / "mosquitto-setup.sh", *(FILES / "debian").glob("p*")]
NGINX, CADDY = (FILES / "nginx.conf").read_text(), (FILES / "Caddyfile").read_text()
MOSQUITTO = (FILES / "mosquitto.conf").read_text()
OF_SYSTEMD = 243  # it could not hand a password over
SECRET = "abcDEF_-0123456789"


def settings(file: str) -> dict[str, list[str]]:
    """Of a unit: every value of each key."""
    found: dict[str, list[str]] = {}
    for line in (FILES / file).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def sample(tmp_path: Path, uncommented: bool = False) -> Configuration:
    text = (FILES / "relay.toml").read_text()
    if uncommented:
        text = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    (tmp_path / "relay.toml").write_text(text)
    return configuration.read(tmp_path / "relay.toml")


def test_what_the_sample_leaves_out_is_what_counts_without_it(tmp_path: Path) -> None:
    short, whole = sample(tmp_path), sample(tmp_path, uncommented=True)
    assert whole.numbers
    assert whole.proxy
    assert whole.forward_url
    assert whole.notices_url != short.notices_url
    told = replace(
        whole,
        numbers=short.numbers,
        proxy=short.proxy,
        forward_url=short.forward_url,
        notices_url=short.notices_url,
        proxies=short.proxies,
        callers=short.callers,
    )
    assert told == short
    assert all("127.0.0.1" in each.proxies for each in (short, whole))
    assert all("84.50.42.87" in each.callers for each in (short, whole))


def test_the_proxies_lead_to_the_two_ports_and_never_to_the_local_one(tmp_path: Path) -> None:
    conf = sample(tmp_path)
    notices = f"{conf.endpoint.address}:{conf.endpoint.port}"
    desks = f"{conf.gateway.address}:{conf.gateway.port}"
    assert f"upstream desk_phone_notices {{ server {notices}; }}" in NGINX
    assert f"upstream desk_phone_desks {{ server {desks}; }}" in NGINX
    assert re.findall(r"location (\S+) \{[^}]*proxy_pass http://(\w+);", NGINX) == [
        ("/v1/notices/", "desk_phone_notices"),
        ("/v1/", "desk_phone_desks"),
    ]
    assert re.findall(r"handle (\S+) \{\s*reverse_proxy (\S+)", CADDY) == [
        ("/v1/notices/*", notices),
        ("/v1/*", desks),
    ]
    assert not [text for text in (NGINX, CADDY) if str(conf.local.port) in text]


@pytest.mark.parametrize("path", [f"/v1/notices/{SECRET}?ts=1&anr=372", "/v1/numbers/37264032/x"])
def test_no_proxy_logs_a_secret_or_a_number(path: str) -> None:
    format_ = re.search(r"log_format desk_phone ('[^;]*);", NGINX)
    assert format_ is not None
    logged = set(re.findall(r"\$(\w+)", format_[1]))
    assert not logged & {"request", "request_uri", "uri", "args", "query_string", "http_referer"}
    assert re.search(r"error_log \S+ crit;", NGINX)
    masked = re.search(r'request>uri regexp "([^"]*)" "\$1"', CADDY)
    assert masked is not None
    assert re.sub(masked[1], r"\1", path, count=1) in ("/v1/notices", "/v1/numbers")
    assert re.sub(masked[1], r"\1", f"/V1/{path}", count=1) == ""
    assert "exclude http.log.error" in CADDY


def test_the_proxies_believe_nobody_and_send_nothing_twice() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_add_x_forwarded_for" not in NGINX
    assert "trusted_proxies " not in re.sub(r"#.*", "", CADDY)
    assert "proxy_next_upstream off;" in NGINX
    assert "keepalive " not in re.sub(r"#.*|keepalive_timeout", "", NGINX)
    assert "lb_try_duration 0s" in CADDY
    assert CADDY.count("keepalive off") == CADDY.count("reverse_proxy 127") == 2


def test_the_proxies_turn_nothing_away_that_the_relay_takes() -> None:
    rate, at_once = receiving._COMPANY
    zone = re.search(r"zone=desk_phone_notices:1m rate=(\d+)r/s", NGINX)
    burst = re.search(r"zone=desk_phone_notices burst=(\d+) nodelay", NGINX)
    assert zone is not None
    assert burst is not None
    assert float(zone[1]) >= rate
    assert float(burst[1]) >= at_once
    assert f"client_max_body_size {LARGEST // 1024}k;" in NGINX
    assert f"max_size {LARGEST // 1024}KB" in CADDY


def test_both_proxies_keep_browsers_to_https() -> None:
    for text in (NGINX, CADDY):
        assert re.search(r'Strict-Transport-Security "?max-age=31536000', text)


def test_the_unit_knows_the_statuses_and_the_names_of_the_relay() -> None:
    unit = settings("desk-phone-relay.service")
    assert unit["Type"] == ["notify"]
    refused = {int(status) for status in unit["RestartPreventExitStatus"][0].split()}
    assert refused == {Status.BAD_INPUT, Status.CREDENTIALS, OF_SYSTEMD}
    assert [each.partition(":")[0] for each in unit["LoadCredentialEncrypted"]] == [
        credentials.COMPANY,
        credentials.BROKER,
    ]
    assert unit["StateDirectory"] == ["desk-phone-relay"]
    words = unit["ExecStart"][0].split()
    assert words == ["/usr/bin/desk-phone-relay", "serve", "--config", str(CONFIGURATION)]


def test_the_unit_waits_longer_than_the_relay_may_take() -> None:
    unit = settings("desk-phone-relay.service")
    assert seconds(unit["TimeoutStopSec"]) > web_server._LAST
    assert seconds(unit["WatchdogSec"]) > upkeep._PULSE + upkeep._PATIENCE


@pytest.mark.parametrize("unit", ["desk-phone-relay.service", "desk-phone-relay-backup.service"])
def test_the_units_may_do_little(unit: str) -> None:
    found = settings(unit)
    assert found["User"] == ["desk-phone-relay"]
    assert found["CapabilityBoundingSet"] == [""]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "PrivateUsers"):
        assert found[key] == ["yes"], key
    assert found["ProtectSystem"] == ["strict"]
    assert found["LimitCORE"] == ["0"]  # a core would hold the password


def test_the_broker_waits_for_a_desk_as_long_as_the_relay_keeps_notices() -> None:
    assert outbox.KEPT.days == 31
    assert "\npersistent_client_expiration 31d\n" in MOSQUITTO
    assert "\nallow_anonymous false\n" in MOSQUITTO
    assert "\npersistence true\n" in MOSQUITTO


def test_without_accounts_a_broker_is_for_this_computer_alone() -> None:
    trial = (FILES / "mosquitto-trial.conf").read_text()
    assert re.findall(r"^listener .*$", trial, re.MULTILINE) == ["listener 1883 127.0.0.1"]
    acl = (FILES / "mosquitto-trial.acl").read_text()
    beginning = notices_topic("+3726403231").removesuffix("3726403231/notices")
    assert f"topic write {beginning}#" in acl


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_one_for_every_sh_and_may_be_run(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert script.stat().st_mode & stat.S_IXUSR
    assert re.search(r"^set -eu?$", script.read_text(), re.MULTILINE)


def test_installing_starts_and_enables_nothing() -> None:
    said = (FILES / "debian" / "postinst").read_text()
    lines = [line.strip() for line in said.splitlines() if "systemctl" in line or "deb-" in line]
    assert [line.partition(" ||")[0] for line in lines] == [
        "systemctl --system daemon-reload",
        "deb-systemd-invoke try-restart desk-phone-relay.service",
    ]


def test_what_compose_and_the_image_name_is_there() -> None:
    compose = (FILES / "compose.yaml").read_text()
    for name in ("relay.toml", "Caddyfile", "mosquitto.conf"):
        assert f"- ./{name}:" in compose
        assert (FILES / name).exists()
    for name in (credentials.COMPANY, credentials.BROKER):
        assert f"file: ./secrets/{name}" in compose
    image = (FILES / "Containerfile").read_text()
    assert f"{credentials.PLACE}=/run/secrets" in image


def test_the_package_holds_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764126000")
    bundle, root = tmp_path / "bundle", tmp_path / "root"
    bundle.mkdir()
    program = bundle / "desk-phone-relay"
    entry = shlex.join([sys.executable, str(FILES / "entry.py")])
    program.write_text(f'#!/bin/sh\nexec {entry} "$@"\n')
    program.chmod(0o755)
    relay_package.lay_out(bundle, root, "1.2.3")
    for conffile in (FILES / "debian" / "conffiles").read_text().split():
        assert (root / conffile.lstrip("/")).is_file()
    for unit in FILES.glob("desk-phone-relay*.[st]*"):
        assert (root / "usr/lib/systemd/system" / unit.name).is_file() or unit.suffix == ".spec"
    setting_up = root / "usr/share/desk-phone-relay/mosquitto-setup.sh"
    assert setting_up.stat().st_mode & 0o777 == 0o755
    assert (root / "usr/share/doc/desk-phone-relay/relay_setup.md").is_file()
    ran = [root / "usr/bin/desk-phone-relay", "check", "--config", FILES / "relay.toml"]
    assert (
        "P0000000@elion.ee"
        in subprocess.run(ran, check=True, capture_output=True, text=True).stdout
    )


def test_the_relays_bundle_has_no_windows() -> None:
    assert {"PySide6", "shiboken6", "desk_phone.ui"} <= set(bundled.RELAY_EXCLUDED)
    assert set(bundled.EXCLUDED) <= set(bundled.RELAY_EXCLUDED)


def test_a_bundle_names_the_packages_that_it_holds() -> None:
    found = list(bundled.packages_of(["h11._readers", "paho.mqtt.client", "json", "nobody.knows"]))
    assert found == ["h11", "paho-mqtt"]


def seconds(values: list[str]) -> float:
    return float(values[0].removesuffix("s"))
