"""Text → values: what a name, a setting or a key looks like, and what to write when it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

from ivr.rules.fault import FaultKind, did_you_mean, shown, shown_masked, slip_of
from ivr.rules.model import (
    PRIORITIES,
    ByCallerList,
    ByDialledNumber,
    ByQuestion,
    Postcodes,
    RingWay,
    SiteWay,
)
from ivr.rules.norwegian import in_english

EVERY_LANGUAGE = "*"
COUNTRIES = {"Norway": "NO"}


# What a language is called; the first letters tell which.
_LANGUAGE_NAMES = {
    "nor": "nb", "bok": "nb", "no": "nb", "nyn": "nn", "eng": "en", "sve": "sv", "swe": "sv", "dan": "da", "sam": "se",
    "pol": "pl", "deu": "de", "ger": "de", "tys": "de",
}  # fmt: skip
_OTHER_CODES = {
    "no": "nb", "nor": "nb", "nob": "nb", "nno": "nn", "eng": "en", "gb": "en", "us": "en", "swe": "sv", "dan": "da",
    "dk": "da", "pol": "pl", "deu": "de", "ger": "de",
}  # fmt: skip
"""Codes that a language has besides its own, and of countries: no recording, number or voice is found by them."""

_TRUTHS = {
    "true": "true", "yes": "true", "on": "true", "ja": "true", "1": "true", "y": "true",
    "false": "false", "no": "false", "off": "false", "nei": "false", "0": "false", "n": "false",
}  # fmt: skip

_NAME = re.compile(r"[a-zæøå0-9][a-zæøå0-9_-]{0,62}\Z")
PROMPT_NAME = re.compile(r"[a-zæøå0-9_]+(\.[a-zæøå0-9_-]+)*")
"""A prompt's name, in the rules and on the disk: behind a point may stand a site's name. Never a path."""

_MUSIC = re.compile(r"[a-z0-9_-]{1,40}\Z")
_RECORDING = re.compile(r"(?:.*[/\\])?([^/\\]+?)(?:\.(?:wav|mp3|ogg|flac|m4a))?\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_MENU_KEY = re.compile(r"[0-9]{1,8}\Z")
_LOOSE_POSTCODES = re.compile(r"([0-9]{4})\s*(?:[-–]|to|til)\s*([0-9]{4})\Z")
_POSTCODES = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?\Z")
_SPOKEN_WORD = re.compile(r"[^\W\d_]+([ '-][^\W\d_]+)*\Z")


class ValueRefused(Exception):
    """A text is not the value it should be; becomes a fault at the text's place."""

    def __init__(self, kind: FaultKind, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint


def is_name(text: str) -> bool:
    """Whether a name looks so."""
    return _NAME.match(text) is not None


def name(text: str) -> str:
    """A name that the admin gives: of a menu, a queue, a site."""
    if is_name(text):
        return text
    small = name_meant(text)
    hint = f"write {small}" if small else "use small letters, digits, '-' and '_', at most 63"
    raise ValueRefused(FaultKind.NAME, f"{shown_masked(text)} is not a name", hint)


def name_meant(text: str) -> str | None:
    """The name that was written with signs that names do not have: `frakt-henting` for `Frakt/henting`."""
    small = re.sub(r"[^a-zæøå0-9_]+", "-", text.lower()).strip("-")
    return small if is_name(small) and re.search("[a-zæøå]", small) else None


_REASONS_OF_OURS = {
    "missed": "does not take a call",
    "silent": "answers on a phone from which no sound comes",
}


def pause_reason(text: str) -> str:
    """A name for a pause; `missed` and `silent` are those that the server itself gives."""
    if said := _REASONS_OF_OURS.get(text):
        hint = f"take another word, such as lunch; whoever {said} is paused as {text}"
        raise ValueRefused(FaultKind.NAME, f"{text!r} is no reason of yours", hint)
    return name(text)


def prompt_name(text: str) -> str:
    """A prompt's name; never a path."""
    if PROMPT_NAME.fullmatch(text) and len(text) <= 80:
        return text
    found = _RECORDING.match(text)
    meant = re.sub(r"[ -]+", "_", found[1].lower()) if found and "://" not in text else ""
    example = meant if PROMPT_NAME.fullmatch(meant) else "such as welcome or closed.summer"
    hint = f"write its name, {example}; the recording is prompts/<language>/<name>.wav"
    raise ValueRefused(FaultKind.PROMPT_NAME, f"{shown(text)} is not the name of a prompt", hint)


def list_file(text: str) -> str:
    """The file of a list of callers. It has been read by now, and its numbers stand in the list."""
    return text


def music_name(text: str) -> str:
    """A piece of music, as Asterisk is told it."""
    if _MUSIC.match(text):
        return text
    raise ValueRefused(
        FaultKind.NAME,
        f"{shown(text)} is not the name of a piece of music",
        "write a name such as calm",
    )


def title(text: str) -> str:
    """A name for people's eyes."""
    if text.strip() and len(text) <= 100:
        return text
    raise ValueRefused(FaultKind.NAME, "a name for people is 1 to 100 characters long")


def language(text: str) -> str:
    """`nb`, `en`."""
    if _LANGUAGE.match(text) and text not in _OTHER_CODES:
        return text
    code = language_meant(text)
    hint = (
        f"write {code}" if code else "write a code of two or three small letters, such as nb or en"
    )
    raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is not a language", hint)


def language_meant(text: str) -> str | None:
    """The code of a language that was named in another way: `nb` for `no`, `Norsk` and `nb-NO`."""
    word = re.split(r"[-_]", text.strip().lower())[0]
    code = _OTHER_CODES.get(word) or _LANGUAGE_NAMES.get(word[:3], word)
    return code if _LANGUAGE.match(code) else None


def title_language(text: str) -> str:
    """The language of a title; a title without one serves every language."""
    return text if text == EVERY_LANGUAGE else language(text)


def version(text: str) -> str:
    """The version of the language of rules."""
    if text == "1":
        return text
    raise ValueRefused(FaultKind.SETTING, f"version {shown(text)} is not known", "write version: 1")


def country(text: str) -> str:
    """The ISO 3166 code of a country named in English."""
    if text in COUNTRIES:
        return COUNTRIES[text]
    raise ValueRefused(
        FaultKind.SETTING, f"the country {shown(text)} is not known", did_you_mean(text, COUNTRIES)
    )


def zone(text: str) -> ZoneInfo:
    """`Europe/Oslo`."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        hint = slip_of(text, available_timezones()) or "write a name such as Europe/Oslo"
    raise ValueRefused(FaultKind.SETTING, f"there is no time zone called {shown(text)}", hint)


def true_false(text: str) -> bool:
    """`true` or `false`; YAML 1.1 knows twenty more, which mean other things elsewhere."""
    if text in {"true", "false"}:
        return text == "true"
    meant = _TRUTHS.get(text.lower(), "true or false")
    raise ValueRefused(
        FaultKind.TRUE_FALSE, f"{shown(text)} is neither true nor false", f"write {meant}"
    )


def menu_key(text: str) -> str:
    """A key as Asterisk tells it: digits, `*` or `#`."""
    if text in {"star", "hash"}:
        return "*" if text == "star" else "#"
    if _MENU_KEY.match(text):
        return text
    meant = {"*": "star", "#": "hash"}.get(text) or in_english(text, ("star", "hash"))
    hint = f"write {meant}" if meant else "write digits, star or hash"
    raise ValueRefused(FaultKind.MENU_KEY, f"{shown(text)} is not a key of a telephone", hint)


def exit_key(text: str) -> str:
    """A key that leads out of a queue: one, for callers may press it at any moment, and nothing waits for a second."""
    key = menu_key(text)
    if len(key) > 1:
        message = f"{shown(text)} is more than one key: a queue waits for no second one"
        raise ValueRefused(FaultKind.MENU_KEY, message, "write one digit, star or hash")
    return key


RING_WAYS: tuple[RingWay, ...] = get_args(RingWay)


def ring_way(text: str) -> RingWay:
    """In what order agents are rung."""
    for way in RING_WAYS:
        if text == way:
            return way
    hint = did_you_mean(text, RING_WAYS) or f"write one of {', '.join(RING_WAYS)}"
    raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is not a way to ring agents", hint)


def priority(text: str) -> int:
    """How urgent callers are."""
    if text in PRIORITIES:
        return PRIORITIES[text]
    hint = did_you_mean(text, PRIORITIES) or f"write one of {', '.join(PRIORITIES)}"
    raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is not a priority", hint)


def postcodes(text: str) -> Postcodes:
    """`5000-5999`, or one: `5003`."""
    found = _POSTCODES.match(text)
    last = (found[2] or found[1]) if found else ""
    if found and found[1] <= last:
        return Postcodes(found[1], last)
    loose = _LOOSE_POSTCODES.match(text)
    hint = "write it as 5000-5999 or 5003, four digits each"
    if loose:
        hint = f"write it as {'-'.join(sorted(loose.groups()))}"
    raise ValueRefused(FaultKind.POSTCODE, f"{shown(text)} are not postcodes", hint)


def spoken_word(text: str) -> str:
    """What a caller may say: words without digits."""
    if _SPOKEN_WORD.match(text) and len(text) <= 60:
        return text
    hint = "write words as they are said, without digits or signs"
    raise ValueRefused(FaultKind.SPOKEN, f"{shown(text)} is nothing that a caller can say", hint)


def pronunciation(text: str) -> str:
    """How a word sounds, in the signs of the IPA, spaces between words or not."""
    if any(sign.isalpha() for sign in text) and not any(sign.isdecimal() for sign in text):
        return text
    hint = "write it in IPA, as `espeak-ng -v nb --ipa WORD` does: fakˈtʉːra"
    raise ValueRefused(FaultKind.SPOKEN, f"{shown(text)} is no pronunciation", hint)


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
        raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is not {self.what}", hint)


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
        FaultKind.SETTING, f"{shown(text)} is not a way to find a site", f"write {_SITE_WAYS}"
    )
