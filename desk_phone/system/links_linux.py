"""Links under Linux: an entry of the person's own, and a line in their ``mimeapps.list``.

Merely installing an entry with a scheme in it would take the links over, so the installed one has
none, and this one is written when a person says so. Facts: Association between MIME types and
applications, 1.0.1; shared-mime-info for ``x-scheme-handler``.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from desk_phone.i18n import tr
from desk_phone.system import desktop_entry
from desk_phone.system.links import Holder, Scheme

ENTRY = "desk-phone-links.desktop"
_BEFORE = "X-Desk-Phone-Before-"  # who had a scheme, in our own entry
_DEFAULTS = "Default Applications"


class LinuxLinks:
    needs_person = False
    settings_uri = ""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._entry = desktop_entry.data_home() / "applications" / ENTRY
        self._chosen = desktop_entry.config_home() / "mimeapps.list"

    def holder(self, scheme: Scheme) -> Holder:
        chosen = desktop_entry.value_in(self._read_chosen(), _kind(scheme), _DEFAULTS)
        for name in filter(None, chosen.split(";")):
            if name == ENTRY and self._entry.exists():
                return Holder(is_ours=True)
            if found := _name_of(name):
                return Holder(name=found)
        return _for_all(scheme) or _by_installation(scheme)

    def take(self, schemes: Collection[Scheme]) -> None:
        text = self._read_chosen()
        before = {scheme: self._before(scheme, text) for scheme in Scheme}
        desktop_entry.write(self._entry, self._text(schemes, before))
        for scheme in Scheme:
            chosen = ENTRY if scheme in schemes else before[scheme]
            text = _with_default(text, _kind(scheme), chosen)
        desktop_entry.write(self._chosen, text)

    def give_back(self) -> None:
        self.take(())
        self._entry.unlink(missing_ok=True)

    def _before(self, scheme: Scheme, text: str) -> str:
        """Who had it, also when we have had it for long."""
        chosen = desktop_entry.value_in(text, _kind(scheme), _DEFAULTS)
        if chosen.split(";")[0] != ENTRY:
            return chosen
        with suppress(OSError, UnicodeDecodeError):
            ours = self._entry.read_text(encoding="utf-8")
            return desktop_entry.value_in(ours, f"{_BEFORE}{scheme}")
        return ""

    def _text(self, schemes: Collection[Scheme], before: dict[Scheme, str]) -> str:
        kinds = "".join(f"{_kind(scheme)};" for scheme in Scheme if scheme in schemes)
        remembered = {f"{_BEFORE}{scheme}": name for scheme, name in before.items() if name}
        return desktop_entry.entry(
            {
                "Type": "Application",
                "Name": "Desk Phone",
                "Comment": tr("Call the number of a link"),
                "Exec": desktop_entry.exec_line((*self._command, "open", "--"), "%u"),
                "Icon": "desk-phone",
                "NoDisplay": "true",
                "StartupNotify": "true",
                "MimeType": kinds,
                **remembered,
            }
        )

    def _read_chosen(self) -> str:
        try:
            return self._chosen.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""


def _kind(scheme: Scheme) -> str:
    return f"x-scheme-handler/{scheme}"


def _name_of(entry: str) -> str:
    """What an installed program calls itself; empty where there is none."""
    for folder in desktop_entry.data_folders():
        with suppress(OSError, UnicodeDecodeError):
            text = (folder / "applications" / entry).read_text(encoding="utf-8")
            return desktop_entry.value_in(text, "Name") or entry.removesuffix(".desktop")
    return ""


def _for_all(scheme: Scheme) -> Holder | None:
    """What an administrator chose; None where nobody did, or a program that is not there."""
    for folder in desktop_entry.config_folders():
        with suppress(OSError, UnicodeDecodeError):
            text = (folder / "mimeapps.list").read_text(encoding="utf-8")
            for name in desktop_entry.value_in(text, _kind(scheme), _DEFAULTS).split(";"):
                if name and (found := _name_of(name)):
                    ours = name == ENTRY
                    return Holder(is_ours=ours, name="" if ours else found, for_all=ours)
    return None


def _by_installation(scheme: Scheme) -> Holder:
    """Where nobody chose, a program that says it can has them."""
    for folder in desktop_entry.data_folders():
        with suppress(OSError, UnicodeDecodeError):
            cache = (folder / "applications" / "mimeinfo.cache").read_text(encoding="utf-8")
            for entry in desktop_entry.value_in(cache, _kind(scheme), "MIME Cache").split(";"):
                if entry and (name := _name_of(entry)):
                    return Holder(name=name)
    return Holder()


def _with_default(text: str, kind: str, chosen: str) -> str:
    """The file with one choice in it, or without it where ``chosen`` is empty; all else stays."""
    lines = text.splitlines()
    head = f"[{_DEFAULTS}]"
    kept, inside = [], False
    for line in lines:
        if line.startswith("["):
            inside = line.strip() == head
        if not (inside and line.partition("=")[0].strip() == kind):
            kept.append(line)
    if chosen:
        if head not in (line.strip() for line in kept):
            kept += ["", head] if kept else [head]
        at = next(at for at, line in enumerate(kept) if line.strip() == head)
        kept.insert(at + 1, f"{kind}={chosen}")
    return "\n".join(kept) + "\n" if kept else ""
