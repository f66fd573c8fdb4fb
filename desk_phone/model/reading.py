"""Reads what a person typed, or a link holds, as one phone number. Nothing is stripped away."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import unquote

import phonenumbers
from phonenumbers import PhoneNumberType

from desk_phone.model import numbers

AT_MOST = 256  # characters of one number or link
SCHEMES = ("tel", "callto", "sip", "sips")


class Kind(StrEnum):
    FIXED = "fixed"
    MOBILE = "mobile"
    FREE = "free"  # 800
    UNPLANNED = "unplanned"  # possible, but in no plan
    PREMIUM = "premium"  # 900, 901
    SHORT = "short"  # 3-5 digits: internal, or somebody's short number
    SERVICE = "service"  # 1xx, 118x, 116xxx
    ABROAD = "abroad"
    SATELLITE = "satellite"  # and international premium
    EMERGENCY = "emergency"
    UNDIALABLE = "undialable"


class Problem(StrEnum):
    """Why a text is no number that can be dialled."""

    NONE = ""
    EMPTY = "empty"
    LETTERS = "letters"
    CODES = "codes"  # * and #: they would switch the phone's services
    PAUSES = "pauses"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    RANGE = "range"  # 640 3231-33
    DATE = "date"
    NO_PLAN = "no plan"  # of a length no plan has


@dataclass(frozen=True, slots=True)
class Reading:
    """One number as read. ``key`` is canonical and empty when nothing can be dialled.

    ``assumed``: the country code was supplied by us from a habit of writing (``8 495 ...``,
    ``040 ...``), so a person must confirm it. ``region`` names the country of a number abroad.
    """

    text: str
    key: str = ""
    kind: Kind = Kind.UNDIALABLE
    problem: Problem = Problem.NONE
    region: str = ""
    extension: str = ""
    assumed: bool = False

    @property
    def shown(self) -> str:
        return numbers.shown(self.key) if self.key else self.text


_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_SHAPE = re.compile(r"\(?\+?[\d\s()./-]+")
_RANGE = re.compile(r"(?P<first>\(?\+?[\d\s()]{6,}\d)\s*-\s*(?P<last>\d{1,2})")
_DAY, _MONTH, _YEAR, _DOT = (
    r"(0?[1-9]|[12]\d|3[01])",
    r"(0?[1-9]|1[0-2])",
    r"(19|20)\d\d",
    r"[-./]\s?",
)
_DATE = re.compile(rf"{_DAY}{_DOT}{_MONTH}{_DOT}{_YEAR}|{_YEAR}{_DOT}{_MONTH}{_DOT}{_DAY}")
# Estonian and Lithuanian: the sex and century, yymmdd, four digits more
_PERSONAL_CODE = re.compile(r"[1-8]\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{4}")
_EXTENSION = re.compile(
    r"(?:;\s*ext=|\s+(?:ext\.?|x|доб\.?|sise)\s*)(?P<ext>\d{1,7})$", re.IGNORECASE
)
_LINK = re.compile(
    rf"(?P<scheme>{'|'.join(SCHEMES)}):(?://)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_HOST = re.compile(r"\d{1,3}(\.\d{1,3}){3}(?=[:;?]|$)")
_SENT = re.compile(r"[0-9]{3,15}")
_EMERGENCY = ("110", "112")
_COSTLY_WORLD = ("87", "88", "979")


def normalise(text: str) -> str:
    """Digits of every script, every kind of space and dash, and invisible marks made plain.

    A superscript or a circled digit is a mark, not a digit of the number, and stays as it is.
    """
    text = unicodedata.normalize("NFC", _DASHES.sub("-", text)).translate(_WIDE)
    if not text.isascii():
        text = "".join(map(_plain, text))
    return _SPACES.sub(" ", text).strip()


def _plain(letter: str) -> str:
    match unicodedata.category(letter):
        case "Cf" | "Mn":
            return ""
        case "Nd":
            return str(unicodedata.decimal(letter))
    return letter


def read(text: str) -> Reading:
    """The one number that ``text`` is, wholly; for numbers inside other text see `finding`."""
    if len(text) > AT_MOST:
        return Reading(text[:AT_MOST], problem=Problem.TOO_LONG)
    link = _LINK.fullmatch(text.strip())
    if link:
        return replace(_read_link(link["scheme"].lower(), link["rest"]), text=text)
    plain = normalise(text)
    extension = _EXTENSION.search(plain)
    if extension:
        plain = plain[: extension.start()]
    found = _read_plain(plain)
    return replace(found, text=text, extension=extension["ext"] if extension else "")


def of_key(key: str) -> Reading:
    """The reading of a canonical number that the service itself sent, however odd it is."""
    found = read(key)
    digits = key.removeprefix("+")
    if not found.key and _SENT.fullmatch(digits):
        return Reading(key, key, Kind.UNPLANNED)
    return found


def _read_plain(plain: str) -> Reading:
    problem = _problem(plain)
    if problem:
        return Reading(plain, problem=problem)
    digits = re.sub(r"\D", "", plain)
    if "+" in plain:
        return _read_world(plain, digits)
    if digits.startswith("00"):
        return _read_world(plain, digits[2:])
    return _read_home(plain, digits)


def _problem(plain: str) -> Problem:
    if not plain:
        return Problem.EMPTY
    if re.search(r"[*#]", plain):
        return Problem.CODES
    if re.fullmatch(r"[+\d\s()./,;pwPW-]+", plain) and re.search(r"\d.*[,;pwPW]", plain):
        return Problem.PAUSES
    if not _SHAPE.fullmatch(plain) or not re.search(r"\d", plain):
        return Problem.LETTERS
    if _DATE.fullmatch(plain):
        return Problem.DATE
    if range_of(plain):
        return Problem.RANGE
    if len(re.sub(r"\D", "", plain)) > 17:  # 00 and the 15 digits of E.164
        return Problem.TOO_LONG
    return Problem.NONE


def range_of(plain: str) -> tuple[str, str] | None:
    """``640 3231-33`` as its first and last number, else None.

    The part behind the dash replaces as many last digits, must count upwards, and the part before
    it must be a whole number by itself (``640-3231`` and ``5123 45-67`` are no ranges).
    """
    match = _RANGE.fullmatch(plain)
    if not match:
        return None
    first, tail = re.sub(r"[^\d+]", "", match["first"]), match["last"]
    whole = first.removeprefix("+").removeprefix(numbers.HOME_CODE)
    if not numbers.national(whole) or int(first[-len(tail) :]) >= int(tail):
        return None
    return first, first[: -len(tail)] + tail


def _read_home(plain: str, digits: str) -> Reading:
    if digits in _EMERGENCY:
        return Reading(plain, digits, Kind.EMERGENCY)
    if len(digits) < 3:
        return Reading(plain, problem=Problem.TOO_SHORT)
    if len(digits) <= numbers.SHORT_AT_MOST:
        return Reading(plain, digits, Kind.SERVICE if digits.startswith("1") else Kind.SHORT)
    if len(digits) == 6 and digits.startswith("116"):  # the European numbers of social value
        return Reading(plain, digits, Kind.SERVICE)
    key = numbers.national(digits)
    if key:
        return Reading(plain, key, _home_kind(key))
    home = digits.removeprefix(numbers.HOME_CODE)
    if home != digits and (numbers.national(home) or home in _EMERGENCY):
        return _read_world(plain, digits)
    return _read_habit(plain, digits)


def _home_kind(key: str) -> Kind:
    digits = key.removeprefix("+" + numbers.HOME_CODE)
    if digits.startswith(("900", "901")):
        return Kind.PREMIUM
    if digits.startswith("800"):
        return Kind.FREE
    parsed = numbers.parse(key)
    kind = phonenumbers.number_type(parsed) if parsed else PhoneNumberType.UNKNOWN
    if kind == PhoneNumberType.PREMIUM_RATE:
        return Kind.PREMIUM
    if kind == PhoneNumberType.FIXED_LINE:
        return Kind.FIXED
    return Kind.MOBILE if kind == PhoneNumberType.MOBILE else Kind.UNPLANNED


def _read_habit(plain: str, digits: str) -> Reading:
    """Russian ``8 495 ...``, Finnish ``040 ...``, and a country code without its plus."""
    if _PERSONAL_CODE.fullmatch(plain):
        return Reading(plain, problem=Problem.NO_PLAN)
    guesses = (
        f"+7{digits[1:]}" if len(digits) == 11 and digits.startswith("8") else "",
        f"+358{digits[1:]}" if digits.startswith("0") else "",
        f"+{digits}",
    )
    for guess in filter(None, guesses):
        parsed = numbers.parse(guess)
        if parsed and phonenumbers.is_valid_number(parsed):
            return replace(_read_world(plain, guess[1:]), assumed=True)
    return Reading(plain, problem=Problem.TOO_SHORT if len(digits) < 7 else Problem.NO_PLAN)


def _read_world(plain: str, digits: str) -> Reading:
    home = digits.removeprefix(numbers.HOME_CODE)
    if digits.startswith(numbers.HOME_CODE):
        if home in _EMERGENCY:
            return Reading(plain, home, Kind.EMERGENCY)
        key = numbers.national(home)
        if key:
            return Reading(plain, key, _home_kind(key))
        return Reading(plain, problem=Problem.TOO_SHORT if len(home) < 7 else Problem.TOO_LONG)
    if digits.startswith(_COSTLY_WORLD):
        return Reading(plain, f"+{digits}", Kind.SATELLITE)
    if len(digits) > 15:
        return Reading(plain, problem=Problem.TOO_LONG)
    parsed = numbers.parse(f"+{digits}")
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        return Reading(plain, problem=Problem.TOO_SHORT if len(digits) < 7 else Problem.NO_PLAN)
    key = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Reading(plain, key, Kind.ABROAD, region=numbers.region(key))


def _read_link(scheme: str, rest: str) -> Reading:
    """A ``tel:``, ``callto:`` or ``sip:`` link, after RFC 3966."""
    if scheme.startswith("sip"):
        rest, at, _ = rest.partition("@")
        if not at and _HOST.match(rest):  # the address of a computer, of no person there
            return Reading(rest, problem=Problem.LETTERS)
    body, *parameters = rest.partition("?")[0].split(";")
    given = {
        _unquoted(k).lower(): _unquoted(v) for k, _, v in (p.partition("=") for p in parameters)
    }
    number = normalise(_unquoted(body))
    context = normalise(given.get("phone-context", ""))
    if re.match(r"\+\d", context) and "+" not in number:
        number = context + number
    if any(key in ("postd", "isub") for key in given):  # digits sent after the answer
        return Reading(number, problem=Problem.PAUSES)
    extension = re.sub(r"\D", "", normalise(given.get("ext", "")))[:7]
    return replace(_read_plain(number), extension=extension)


def _unquoted(part: str) -> str:
    """Percent-decoded only after the link was taken apart: ``%3B`` separates nothing."""
    return unquote(part, errors="replace")
