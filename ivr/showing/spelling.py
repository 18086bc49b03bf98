"""How values are written: a pattern, a sentence and examples for each kind of text in the rules.

The patterns are what an editor can look at while somebody types; whether a day exists or a queue is
there is for `ivr check` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import get_args

from ivr.numbers import WITHHELD
from ivr.rules.model import PRIORITIES, Destination
from ivr.rules.values import amounts, countries, destinations, duty, phones, plain, recurring, times
from ivr.rules.values.days import NTH, WEEKDAYS
from ivr.rules.values.destinations import destination

_NAME = "[a-zæøå0-9][a-zæøå0-9_-]{0,62}"
_DATE = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_YEAR_DAY = "[0-9]{2}-[0-9]{2}|easter[+-][0-9]{1,3}"
_DURATION = "[0-9]{1,6}[smhd]"
_DAY = f"({'|'.join(WEEKDAYS)})"
_DAYS = f"daily|{_DAY}(-{_DAY})?|({'|'.join(NTH)}) {_DAY}"
_SEASON = "[0-9]{2}-[0-9]{2} to [0-9]{2}-[0-9]{2}"
_SHARE = "[0-9]{1,3}%"


@dataclass(frozen=True, slots=True)
class Spelled:
    """`types` are those that an editor may take such a text for; `known` are all values, where they are few."""

    says: str
    pattern: str | None = None
    examples: tuple[str, ...] = ()
    types: tuple[str, ...] = ("string",)
    known: tuple[str | int, ...] = ()
    range: tuple[int, int] | None = None


def _to_where() -> tuple[str, tuple[str, ...]]:
    named = [kind for kind in get_args(Destination) if fields(kind)]
    alone = tuple(str(kind()) for kind in get_args(Destination) if not fields(kind))
    kinds = tuple(str(kind("x")).removesuffix(" x") for kind in named)
    return f"({'|'.join(kinds)}) {_NAME}|{'|'.join(alone)}", (*kinds, *alone)


_WHERE, _WORDS_OF_WHERE = _to_where()
_DESTINATION = Spelled(
    "Where the call goes: two words such as `queue bergen`, or one. The first is one of: "
    f"{', '.join(_WORDS_OF_WHERE)}.",
    _WHERE,
    ("menu main", "department kundeservice", "queue bergen", "hangup"),
)
_PHONE_NUMBER = Spelled(
    "A phone number, with country code or as dialled in Norway.",
    "[+]?[0-9][0-9 ()./-]{0,30}",
    ("+47 55 30 10 00", "02222"),
    ("string", "integer"),
)
_AGENT_PHONE = Spelled(
    "The account that the phone registers as, or the SIP address of a phone that does not register.",
    r"[a-z0-9][a-z0-9_-]{0,39}|sip:[A-Za-z0-9_.+-]{1,64}@([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(:[0-9]{1,5})?",
    ("kari", "sip:kari@127.0.0.1:5091"),
    ("string", "integer"),
)

_SPELLED: Mapping[Callable[[str], object], Spelled] = {
    destination: _DESTINATION,
    destinations.at_closing_time: Spelled(
        f"Where those who wait go when the department closes, or: {destinations.SERVE}.",
        f"{destinations.SERVE}|{_WHERE}",
        (destinations.SERVE, "voicemail kundeservice"),
    ),
    plain.name: Spelled(
        "A name: small letters, digits, '-' and '_'.", _NAME, ("bergen",), ("string", "integer")
    ),
    plain.pause_reason: Spelled("Why an agent pauses.", _NAME, ("lunch",), ("string", "integer")),
    duty.phone_code: Spelled(
        "What agents dial: a star or a hash, and 1 to 6 digits.",
        "(star|hash|[*#]) ?[0-9]{1,6}",
        ("star 11", "hash 2"),
    ),
    duty.code_meaning: Spelled(
        "What a code does.",
        "sign in|sign out|pause|resume|end wrap-up|longer wrap-up|sit down|stand up|(pause|take|leave) "
        + f"({_NAME})",
        ("sign in", "pause lunch", "take bergen"),
    ),
    duty.extension: Spelled(
        "2 to 6 digits, the first of them 2 to 9.",
        "[2-9][0-9]{1,5}",
        ("21",),
        ("string", "integer"),
    ),
    duty.may_call: Spelled(
        "A kind of number, or a country's code; behind it, more digits.",
        "national|mobile|short|special|[+][1-9][0-9]{0,6}",
        ("national", "mobile", "+46"),
        ("string", "integer"),
    ),
    amounts.missed: Spelled("After how many.", "pause after [0-9]{1,2}", ("pause after 2",)),
    plain.prompt_name: Spelled(
        "A prompt's name: prompts/<language>/<name>.wav.",
        plain.PROMPT_NAME.pattern,
        ("welcome", "main.choices"),
        ("string", "integer"),
    ),
    plain.music_name: Spelled(
        "A piece of music: a folder below prompts/music.",
        "[a-z0-9_-]{1,40}",
        ("calm",),
        ("string", "integer"),
    ),
    plain.title: Spelled(
        "A name for people to read.", r"[\s\S]{1,100}", ("Bergen",), ("string", "number", "boolean")
    ),
    plain.language: Spelled(
        "A language, as two or three small letters.", "[a-z]{2,3}", ("nb", "en")
    ),
    plain.title_language: Spelled(
        "The language of this name.", rf"[a-z]{{2,3}}|[{plain.EVERY_LANGUAGE}]", ("nb", "en")
    ),
    plain.version: Spelled(
        "The version of the language of rules.", known=(1, "1"), types=("integer", "string")
    ),
    plain.country: Spelled("A country, in English.", known=tuple(plain.COUNTRIES)),
    countries.public_holidays_of: Spelled(
        "A country, in English, or a region in one.",
        f"([^ ].{{0,60}} in )?({'|'.join(countries.HOLIDAYS_OF)})",
        ("Norway", "Bayern in Germany"),
    ),
    plain.zone: Spelled("A time zone.", "[A-Za-z0-9_+/-]{1,64}", ("Europe/Oslo",)),
    phones.dialled_number: Spelled(
        "A number that callers dial, or `anything else`.",
        f"{_PHONE_NUMBER.pattern}|{phones.ANYTHING_ELSE}",
        ("+47 55 30 10 00", phones.ANYTHING_ELSE),
    ),
    phones.caller_number: _PHONE_NUMBER,
    phones.listed_caller: Spelled(
        f"A number that calls, or `{WITHHELD}` for whoever hides it.",
        f"{_PHONE_NUMBER.pattern}|{WITHHELD}",
        ("+47 55 97 00 00", WITHHELD),
        ("string", "integer"),
    ),
    plain.list_file: Spelled(
        "A file of numbers beside the rules, one a line; more columns do no harm.",
        r"[\w.*?-][\w .*?/-]{0,199}",
        ("lists/vip.csv",),
    ),
    amounts.answer_target: Spelled(
        "The target: so many of the calls answered within so long.",
        f"{_SHARE} within {_DURATION}",
        ("80% within 20s",),
    ),
    plain.true_false: Spelled(
        "true or false.", "true|false", ("true", "false"), ("boolean", "string")
    ),
    plain.menu_key: Spelled(
        "A key of the telephone: digits, star or hash.",
        "[0-9]{1,8}|star|hash",
        ("1", "star", "hash"),
    ),
    plain.exit_key: Spelled(
        "One key of the telephone: a digit, star or hash.", "[0-9]|star|hash", ("1", "star", "hash")
    ),
    plain.ring_way: Spelled("In which order agents are rung.", known=plain.RING_WAYS),
    plain.priority: Spelled("How urgent callers are.", known=tuple(PRIORITIES)),
    amounts.widening: Spelled(
        "How long callers wait for a better match.", f"never|{_DURATION}", ("30s", "never")
    ),
    phones.agent_phone: _AGENT_PHONE,
    phones.phone: Spelled(
        "A number, an account that registers, or a SIP address.",
        f"{_PHONE_NUMBER.pattern}|{_AGENT_PHONE.pattern}",
        ("+47 900 00 000", "vakt"),
        ("string", "integer"),
    ),
    amounts.percent: Spelled("A share, in whole per cent.", _SHARE, ("25%",)),
    amounts.ramp: Spelled(
        "How fast callers move, from the day of the migration.",
        f"{_SHARE} each (day|week)",
        ("25% each week",),
    ),
    amounts.every: Spelled("How often.", f"every {_DURATION}", ("every 45s",)),
    amounts.catching_up: Spelled(
        "How many calls a site gets later that it could not take.",
        "(?:[0-9]{1,4} calls?|never)",
        ("20 calls", "never"),
    ),
    amounts.last_agent: Spelled(
        "How long ago the talk may have been.", f"within {_DURATION}", ("within 7d",)
    ),
    amounts.calls_at_once: Spelled("How many calls at once.", "[0-9]{1,4} calls?", ("5 calls",)),
    amounts.waiting: Spelled("How many callers may wait.", "[0-9]{1,6} waiting", ("25 waiting",)),
    amounts.scale: Spelled(
        "From the lowest answer to the highest.", "[0-9]{1,2}-[0-9]{1,2}", ("1-10",)
    ),
    plain.postcodes: Spelled(
        "Postcodes, from the first to the last.",
        "[0-9]{4}(-[0-9]{4})?",
        ("5000-5999", "5003"),
        ("string", "integer"),
    ),
    plain.spoken_word: Spelled(
        "What a caller may say: words, without digits.",
        "[^0-9_]{1,60}",
        ("faktura",),
        ("string", "boolean"),
    ),
    plain.pronunciation: Spelled("How a word sounds, in IPA.", "[^0-9]*\\w[^0-9]*", ("fakˈtʉːra",)),
    plain.site_way: Spelled(
        "How the site of a call is found.",
        f"dialled number|caller list|question {_NAME}",
        ("dialled number", "caller list", "question postnummer"),
    ),
    recurring.days: Spelled(
        "Days of the week, one of each month, or a season of each year.",
        f"{_DAYS}|{_SEASON}",
        ("mon-fri", "sat", "daily", "first mon", "last fri", "06-01 to 08-31"),
    ),
    recurring.days_in_season: Spelled(
        "Days of the week, or one of each month.", _DAYS, ("mon-fri", "sat", "daily", "first mon")
    ),
    times.span: Spelled(
        "Open from, until. May pass midnight; 24:00 is the end of the day.",
        f"{_CLOCK}-({_CLOCK}|24:00)",
        ("08:00-16:00",),
    ),
    times.span_or_closed: Spelled(
        "Open from, until. May pass midnight; 24:00 is the end of the day. "
        "For a day of the month or a season also `closed`.",
        f"{_CLOCK}-({_CLOCK}|24:00)|closed",
        ("08:00-16:00", "closed"),
    ),
    times.until: Spelled("Open, but only until this time.", f"until {_CLOCK}", ("until 12:00",)),
    times.calendar_date: Spelled("A date: year, month, day.", _DATE, ("2026-07-13",)),
    times.year_day: Spelled(
        "A day of each year: month and day, or days from Easter Sunday.",
        _YEAR_DAY,
        ("12-24", "easter-4"),
    ),
    times.day_or_year_day: Spelled(
        "A date; or a day of each year: month and day, or days from Easter Sunday.",
        f"{_DATE}|{_YEAR_DAY}",
        ("2026-12-24", "12-24", "easter-4"),
    ),
    times.day_or_moment: Spelled(
        "A date, or a date and a time.",
        f"{_DATE}(?: {_CLOCK})?",
        ("2026-12-01", "2026-12-01 08:00"),
    ),
}


def spelled(convert: Callable[[str], object]) -> Spelled | None:
    """How the text is written that `convert` reads; None where nobody has said it yet."""
    if isinstance(convert, plain.OneOf):
        return Spelled("One of these words.", known=convert.known)
    if isinstance(convert, partial):
        return _within(convert)
    return _SPELLED.get(convert)


def _within(convert: partial[object]) -> Spelled | None:
    match convert.keywords:
        case {"bounds": amounts.Bounds(shown=shown)}:
            says = f"A whole number with s, m, h or d: {shown}."
            return Spelled(says, _DURATION, tuple(shown.split(" to ")))
        case {"low": int() as low, "high": int() as high}:
            says = f"A whole number from {low} to {high}."
            return Spelled(says, "[0-9]{1,9}", types=("integer", "string"), range=(low, high))
        case _:
            return None
