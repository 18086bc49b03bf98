"""What callers dial, and what they hear first: numbers and notices: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind
from ivr.rules.link.attendance import AttendanceLink
from ivr.rules.link.references import AT_ARRIVAL, References, spelled_place
from ivr.rules.model import DialledNumber, Hours, Notice
from ivr.rules.parsed import NoticeWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import phones


def link_numbers(
    parsed: RulesFile, references: References, hours: Mapping[str, Hours]
) -> dict[PhoneNumber | None, DialledNumber]:
    """What callers dial, by number; under None what becomes of anything else."""
    linked: dict[PhoneNumber | None, DialledNumber] = {}
    for text, words in (parsed.numbers or {}).items():
        path: WordPath = ("numbers", text)
        number = phones.dialled_number(text)
        site = references.refer("sites", words.site, (*path, "site"))
        language = references.language(words.language, (*path, "language"))
        target = references.target(words.to, (*path, "to"), AT_ARRIVAL, language)
        at = references.source.key(path)
        attended = AttendanceLink(references, hours).at_times(words, path, language)
        dialled = DialledNumber(number, words.name, site, target, at, attended)
        earlier = linked.setdefault(number, dialled)
        if earlier is not dialled:
            message = f"{text} already stands at {spelled_place(earlier.at, at)}"
            hint = "keep one of the two"
            references.refuse(FaultKind.NUMBER_TWICE, path, message, hint, of_key=True)
    return linked


def link_notices(parsed: RulesFile, references: References) -> tuple[Notice, ...]:
    """The notices in the order of the file."""
    return tuple(
        _notice(("notices", number), words, references)
        for number, words in enumerate(parsed.notices)
    )


def _notice(path: WordPath, words: NoticeWords, references: References) -> Notice:
    start, end = _window(words)
    if words.first and words.last and end <= start:
        hint = "write the later time as `to`"
        message = f"{_spelled(words.last)} is not after {_spelled(words.first)}"
        references.refuse(FaultKind.DATE, (*path, "to"), message, hint)
    elif isinstance(words.last, datetime) and words.last.time() == time.min:
        _tell_last_day(words.last.date(), (*path, "to"), references)
    references.refer_each("sites", words.sites or (), (*path, "sites"))
    sites = frozenset(words.sites or ())
    return Notice(tuple(words.say or ()), start, end, sites, references.source.value(path))


def _window(words: NoticeWords) -> tuple[datetime, datetime]:
    """From when until before when; a day that has no time is in it as a whole."""
    first = words.first or words.last or date.min
    last = words.last or first
    if not isinstance(last, datetime) and last < date.max:
        last += timedelta(days=1)
    return _at_its_beginning(first), _at_its_beginning(last)


def _at_its_beginning(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)


def _spelled(day: date) -> str:
    return f"{day:%Y-%m-%d %H:%M}" if isinstance(day, datetime) else f"{day}"


def _tell_last_day(day: date, path: WordPath, references: References) -> None:
    before = day - timedelta(days=1)
    message = f"{day} 00:00 is where that day begins: the last day of the notice is {before}"
    hint = f"write to: {before} if that is meant, or to: {day} for one day more"
    references.refuse(FaultKind.ENDS_AT_MIDNIGHT, path, message, hint)
