"""The site of a call: by the number that was dialled, the list that the caller is in, or the caller's own answer.

And whether a call of that site is still answered there: the day of the migration decides, and during a ramp the
caller's number.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from ivr.numbers import PhoneNumber
from ivr.rules.decision import Facts
from ivr.rules.model import (
    ByCallerList,
    ByDialledNumber,
    ByQuestion,
    DialledNumber,
    LocalDepartment,
    Location,
    Postcodes,
    Question,
    Ramp,
    RuleSet,
    SiteWay,
)
from ivr.why import (
    LocalForGood,
    LocalUntil,
    NationalSince,
    OnTheRamp,
    SiteByCallers,
    SiteByNumber,
    SiteByPostcode,
    Weighed,
)

_GOLDEN = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio."""


@dataclass(frozen=True, slots=True)
class FoundSite:
    """A site, and why."""

    site: str
    because: SiteByNumber | SiteByCallers | SiteByPostcode
    at: Location


def find_site(
    rules: RuleSet, facts: Facts, entry: DialledNumber | None
) -> FoundSite | Question | None:
    """The site by the first way that answers; a question where that comes first and was not asked yet; or None."""
    for way in rules.site_of_call:
        found = _by(way, rules, facts, entry)
        if found is not None:
            return found
    return None


def dialled_entry(rules: RuleSet, facts: Facts) -> DialledNumber | None:
    """What the rules say of the number that the caller dialled."""
    entry = rules.numbers.get(facts.dialled) if facts.dialled is not None else None
    return rules.anything_else if entry is None else entry


def _by(
    way: SiteWay, rules: RuleSet, facts: Facts, entry: DialledNumber | None
) -> FoundSite | Question | None:
    match way:
        case ByDialledNumber():
            if entry is None or entry.site is None:
                return None
            return FoundSite(entry.site, SiteByNumber(entry.site), entry.at)
        case ByCallerList():
            return _by_list(rules, facts)
        case ByQuestion(name):
            return rules.questions.get(name) if name not in facts.asked else None


def _by_list(rules: RuleSet, facts: Facts) -> FoundSite | None:
    for one in rules.callers.values():
        if one.site is not None and one.has(facts.caller, withheld=facts.withheld):
            return FoundSite(one.site, SiteByCallers(one.name, one.site), one.at)
    return None


def site_of_postcode(rules: RuleSet, postcode: str) -> tuple[Postcodes, str] | None:
    """The site whose postcodes hold this one, and those postcodes."""
    at = bisect_right(rules.postcodes, postcode, key=lambda one: one[0].first)
    if at == 0:
        return None
    codes, site = rules.postcodes[at - 1]
    return (codes, site) if len(postcode) == 4 and postcode <= codes.last else None


@dataclass(frozen=True, slots=True)
class Share:
    """Whether a call is national by now, and why."""

    is_national: bool
    because: Weighed
    at: Location | None


def weigh(
    department: str, site: str, local: LocalDepartment, today: date, caller: PhoneNumber | None
) -> Share:
    """Local or national; `site` is the site's title. Another migration, by its path, draws another share of callers."""
    migrated, at = local.migrated, local.migrated_at
    if migrated is None:
        return Share(is_national=False, because=LocalForGood(department, site), at=local.at)
    if today < migrated:
        return Share(is_national=False, because=LocalUntil(department, site, migrated), at=at)
    percent = _percent(local, migrated, today)
    if percent == 100:
        return Share(is_national=True, because=NationalSince(department, site, migrated), at=at)
    moved = is_national(local, today, caller)
    since = _since(local.ramp, migrated, today)
    because = OnTheRamp(department, site, percent, since, moved, withheld=caller is None)
    return Share(is_national=moved, because=because, at=at)


def is_national(local: LocalDepartment, today: date, caller: PhoneNumber | None) -> bool:
    """Whether this caller's calls have moved by that day."""
    if local.migrated is None or today < local.migrated:
        return False
    percent = _percent(local, local.migrated, today)
    return percent == 100 or place_in_line(caller, local.at.path) < percent


def _percent(local: LocalDepartment, migrated: date, today: date) -> int:
    return local.ramp.share((today - migrated).days) if local.ramp else 100


def _since(ramp: Ramp | None, migrated: date, today: date) -> date:
    """The day on which the present share began."""
    days = ramp.days if ramp else 1
    whole = (today - migrated).days // days * days
    return date.fromordinal(migrated.toordinal() + whole)


def place_in_line(caller: PhoneNumber | None, path: str) -> float:
    """From 0 to below 100: the share at which this caller moves. Always the same for the same number.

    Fibonacci hashing, turned by a hash of the path. It spreads numbers that follow one another more evenly than chance
    would: of 10,000 a hash that draws by lot misses a share of 25% by more than one per cent twice in a hundred times.
    """
    if caller is None:
        return 100.0
    turn = int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "big")
    return (int(caller.digits) * _GOLDEN + turn) % 2**64 / 2**64 * 100
