"""The desk's package and archive in a clean system: installed, used, upgraded, and away again."""

from __future__ import annotations

import subprocess
from pathlib import Path

from desk_phone.simulator.company import PASSWORD
from desk_phone.ui.renewal import LOOKS_AGAIN_MS
from tests.debian.clean import CleanDebian
from tests.desktop import Desktop, Program, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ASK_BOX, MAIN, find, keep_picture, shown, until_it_listens

PROGRAM = "usr/lib/desk-phone/desk-phone"
LINKS = """[Desktop Entry]
Type=Application
Name=Desk Phone
Exec=desk-phone --data-dir {data} open -- %u
MimeType=x-scheme-handler/tel;
NoDisplay=true
"""
NUMBER = "5123456"


def begin(clean: CleanDebian, desktop: Desktop, phone: Phone, command: str) -> Program:
    words = ("--data-dir", phone.paths.root, "--verbose", "--password-stdin")
    program = clean.start(desktop, command, *words, stdin=subprocess.PIPE)
    program.tell(PASSWORD)
    program.wait_for("line ready")
    return program


def take_links(clean: CleanDebian, phone: Phone) -> None:
    """As docs/it.md tells an administrator to."""
    entry = clean.root / "usr/share/applications/desk-phone-links.desktop"
    entry.write_text(LINKS.format(data=phone.paths.root), encoding="utf-8")
    default = "[Default Applications]\nx-scheme-handler/tel=desk-phone-links.desktop\n"
    (clean.root / "etc/xdg").mkdir(exist_ok=True)
    (clean.root / "etc/xdg/mimeapps.list").write_text(default, encoding="utf-8")


def is_of_the_installed(program: Program, clean: CleanDebian) -> bool:
    """Whether that process runs what lies in the system by now."""
    return Path(f"/proc/{program.pid}/exe").samefile(clean.root / PROGRAM)


def test_a_life_of_the_package(
    clean: CleanDebian, desktop: Desktop, older: Path, package: Path
) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    clean.run("apt-get", "update")
    before = clean.files()

    clean.install(clean.share(older))
    assert clean.run("dpkg", "--verify", "desk-phone") == ""
    assert clean.run("desk-phone", "--version").startswith("desk-phone ")
    program = begin(clean, desktop, phone, "desk-phone")
    find(desktop, program, MAIN)
    desktop.tray_icon()
    keep_picture(desktop, f"package-{clean.root.name}")

    take_links(clean, phone)
    clean.start(desktop, "xdg-open", f"tel:{NUMBER}")
    find(desktop, program, ASK_BOX)
    until_it_listens()
    desktop.key("Tab", "Return")  # Enter alone would not call what a link asks for
    until(company.dialled, "the call is made")
    assert company.dialled() == [NUMBER]

    assert is_of_the_installed(program, clean)
    clean.install(clean.share(package))
    assert not is_of_the_installed(program, clean)
    program.end()
    begin(clean, desktop, phone, "desk-phone").end()

    clean.run("apt-get", "purge", "--yes", "--autoremove", "desk-phone")
    (clean.root / "usr/share/applications/desk-phone-links.desktop").unlink()
    (clean.root / "etc/xdg/mimeapps.list").unlink()
    left = {name for name in clean.files() - before if "desk-phone" in name.lower()}
    assert left == set()
    assert phone.paths.root.exists()  # people's own stays


def test_an_upgrade_begins_the_running_program_anew_when_nobody_is_at_work(
    clean: CleanDebian, desktop: Desktop, older: Path, package: Path
) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    clean.run("apt-get", "update")
    clean.install(clean.share(older))
    program = clean.start(desktop, "desk-phone", "--data-dir", phone.paths.root, "--verbose")
    window = find(desktop, program, MAIN)  # without a password it waits there for one
    clean.install(clean.share(package))
    program.wait_for("replaced")
    keep_picture(desktop, f"upgraded-{clean.root.name}")
    assert not is_of_the_installed(program, clean)

    desktop.focus(window)
    desktop.key("alt+F4")
    desktop.wait_closed(window)
    until(lambda: is_of_the_installed(program, clean), "it begins anew", 2 * LOOKS_AGAIN_MS / 1000)
    desktop.tray_icon()
    assert shown(desktop, program) == []


def test_the_archive_runs_wherever_it_is_unpacked(
    clean: CleanDebian, desktop: Desktop, package: Path, archive: Path
) -> None:
    depends = subprocess.run(
        ["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True
    ).stdout
    clean.run("apt-get", "update")
    clean.run("apt-get", "satisfy", "--yes", "--no-install-recommends", depends)
    company = Company(desktop, month=True)
    phone = Phone(desktop, company.url)
    place = "/opt/Mari õuna 100%"
    clean.run("mkdir", place)
    clean.run(
        *("tar", "--extract", "--strip-components=1", "--directory", place),
        *("--file", clean.share(archive)),
    )
    program = begin(clean, desktop, phone, f"{place}/bin/desk-phone")
    find(desktop, program, MAIN)
    keep_picture(desktop, f"archive-{clean.root.name}")
    assert program.end() == 0
    clean.run("rm", "--recursive", place)  # it runs no more, and holds nothing
