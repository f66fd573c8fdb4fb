"""The relay's package in a clean system: installed, upgraded, and away again."""

from __future__ import annotations

from pathlib import Path

from tests.debian.clean import CleanDebian

CONFIGURATION = "etc/desk-phone-relay/relay.toml"
STATE = "/var/lib/desk-phone-relay"
SETTINGS = """[company]
user = "P0000000@elion.ee"
[public]
url = "https://relay.example"
"""


def test_a_life_of_the_package(clean: CleanDebian, older_relay: Path, relay_package: Path) -> None:
    clean.run("apt-get", "update")
    clean.install("adduser")  # which purging does not take away again
    before = clean.files()

    clean.install(clean.share(older_relay))
    assert clean.run("dpkg", "--verify", "desk-phone-relay") == ""
    assert clean.run("desk-phone-relay", "--version").startswith("desk-phone")
    assert clean.run("stat", "--format=%U %a", STATE) == "desk-phone-relay 700\n"
    assert not (clean.root / "usr/lib/desk-phone-relay/_internal/PySide6").exists()

    (clean.root / CONFIGURATION).write_text(SETTINGS, encoding="utf-8")
    clean.install(clean.share(relay_package))
    assert (clean.root / CONFIGURATION).read_text(encoding="utf-8") == SETTINGS

    clean.run("apt-get", "remove", "--yes", "desk-phone-relay")
    assert (clean.root / CONFIGURATION).exists()
    clean.run("sh", "-c", f"test -d {STATE}")
    clean.run("apt-get", "purge", "--yes", "--autoremove", "desk-phone-relay")
    assert {name for name in clean.files() - before if "desk-phone" in name} == set()
    assert "desk-phone-relay" not in (clean.root / "etc/passwd").read_text(encoding="utf-8")
