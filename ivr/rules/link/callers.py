"""Who calls, and what they dial: numbers, lists of callers, notices: parsed form → RuleSet."""

from __future__ import annotations

from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules import phones
from ivr.rules.fault import Kind
from ivr.rules.link.references import BEFORE_A_MENU, References
from ivr.rules.model import CallerList, DialledNumber, Notice
from ivr.rules.parsed import CallerWords, NoticeWords, RulesFile
from ivr.rules.source import Path


def link_numbers(
    parsed: RulesFile, references: References
) -> dict[PhoneNumber | None, DialledNumber]:
    """What callers dial, by number; under None what becomes of anything else."""
    linked: dict[PhoneNumber | None, DialledNumber] = {}
    for text, words in (parsed.numbers or {}).items():
        path: Path = ("numbers", text)
        number = phones.dialled_number(text)
        site = references.refer("sites", words.site, (*path, "site"))
        target = references.target(words.to, (*path, "to"), BEFORE_A_MENU)
        dialled = DialledNumber(number, words.name, site, target, references.source.key(path))
        earlier = linked.setdefault(number, dialled)
        if earlier is not dialled:
            message = f"{text} already stands at line {earlier.at.line}"
            hint = "keep one of the two"
            references.refuse(Kind.NUMBER_TWICE, path, message, hint, of_key=True)
    return linked


def link_callers(parsed: RulesFile, references: References) -> dict[str, CallerList]:
    """The lists of callers by name. A number in two of them must not belong to two sites."""
    linked: dict[str, CallerList] = {}
    site_of: dict[PhoneNumber, CallerList] = {}
    for name, words in parsed.callers.items():
        linked[name] = one = _caller_list(name, words, references)
        for number in sorted(one.numbers) if one.site else ():
            other = site_of.setdefault(number, one)
            if other.site != one.site:
                message = f"a number stands here and in {other.name}, with another site"
                hint = "keep it in one of the two"
                references.refuse(
                    Kind.AMBIGUOUS_SITE, ("callers", name), message, hint, of_key=True
                )
                break
    return linked


def _caller_list(name: str, words: CallerWords, references: References) -> CallerList:
    path: Path = ("callers", name)
    site = references.refer("sites", words.site, (*path, "site"))
    numbers = words.numbers or []
    here = references.source.as_written((*path, "numbers"))
    seen: set[PhoneNumber] = set()
    for index, number in enumerate(numbers):
        if number in seen:
            message = "this number stands here twice"
            references.refuse(Kind.NUMBER_TWICE, (*here, index), message, "keep one")
        seen.add(number)
    return CallerList(name, frozenset(seen), site, references.source.key(path))


def link_notices(parsed: RulesFile, references: References) -> tuple[Notice, ...]:
    """The notices in the order of the file."""
    return tuple(
        _notice(("notices", number), words, references)
        for number, words in enumerate(parsed.notices)
    )


def _notice(path: Path, words: NoticeWords, references: References) -> Notice:
    start = words.first or words.last or datetime.min  # noqa: DTZ901 - wall clock, without a zone
    end = words.last or start
    if words.first and words.last and end <= start:
        hint = "write the later time as `to`"
        references.refuse(Kind.DATE, (*path, "to"), f"{end} is not after {start}", hint)
    for index, site in enumerate(words.sites or ()):
        references.refer("sites", site, (*path, "sites", index))
    sites = frozenset(words.sites or ())
    return Notice(tuple(words.say or ()), start, end, sites, references.source.value(path))
