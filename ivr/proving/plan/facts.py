"""A plan as facts for scripts: all that its lines say, exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, time

from ivr.proving.outcomes import Outcome
from ivr.proving.plan.plan import ChangedGroup, Plan
from ivr.proving.plan.telling import circumstances_told, group_told
from ivr.rules.model import RuleSet
from ivr.rules.values.days import WEEKDAYS, KindOfDay
from ivr.rules.values.windows import DaySpan, TimeStretch, When, WhileOpen
from ivr.showing.sentences import Language
from ivr.showing.sentences.notation import clock, end_of_day

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def plan_facts(
    plan: Plan, rule_sets: Sequence[RuleSet], language: Language = "en"
) -> dict[str, object]:
    """Counts and groups; `rule_sets` are before and after."""
    return {
        "calls": plan.calls,
        "changed": plan.changed,
        "from": plan.today.isoformat() if plan.today else None,
        "numbers_left_out": plan.left_out,
        "groups": [_group(one, plan, rule_sets, language) for one in plan.groups],
    }


def _group(
    group: ChangedGroup, plan: Plan, rule_sets: Sequence[RuleSet], language: Language
) -> dict[str, object]:
    told = group.difference
    before, after = _before_and_after(group)
    presses = [row.press for row in group.rows if not row.said]
    return {
        "count": group.count,
        "to": group.numbers[0].digits if len(group.numbers) == 1 and group.numbers[0] else None,
        "press": presses[0] if len(presses) == 1 and len(group.answers) <= 1 else None,
        "given": circumstances_told(group.around, language),
        "before": before,
        "after": after,
        "first": group.first.isoformat(),
        "last": group.last.isoformat() if group.last else None,
        "text": group_told(group, rule_sets, plan.today, language),
        "numbers": [one.digits if one else None for one in group.numbers],
        "all_numbers": group.is_all_numbers,
        "keys": presses,
        "whatever_they_key": not group.keys and len(group.rows) > 1,
        "says": [row.said for row in group.rows if row.said],
        "answers": [
            {
                "question": one.question,
                "postcodes": list(map(str, one.postcodes)),
                "is_wrong": one.is_wrong,
            }
            if one
            else None
            for one in group.answers
        ],
        "callers": [
            {"before": list(one.before), "after": list(one.after)} for one in group.callers
        ],
        "percent": group.percent,
        "difference": {
            "ends": told.ends,
            "no_longer_says": told.no_longer,
            "says": told.newly,
            "language": told.language,
            "site": told.site,
            "rings": [str(one) for one in told.rings] if told.rings else None,
            "asked": [str(one) if one else None for one in told.asked] if told.asked else None,
            "shares": told.shares,
        },
        "own_queues": {
            number.digits: dict(names) for number, names in group.names.items() if number and names
        },
        "windows": [when_facts(one) for one in group.when],
    }


def when_facts(when: When) -> dict[str, object]:
    """A window: days and times, or from one moment until another."""
    if isinstance(when, WhileOpen):
        return {
            "while": "open" if when.is_open else "closed",
            "department": when.department,
            "first": when.first.isoformat(),
            "last": when.last.isoformat() if when.last else None,
            "windows": [when_facts(one) for one in when.windows],
        }
    if isinstance(when, TimeStretch):
        end = when.end.isoformat(timespec="minutes") if when.end else None
        return {"from": when.start.isoformat(timespec="minutes"), "until": end}
    days = when.days
    return {
        "first": days.first.isoformat(),
        "last": days.last.isoformat() if days.last else None,
        "weekdays": _weekdays(days.weekdays),
        "but_on": [
            {**kind_facts(one.kind), "weekdays": _weekdays(one.weekdays)} for one in days.but
        ],
        "without": _spans(days.without),
        "also": _spans(days.also),
        "times": [[clock(span.start), end_of_day(span.end)] for span in when.times],
    }


def kind_facts(kind: KindOfDay) -> dict[str, object]:
    """`{"kind": "year_day", "month": 12, "day": 24}`: what is not set is left out."""
    found: dict[str, object] = {"kind": _CAPITAL.sub("_", type(kind).__name__).lower()}
    for one in fields(kind):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(kind, one.name)
        if value is not None:
            found[one.name if one.name != "kind" else "of"] = _plain(value)
    return found


def _plain(value: object) -> object:
    match value:
        case KindOfDay():
            return kind_facts(value)
        case date() | time():
            return value.isoformat()
        case tuple() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return value


def _weekdays(weekdays: Iterable[int]) -> list[str]:
    return [WEEKDAYS[one] for one in sorted(weekdays)]


def _spans(spans: Iterable[DaySpan]) -> list[dict[str, str]]:
    return [{"first": one.first.isoformat(), "last": one.last.isoformat()} for one in spans]


def _before_and_after(group: ChangedGroup) -> tuple[str, str]:
    """Where it ends; where that is not the difference, what is."""
    told = group.difference
    if told.ends is not None:
        return told.ends
    ends = {before.ends for before, _ in group.outcomes}
    where = f"{ends.pop()} " if len(ends) == 1 else ""
    was, will_be = zip(*group.outcomes, strict=True)
    return where + _told(was, group), where + _told(will_be, group)


def _told(outcomes: Iterable[Outcome], group: ChangedGroup) -> str:
    told = group.difference
    outcomes = list(outcomes)
    said = []
    if told.newly or told.no_longer:
        heard = {one.said for one in outcomes}
        said.append(f"hears {', '.join(heard.pop()) or 'nothing'}" if len(heard) == 1 else "hears")
    if told.language is not None:
        said.append(f"in {outcomes[0].language}")
    if told.site is not None:
        said.append(f"site {outcomes[0].site or 'not known'}")
    if told.rings is not None:
        said.append(f"rings {outcomes[0].rings}")
    if told.asked is not None:
        said.append(f"asked {outcomes[0].asked}" if outcomes[0].asked else "asked nothing")
    if told.shares is not None:
        said.append(f"split {outcomes[0].shares}" if outcomes[0].shares else "not split")
    return f"({', '.join(said)})"
