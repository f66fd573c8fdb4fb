"""Brokers of a benchmark: a plain one to be killed, and one as a company sets it up."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.relay_caller import IN_FLIGHT, PASSWORD, USER
from desk_phone.relay.broker.accounts import _may
from tests.contract.brokers import PLUGIN, Mosquitto, free_port
from tests.contract.certificates import Authority

HOST = "localhost"  # whom the broker's certificate is for
# A desk that slept for a month finds all of it; nothing is thrown away for want of room.
_ALL = f"""max_inflight_messages {IN_FLIGHT}
max_queued_messages 100000
persistent_client_expiration 31d
set_tcp_nodelay true
"""
_ITERATIONS = 101  # of PBKDF2, as the plugin itself makes passwords


class Broker(Mosquitto):
    """Anybody may hear and tell everything."""

    def __init__(self, folder: Path, more: str = "allow_anonymous true\n") -> None:
        super().__init__(folder, more + _ALL)
        self._folder = folder

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def forget(self) -> None:
        """What it wrote down, while it does not run."""
        (self._folder / "mosquitto.db").unlink(missing_ok=True)


class CompanyBroker(Broker):
    """Desks come through TLS at ``desk_port``, each with an account of its own that may hear of its
    own number; the relay comes without TLS at ``port``. ``authority`` vouches for the broker."""

    def __init__(self, folder: Path, desks: Sequence[tuple[str, str]]) -> None:
        """``desks``: the name of each device, and its number."""
        authority = Authority(folder)
        authority.context(HOST)
        pem = folder / f"{HOST}.pem"
        self.authority, self.desk_port = authority.file, free_port()
        state = folder / "dynamic-security.json"
        _write_accounts(state, desks)
        super().__init__(
            folder,
            f"allow_anonymous false\nplugin {PLUGIN}\nplugin_opt_config_file {state}\n"
            f"listener {self.desk_port} 127.0.0.1\ncertfile {pem}\nkeyfile {pem}\n",
        )


def password_of(device: str) -> str:
    return f"the password of {device}"


def _write_accounts(file: Path, desks: Sequence[tuple[str, str]]) -> None:
    """As `relay.broker.accounts` has the plugin make them, at once."""
    init = ["mosquitto_ctrl", "dynsec", "init", str(file), USER, PASSWORD]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    state = json.loads(file.read_text())
    acl = {"acltype": "publishClientSend", "topic": "desk-phone/v1/#", "allow": True}
    state["roles"][0]["acls"].append(acl)
    for device, own in desks:
        role = f"desk-phone-device-{device}"
        state["roles"].append({"rolename": role, "acls": _may((own,))})
        login = {"username": device, "clientid": device, "roles": [{"rolename": role}]}
        state["clients"].append({**login, **_password(password_of(device))})
    file.write_text(json.dumps(state))


def _password(text: str) -> dict[str, object]:
    salt = b"twelve bytes"
    hashed = hashlib.pbkdf2_hmac("sha512", text.encode(), salt, _ITERATIONS)
    return {
        "password": base64.b64encode(hashed).decode(),
        "salt": base64.b64encode(salt).decode(),
        "iterations": _ITERATIONS,
    }
