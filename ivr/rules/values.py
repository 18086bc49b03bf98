"""Text → values: what a number, a duration, a name or a destination looks like, and what to write when it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from ivr.errors import NumberRefused
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.fault import Kind, did_you_mean, shown
from ivr.rules.model import (
    Account,
    AnswerTarget,
    ByCallerList,
    ByDialledNumber,
    ByQuestion,
    Postcodes,
    Ramp,
    SipAddress,
    SiteWay,
)

ANYTHING_ELSE = "anything else"
EMERGENCY_NUMBERS = frozenset({"110", "112", "113"})
EVERY_LANGUAGE = "*"
COUNTRIES = {"Norway": "NO"}

_NAME = re.compile(r"[a-zæøå0-9][a-zæøå0-9_-]{0,62}\Z")
_PROMPT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*\Z")
_MUSIC = re.compile(r"[a-z0-9_-]{1,40}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)\Z")
_ANSWER = re.compile(r"([0-9]{1,3})% within (\S+)\Z")
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_MENU_KEY = re.compile(r"[0-9]{1,8}\Z")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
RESERVED_ACCOUNTS = frozenset({"local", "direct"})
"""Names that the server uses itself, for calls from this machine and for phones that do not register."""

_SIP = re.compile(
    r"sip:[A-Za-z0-9_.+-]{1,64}@([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(:([0-9]{1,5}))?\Z"
)


_PERCENT = re.compile(r"([0-9]{1,3})%\Z")
_RAMP = re.compile(r"([0-9]{1,3})% each (day|week)\Z")
_EVERY = re.compile(r"every (\S+)\Z")
_WAITING = re.compile(r"([0-9]{1,6}) waiting\Z")
_SCALE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})\Z")
_POSTCODES = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?\Z")
_SPOKEN_WORD = re.compile(r"[^\W\d_]+([ '-][^\W\d_]+)*\Z")

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class ValueRefused(Exception):
    """A text is not the value it should be; becomes a fault at the text's place."""

    def __init__(self, kind: Kind, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high` seconds, both included; `shown` as the admin would write them."""

    low: int
    high: int
    shown: str


def name(text: str) -> str:
    """A name that the admin gives: of a menu, a queue, a site."""
    if _NAME.match(text):
        return text
    small = text.lower().replace(" ", "-")
    hint = "use small letters, digits, '-' and '_', at most 63"
    if _NAME.match(small):
        hint = f"write {small}"
    raise ValueRefused(Kind.NAME, f"{shown(text)} is not a name", hint)


def prompt_name(text: str) -> str:
    """A prompt's name; never a path."""
    if _PROMPT.match(text) and len(text) <= 80:
        return text
    hint = "write its name, such as welcome or closed.summer; the recording is prompts/<language>/<name>.wav"
    raise ValueRefused(Kind.PROMPT_NAME, f"{shown(text)} is not the name of a prompt", hint)


def music_name(text: str) -> str:
    """A piece of music, as Asterisk is told it."""
    if _MUSIC.match(text):
        return text
    raise ValueRefused(
        Kind.NAME, f"{shown(text)} is not the name of a piece of music", "write a name such as calm"
    )


def title(text: str) -> str:
    """A name for people's eyes."""
    if text.strip() and len(text) <= 100:
        return text
    raise ValueRefused(Kind.NAME, "a name for people is 1 to 100 characters long")


def language(text: str) -> str:
    """`nb`, `en`."""
    if _LANGUAGE.match(text):
        return text
    hint = "write a code of two or three small letters, such as nb or en"
    raise ValueRefused(Kind.SETTING, f"{shown(text)} is not a language", hint)


def title_language(text: str) -> str:
    """The language of a title; a title without one serves every language."""
    return text if text == EVERY_LANGUAGE else language(text)


def version(text: str) -> str:
    """The version of the language of rules."""
    if text == "1":
        return text
    raise ValueRefused(Kind.SETTING, f"version {shown(text)} is not known", "write version: 1")


def country(text: str) -> str:
    """The ISO 3166 code of a country named in English."""
    if text in COUNTRIES:
        return COUNTRIES[text]
    raise ValueRefused(
        Kind.SETTING, f"the country {shown(text)} is not known", did_you_mean(text, COUNTRIES)
    )


def zone(text: str) -> ZoneInfo:
    """`Europe/Oslo`."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        near = did_you_mean(text, available_timezones())
    hint = near if near and near.startswith("did") else "write a name such as Europe/Oslo"
    raise ValueRefused(Kind.SETTING, f"there is no time zone called {shown(text)}", hint)


def phone_number(text: str) -> PhoneNumber:
    """A number as people write it."""
    try:
        return parse_number(text)
    except NumberRefused as refused:
        raise ValueRefused(
            Kind.NUMBER, f"{shown(text)} is not a phone number", refused.wanted
        ) from refused


def dialled_number(text: str) -> PhoneNumber | None:
    """What a caller dials; None for `anything else`. Emergency calls are never ours to route."""
    if text == ANYTHING_ELSE:
        return None
    number = phone_number(text)
    if number.digits in EMERGENCY_NUMBERS:
        hint = "take it out: emergency calls pass before any rule is read"
        raise ValueRefused(
            Kind.EMERGENCY, f"{text} is an emergency number; rules must not route it", hint
        )
    return number


def seconds(text: str, bounds: Bounds) -> float:
    """A duration such as `6s`, `2m`, `1h` or `30d`, in seconds."""
    found = _DURATION.match(text)
    if not found:
        message = f"{shown(text)} is not a duration"
        raise ValueRefused(
            Kind.DURATION, message, "write a whole number and s, m, h or d, such as 6s or 2m"
        )
    amount = int(found[1]) * _UNITS[found[2]]
    if not bounds.low <= amount <= bounds.high:
        raise ValueRefused(Kind.DURATION, f"{text} is out of range", f"write {bounds.shown}")
    return float(amount)


_WITHIN = Bounds(1, 3600, "1s to 1h")


def answer_target(text: str) -> AnswerTarget:
    """`80% within 20s`."""
    found = _ANSWER.match(text)
    if not found or not 1 <= int(found[1]) <= 100:
        message = f"{shown(text)} is not a target for answering"
        raise ValueRefused(Kind.ANSWER, message, "write it as 80% within 20s")
    return AnswerTarget(int(found[1]) / 100, seconds(found[2], _WITHIN))


def count(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if _COUNT.match(text) and low <= int(text) <= high:
        return int(text)
    message = f"{shown(text)} is not a number from {low} to {high}"
    raise ValueRefused(Kind.COUNT, message, f"write a whole number from {low} to {high}")


def true_false(text: str) -> bool:
    """`true` or `false`; YAML 1.1 knows twenty more, which mean other things elsewhere."""
    if text in {"true", "false"}:
        return text == "true"
    raise ValueRefused(
        Kind.TRUE_FALSE, f"{shown(text)} is neither true nor false", "write true or false"
    )


def menu_key(text: str) -> str:
    """A key as Asterisk tells it: digits, `*` or `#`."""
    if text in {"star", "hash"}:
        return "*" if text == "star" else "#"
    if _MENU_KEY.match(text):
        return text
    hint = {"*": "write star", "#": "write hash"}.get(text, "write digits, star or hash")
    raise ValueRefused(Kind.MENU_KEY, f"{shown(text)} is not a key of a telephone", hint)


def ring_way(text: str) -> str:
    """In what order agents are rung; there is one way so far."""
    if text == "longest idle":
        return text
    raise ValueRefused(
        Kind.SETTING, f"{shown(text)} is not a way to ring agents", "write ring: longest idle"
    )


def agent_phone(text: str) -> Account | SipAddress:
    """An account that registers, or the SIP URI of a phone that does not."""
    if _ACCOUNT.match(text) and text not in RESERVED_ACCOUNTS:
        return Account(text)
    found = _SIP.match(text)
    if found and (found[3] is None or 1 <= int(found[3]) <= 65535):
        return SipAddress(text)
    hint = "write an account name such as kari (not local or direct), or a URI such as sip:kari@127.0.0.1:5091"
    raise ValueRefused(Kind.PHONE, f"{shown(text)} is not an agent's phone", hint)


def caller_number(text: str) -> PhoneNumber:
    """A number that calls, or that we call: never an emergency number."""
    number = phone_number(text)
    if number.digits in EMERGENCY_NUMBERS:
        hint = "take it out: emergency calls pass before any rule is read"
        raise ValueRefused(Kind.EMERGENCY, f"{text} is an emergency number", hint)
    return number


def phone(text: str) -> Account | SipAddress | PhoneNumber:
    """What `phone vakt` rings: a number, an account that registers, or a SIP URI."""
    if text[:1] in "+0123456789":
        return caller_number(text)
    return agent_phone(text)


def percent(text: str) -> float:
    """`25%` as a share from 0 to 1; 0% is no share."""
    found = _PERCENT.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return int(found[1]) / 100
    message = f"{shown(text)} is not a share"
    raise ValueRefused(Kind.PERCENT, message, "write a whole number from 1% to 100%")


def ramp(text: str) -> Ramp:
    """`25% each week`."""
    found = _RAMP.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return Ramp(int(found[1]), 7 if found[2] == "week" else 1)
    message = f"{shown(text)} does not say how fast callers move"
    share = text.partition("%")[0]
    known = _PERCENT.match(f"{share}%") and 1 <= int(share) <= 100
    hint = f"{share}% each week, or {share}% each day" if known else "25% each week, or 5% each day"
    raise ValueRefused(Kind.PERCENT, message, f"write it as {hint}")


_EVERY_BOUNDS = Bounds(10, 1800, "every 10s to every 30m")


def every(text: str) -> float:
    """`every 45s`, in seconds."""
    found = _EVERY.match(text)
    if found:
        return seconds(found[1], _EVERY_BOUNDS)
    message = f"{shown(text)} does not say how often"
    raise ValueRefused(Kind.DURATION, message, "write it as every 45s")


def waiting(text: str) -> int:
    """`25 waiting`."""
    found = _WAITING.match(text)
    if found and int(found[1]) >= 1:
        return int(found[1])
    message = f"{shown(text)} does not say how many may wait"
    raise ValueRefused(Kind.COUNT, message, "write it as 25 waiting")


def scale(text: str) -> tuple[int, int]:
    """`1-10`."""
    found = _SCALE.match(text)
    if found and int(found[1]) < int(found[2]) <= 10:
        return int(found[1]), int(found[2])
    raise ValueRefused(Kind.COUNT, f"{shown(text)} is not a scale", "write it as 1-10 or 1-5")


def postcodes(text: str) -> Postcodes:
    """`5000-5999`, or one: `5003`."""
    found = _POSTCODES.match(text)
    last = (found[2] or found[1]) if found else ""
    if found and found[1] <= last:
        return Postcodes(found[1], last)
    hint = "write it as 5000-5999 or 5003, four digits each"
    raise ValueRefused(Kind.POSTCODE, f"{shown(text)} are not postcodes", hint)


def spoken_word(text: str) -> str:
    """What a caller may say: words without digits."""
    if _SPOKEN_WORD.match(text) and len(text) <= 60:
        return text
    hint = "write words as they are said, without digits or signs"
    raise ValueRefused(Kind.SPOKEN, f"{shown(text)} is nothing that a caller can say", hint)


def one_of(what: str, *known: str) -> OneOf:
    """One of a few words."""
    return OneOf(what, known)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Converts one of the words `known`, and refuses others."""

    what: str
    known: tuple[str, ...]

    def __call__(self, text: str) -> str:
        if text in self.known:
            return text
        hint = did_you_mean(text, self.known)
        raise ValueRefused(Kind.SETTING, f"{shown(text)} is not {self.what}", hint)


_SITE_WAYS = "dialled number, caller list, or question and a name"


def site_way(text: str) -> SiteWay:
    """How the site of a call is found: `dialled number`, `caller list`, `question postnummer`."""
    if text == "dialled number":
        return ByDialledNumber()
    if text == "caller list":
        return ByCallerList()
    kind, _, question = text.partition(" ")
    if kind == "question" and question:
        return ByQuestion(name(question))
    raise ValueRefused(
        Kind.SETTING, f"{shown(text)} is not a way to find a site", f"write {_SITE_WAYS}"
    )
