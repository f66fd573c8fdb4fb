"""The sections of the settings, by name: whoever leads there need not import the page."""

from __future__ import annotations

from enum import StrEnum


class Section(StrEnum):
    ACCOUNT = "account"
    LINE = "line"
    POPUPS = "pop-ups"
    HOTKEY = "hotkey"
    LINKS = "links"
    SOURCES = "sources"
    CRM = "crm"
    NOTICES = "notices"
    LOOK = "look"
    ADVANCED = "advanced"
    ABOUT = "about"
