"""What the desktop gives the program, for a report."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.model.diagnostics import Part
from desk_phone.system.tray_watch import TrayWatch


def session_part(tray: TrayWatch, hotkey: HotkeyDesk) -> Part:
    facts = [
        ("Qt", qVersion()),
        ("Qt platform", QGuiApplication.platformName()),
        ("tray", f"{tray.kind}, {'present' if tray.present else 'not present'}"),
        ("hotkey", str(hotkey.state.standing)),
    ]
    facts += [
        ("screen", f"{at.size().width()} x {at.size().height()}, scale {at.devicePixelRatio():g}")
        for at in QGuiApplication.screens()
    ]
    return Part("Session", tuple(facts))
