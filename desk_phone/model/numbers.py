"""Phone numbers: one form for comparing, one for showing, one for the wire.

The canonical form (a *key*) is E.164 (``+3726403231``) wherever a number is possible in some
country's plan, else the bare digits (a short or internal number, or one that fits no plan), and
empty where there is no number at all. Keys are compared as text.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

HOME_REGION = "EE"
HOME_CODE = "372"
SHORT_AT_MOST = 5  # an internal extension or a short code

_NOT_DIGIT = re.compile(r"\D")
_ODD_IN_A_NUMBER = re.compile(r"[^\d\s()+./-]")


def is_e164(key: str) -> bool:
    return key.startswith("+")


def is_home(key: str) -> bool:
    return key.startswith("+" + HOME_CODE)


@lru_cache(maxsize=16384)
def from_service(text: str) -> str:
    """The key of a number as the service writes it, in any of its forms; empty when withheld.

    The service sends national digits (``6403231``), ``372...`` without a plus, and what lies in no
    plan (``60000002``, ``555111222``); nothing is refused here.
    """
    text = text.strip()
    digits = _NOT_DIGIT.sub("", text) if text.isascii() else ""
    if not digits or _ODD_IN_A_NUMBER.search(text):
        return ""
    if text.startswith("+") or digits.startswith("00"):
        return _international(digits.removeprefix("00")) or digits
    if digits.startswith(HOME_CODE) and len(digits) >= len(HOME_CODE) + 7:
        return _international(digits) or digits
    return national(digits) or _valid_abroad(digits) or digits


def national(digits: str) -> str:
    """The key of national digits that the Estonian plan has room for, else empty."""
    if digits.startswith("0") or len(digits) not in (7, 8):
        return ""
    return f"+{HOME_CODE}{digits}"


def _international(digits: str) -> str:
    """E.164 keeps at most 15 digits and no country code begins with 0."""
    return f"+{digits}" if 7 <= len(digits) <= 15 and not digits.startswith("0") else ""


def _valid_abroad(digits: str) -> str:
    """``358401234567``: a foreign number whose plus got lost, if it is a real one."""
    if not 9 <= len(digits) <= 15 or digits.startswith("0"):
        return ""
    parsed = parse("+" + digits)
    return f"+{digits}" if parsed and phonenumbers.is_valid_number(parsed) else ""


def parse(e164: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=16384)
def shown(key: str) -> str:
    """As people write it: ``640 3231`` at home, ``+358 40 1234567`` abroad, other digits raw."""
    parsed = parse(key) if is_e164(key) else None
    if parsed is None:
        return key
    if not is_home(key):
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    plain = key.removeprefix("+" + HOME_CODE)
    if national(plain) != key:  # without its code it would be read as another number
        return key
    if phonenumbers.is_valid_number(parsed):
        return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return plain


@lru_cache(maxsize=4096)
def region(key: str) -> str:
    """The ISO country code of an E.164 key (``FI``), ``001`` for none in particular, else empty."""
    parsed = parse(key) if is_e164(key) else None
    if parsed is None:
        return ""
    code = parsed.country_code or 0
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        code
    )


def wire_own(key: str) -> str:
    """The Anumber: ``372`` and the number, without a plus."""
    return key.removeprefix("+")


def wire_other(key: str) -> str:
    """The Bnumber: national digits at home, as in the service's own sample; ``00...`` abroad.

    Nobody knows whether the service takes a foreign number in this form: one line to change.
    """
    if is_home(key):
        return key.removeprefix("+" + HOME_CODE)
    return "00" + key[1:] if is_e164(key) else key
