"""Calls to try rules with where nobody has any: each number, each way through the menus, each moment that matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome, Simulator, TrialCall
from ivr.proving.rule_tests import Given, PlayedCall
from ivr.rules.model import Menu, Question, RuleSet, ToMenu
from ivr.rules.values.days import KindOfDay
from ivr.rules.ways import attended_places

MOST_CALLS = 100_000
"""Of more, each so-manieth is tried."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MENUS_DEEP = 3
_WRONG_KEY = "D"
_CALLERS_ON_A_RAMP = 20
_MOST_SITES = 20
_MOST_WORDS = 20
_NOON = time(12)
_LONGEST_AWAY_YEARS = 9


@dataclass(frozen=True, slots=True)
class Trials:
    """`calls`, and how many there would have been without the limit."""

    calls: tuple[TrialCall, ...]
    possible: int


def make_trials(simulators: Sequence[Simulator], today: date) -> Trials:
    """Calls that meet every branch of these rule sets as far as numbers, keys and times reach it.

    `today` is where the ordinary week begins, and the year whose holidays are tried.
    """
    rule_sets = [one.rules for one in simulators]
    numbers = _numbers(rule_sets)
    rows = sorted({row for rules in rule_sets for row in key_rows(rules)})
    times = moments_that_matter(simulators, today)
    possible = len(numbers) * len(rows) * len(times)
    stride = -(-possible // MOST_CALLS)
    plain = []
    pairs = [(number, row) for number in numbers for row in rows]
    for place, (number, row) in enumerate(pairs):
        some = times[place % stride :: stride]
        plain += [TrialCall(PlayedCall(number, at, press=row)) for at in some]
    special = _special(simulators, plain)
    return Trials((*plain, *special), possible)


def key_rows(rules: RuleSet) -> list[str]:
    """The rows of keys that lead through every menu: each key, nothing, and a wrong one."""
    rows = {""}
    entries = [*rules.numbers.values()]
    if rules.anything_else is not None:
        entries.append(rules.anything_else)
    targets = [one.target.to for one in entries]
    for _, attended in attended_places(rules):
        targets += [target.to for _, target in attended.elsewhere()]
    first = {to.name for to in targets if isinstance(to, ToMenu)}
    for name in sorted(first):
        rows |= set(_rows_in(rules, rules.menus[name], "", ()))
    answers = [answer for one in rules.questions.values() for answer in _answers(rules, one)]
    return sorted(rows | {row + answer for row in rows for answer in answers})


def moments_that_matter(simulators: Sequence[Simulator], today: date) -> list[datetime]:
    """Just before and at each time of day that stands in the rules, on each day that may differ from others."""
    clocks = sorted({clock for one in simulators for clock in _clocks(one)})
    found: dict[object, datetime] = {}
    zone = simulators[0].rules.timezone
    wall = [moment for one in simulators for moment in one.moments.borders.moments]
    ordinary = [
        datetime.combine(day, clock) for day in _days(simulators, today) for clock in clocks
    ]
    for moment in (*ordinary, *(edge for one in wall for edge in (one - _MINUTE, one))):
        at = moment.replace(tzinfo=zone)
        # Moments that are alike to all the rule sets need one call only.
        found.setdefault(tuple(one.moments.key(at) for one in simulators), at)
    return sorted(found.values())


def _numbers(rule_sets: Sequence[RuleSet]) -> list[PhoneNumber]:
    listed = sorted({number for rules in rule_sets for number in rules.numbers})
    others = (PhoneNumber(f"+47999999{place:02}") for place in range(100))
    return [*listed, next(other for other in others if other not in listed)]


def _rows_in(
    rules: RuleSet, menu: Menu, before: str, trail: tuple[tuple[str, str | None], ...]
) -> Iterator[str]:
    """`trail` has the menus on the way here, each with the language that a key had changed to there."""
    language = trail[-1][1] if trail else None
    yield before + _WRONG_KEY
    for key, option in menu.options.items():
        yield before + key
        to = option.target.to
        if isinstance(to, ToMenu):
            there = (to.name, option.target.language or language)
            if there not in trail and len(trail) < _MENUS_DEEP:
                yield from _rows_in(rules, rules.menus[to.name], before + key, (*trail, there))


def _answers(rules: RuleSet, question: Question) -> list[str]:
    """A postcode of each site and one of none; of other questions, any digits."""
    if not question.finds_site:
        return ["1" * question.digits]
    by_site = {site: codes.first for codes, site in rules.postcodes}
    return [*sorted(by_site.values())[:_MOST_SITES], "0000"]


def _clocks(simulator: Simulator) -> Iterator[time]:
    for clock in (*simulator.moments.borders.clocks, _NOON):
        yield clock
        before = datetime.combine(date(2000, 1, 2), clock) - _MINUTE
        yield before.time()


def _days(simulators: Sequence[Simulator], today: date) -> list[date]:
    days = {today + place * _DAY for place in range(7)}
    for one in simulators:
        for day in (*one.moments.borders.dates, *one.moments.ramp_days()):
            days |= {day - _DAY, day, day + _DAY}
        days |= set(_days_of_the_year(one.moments.borders.kinds, today.year))
    return sorted(days)


def _days_of_the_year(kinds: Iterable[KindOfDay], year: int) -> Iterator[date]:
    """Where each kind of day begins and ends in the year, or in the next in which it comes at all (29 February)."""
    for kind in kinds:
        for tried in range(year, year + _LONGEST_AWAY_YEARS):
            days = [date(tried, 1, 1) + place * _DAY for place in range(-1, 366)]
            falls = [kind.falls_on(day) for day in days]
            edges = [place for place in range(1, len(days)) if falls[place] != falls[place - 1]]
            if edges:
                yield from (day for place in edges for day in days[place - 1 : place + 1])
                break


def _special(simulators: Sequence[Simulator], plain: Iterable[TrialCall]) -> list[TrialCall]:
    """For one call of each kind of outcome: nobody logged in, long waits, and callers whom the rules know.

    Where the outcomes differ as it is, that says enough.
    """
    kinds: dict[tuple[object, ...], tuple[tuple[Outcome, ...], TrialCall]] = {}
    for trial in plain:
        outcomes = tuple(one.outcome(trial) for one in simulators)
        shares = tuple(one.moments.shares(trial.call.at) for one in simulators)
        kind = (trial.call.dialled, trial.call.press, outcomes, shares)
        kinds.setdefault(kind, (outcomes, trial))
    rule_sets = [one.rules for one in simulators]
    nobody = Given(agents={name: 0 for rules in rule_sets for name in rules.queues})
    full = Given(
        waiting={
            queue.name: queue.at_most
            for rules in rule_sets
            for queue in rules.queues.values()
            if queue.at_most is not None
        }
    )
    waits = sorted(
        {
            step.after_seconds
            for rules in rule_sets
            for queue in rules.queues.values()
            for step in queue.while_waiting
        }
    )
    rings = {phone.ring_seconds for rules in rule_sets for phone in rules.phones.values()}
    waits = sorted({*waits, *rings, *(wait + ring for wait in waits for ring in rings)})
    callers = _callers(rule_sets)
    words = _words(rule_sets)
    is_hidden_known = any(one.withheld for rules in rule_sets for one in rules.callers.values())
    special = []
    for outcomes, trial in kinds.values():
        call = trial.call
        if len(set(outcomes)) > 1:
            continue
        ends = {
            one.ends.removeprefix("queue ") for one in outcomes if one.ends.startswith("queue ")
        }
        special += [replace(trial, given=Given(agents={queue: 0})) for queue in sorted(ends)]
        special += [replace(trial, given=nobody), replace(trial, given=full)]
        special += [replace(trial, call=replace(call, waits_seconds=wait)) for wait in waits]
        special += [replace(trial, call=replace(call, caller=caller)) for caller in callers]
        if is_hidden_known:
            special.append(replace(trial, call=replace(call, withheld=True)))
        if not call.press:
            special += [replace(trial, call=replace(call, say=(word,))) for word in words]
    return special[:MOST_CALLS]


def _words(rule_sets: Sequence[RuleSet]) -> list[str]:
    """Words that callers may say to a menu, and one that means nothing."""
    if not any(menu.speech for rules in rule_sets for menu in rules.menus.values()):
        return []
    said = {
        words[0]
        for rules in rule_sets
        for department in rules.departments.values()
        for words in department.words.values()
        if words
    }
    return [*sorted(said)[:_MOST_WORDS], "hm"]


def _callers(rule_sets: Sequence[RuleSet]) -> list[PhoneNumber]:
    """One of each list, one that came to it or left it, and some for both sides of a ramp."""
    listed = set()
    for name in sorted({name for rules in rule_sets for name in rules.callers}):
        each = [
            rules.callers[name].numbers if name in rules.callers else frozenset()
            for rules in rule_sets
        ]
        in_all = frozenset.intersection(*each)
        listed |= {min(some) for one in each for some in (one, one - in_all) if some}
    has_ramp = any(
        local.ramp is not None
        for rules in rule_sets
        for site in rules.sites.values()
        for local in site.departments.values()
    )
    some = range(_CALLERS_ON_A_RAMP if has_ramp else 0)
    return sorted(listed) + [PhoneNumber(f"+47900000{place:02}") for place in some]
