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
    Place,
    Postcodes,
    Question,
    Ramp,
    RuleSet,
    SiteWay,
)

_GOLDEN = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio."""


@dataclass(frozen=True, slots=True)
class FoundSite:
    """A site, and the sentence that says why."""

    site: str
    reason: str
    at: Place


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
            return FoundSite(entry.site, f"the number belongs to the site {entry.site}", entry.at)
        case ByCallerList():
            return _by_list(rules, facts.caller)
        case ByQuestion(name):
            return rules.questions.get(name) if name not in facts.asked else None


def _by_list(rules: RuleSet, caller: PhoneNumber | None) -> FoundSite | None:
    for one in rules.callers.values():
        if one.site is not None and caller in one.numbers:
            reason = f"the caller is among {one.name}, who belong to the site {one.site}"
            return FoundSite(one.site, reason, one.at)
    return None


def site_of_postcode(rules: RuleSet, postcode: str) -> tuple[Postcodes, str] | None:
    """The site whose postcodes hold this one, and those postcodes."""
    at = bisect_right(rules.postcodes, postcode, key=lambda one: one[0].first)
    if at == 0:
        return None
    codes, site = rules.postcodes[at - 1]
    return (codes, site) if len(postcode) == 4 and postcode <= codes.last else None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether a call is national by now; `reason` completes "invoices in Bergen …"."""

    is_national: bool
    reason: str
    at: Place | None


def weigh(local: LocalDepartment, today: date, caller: PhoneNumber | None, path: str) -> Weighed:
    """Local or national. `path` names the migration, so that another one draws another share of the callers."""
    migrated = local.migrated
    if migrated is None:
        return Weighed(is_national=False, reason="is local, with no day of migration", at=local.at)
    if today < migrated:
        reason = f"stays local until {migrated}"
        return Weighed(is_national=False, reason=reason, at=local.migrated_at)
    percent = local.ramp.share((today - migrated).days) if local.ramp else 100
    if percent == 100:
        return Weighed(
            is_national=True, reason=f"is national since {migrated}", at=local.migrated_at
        )
    has_moved = _place_in_line(caller, path) < percent
    side = "is among them" if has_moved else "is not yet among them"
    if caller is None:
        side = "is not among them: a caller without a number moves last"
    since = _since(local.ramp, migrated, today)
    reason = f"is national for {percent}% of the callers since {since}, and this one {side}"
    return Weighed(is_national=has_moved, reason=reason, at=local.migrated_at)


def _since(ramp: Ramp | None, migrated: date, today: date) -> date:
    """The day on which the present share began."""
    days = ramp.days if ramp else 1
    whole = (today - migrated).days // days * days
    return date.fromordinal(migrated.toordinal() + whole)


def _place_in_line(caller: PhoneNumber | None, path: str) -> float:
    """From 0 to below 100: the share at which this caller moves. Always the same for the same number.

    Fibonacci hashing, turned by a hash of the path. It spreads numbers that follow one another more evenly than chance
    would: of 10,000 a hash that draws by lot misses a share of 25% by more than one per cent twice in a hundred times.
    """
    if caller is None:
        return 100.0
    turn = int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "big")
    return (int(caller.digits) * _GOLDEN + turn) % 2**64 / 2**64 * 100
