"""All that lies ahead is tried under both rule sets: each kind of number, each way that keys lead, all of the time.

Nothing is guessed of the rules: a way is followed as far as calls come to a menu or a question with their keys used up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ivr.numbers import PhoneNumber
from ivr.proving.moments import Moments
from ivr.proving.outcomes import Outcome
from ivr.proving.plan.changes import (
    ORDINARY,
    WRONG_KEY,
    Callers,
    ChangedCalls,
    Circumstances,
    Difference,
    KeyedRow,
    NumberKind,
    difference,
)
from ivr.proving.plan.circumstances import goes_by_the_clock_while_waiting, worth_trying
from ivr.proving.plan.grid import Grid, Part
from ivr.proving.plan.kinds import BothBelongings, LikeKinds
from ivr.proving.plan.ramps import shares
from ivr.proving.plan.tries import Stop, Tried, Tries
from ivr.rules.model import RuleSet

MOST_WALKS = 120_000
"""Of more, numbers are left out, the rarest kinds first."""

_MENUS_DEEP = 3
_MOST_WORDS = 20
_ALL = 100


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was tried, and what changes; `left_out` are numbers that nobody called, for there are too many kinds.

    `rows` are those that were keyed to each kind of number, `idle` those after which callers stand in a menu. There are
    so many `numbers` (one for all that no rules list) and these sorts of `callers`.
    """

    grid: Grid
    tried: int
    changes: tuple[ChangedCalls, ...]
    left_out: int
    rows: Mapping[NumberKind, tuple[KeyedRow, ...]]
    idle: frozenset[str]
    numbers: int
    callers: tuple[Callers, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A row of keys, and the stops on it; `answered` is where the caller belongs by an answer."""

    row: KeyedRow
    trail: tuple[Stop, ...] = ()
    answered: BothBelongings | None = None


@dataclass(frozen=True, slots=True)
class _Who:
    """Who calls: a number of this kind; `caller` is one of these callers."""

    numbers: NumberKind
    pair: BothBelongings
    callers: Callers
    caller: PhoneNumber | None


def look_ahead(before: RuleSet, after: RuleSet, today: date) -> Ahead:
    """Every change from `today` on."""
    explorer = _Explorer(before, after, today)
    left_out = numbers_there_are = 0
    for numbers, pair, is_same in explorer.kinds.numbers():
        numbers_there_are += len(numbers.numbers)
        if is_same and explorer.is_same_for_all:
            continue
        if explorer.tries.walks >= MOST_WALKS:
            left_out += len(numbers.numbers)
        else:
            explorer.try_number(numbers, pair)
    return Ahead(
        grid=explorer.grid,
        tried=explorer.tried,
        changes=tuple(explorer.changes),
        left_out=left_out,
        rows={kind: tuple(rows) for kind, rows in explorer.rows.items()},
        idle=frozenset(explorer.idle),
        numbers=numbers_there_are,
        callers=explorer.callers,
    )


class _Explorer:
    def __init__(self, before: RuleSet, after: RuleSet, today: date) -> None:
        self._rules = before, after
        self._today = today
        self.grid = Grid(Moments(before), Moments(after), today)
        self.kinds = LikeKinds(before, after, today)
        self.is_same_for_all = self.kinds.same_for_all()
        self.tries = Tries(before, after)
        self.changes: list[ChangedCalls] = []
        self.tried = 0
        self.rows: dict[NumberKind, list[KeyedRow]] = defaultdict(list)
        self.idle: set[str] = set()
        self._callers = list(self.kinds.callers())
        self.callers = (Callers(), *(listed for _, listed in self._callers))
        self._waits_by_the_clock = any(map(goes_by_the_clock_while_waiting, self._rules))
        self._words = _words(self._rules)

    def try_number(self, numbers: NumberKind, pair: BothBelongings) -> None:
        """Who calls such a number: everybody, and callers on lists."""
        self.tries.forget()
        spoken: set[Stop] = set()
        for way in self._ways(everybody := _Who(numbers, pair, Callers(), None)):
            self.rows[numbers].append(way.row)
            usual = self._try_shares(everybody, way)
            self._try_around(everybody, way, usual)
            self._try_words(everybody, way, spoken)
        for members, listed in self._callers:
            for way in self._ways(some := _Who(numbers, pair, listed, members[0])):
                self._try_shares(some, way, members)

    def _ways(self, who: _Who) -> Iterator[_Way]:
        """Every row of keys that leads somewhere else."""
        ways = [_Way(KeyedRow())]
        met = {""}
        while ways:
            way = ways.pop(0)
            yield way
            stops = dict.fromkeys(stop for one in self._over(who, way) for stop in one.stops)
            if any(stop.menu for stop in stops):
                self.idle.add(way.row.press)
            for stop in stops:
                if stop not in way.trail and len(way.trail) < _MENUS_DEEP:
                    further = [one for one in self._further(way, stop) if one.row.press not in met]
                    met |= {one.row.press for one in further}
                    ways += further

    def _further(self, way: _Way, stop: Stop) -> Iterator[_Way]:
        trail = (*way.trail, stop)
        pressed = way.row.press
        if stop.menu:
            menus = [one.menus[stop.menu] for one in self._rules if stop.menu in one.menus]
            for key in (*dict.fromkeys(key for menu in menus for key in menu.options), WRONG_KEY):
                row = KeyedRow(
                    keys=pressed + key,
                    chosen=way.row.chosen + key,
                    menu=stop.menu,
                    key=key,
                    answers=way.row.answers,
                )
                yield replace(way, row=row, trail=trail)
            return
        for digits, answers, pair in self.kinds.answers(stop.question):
            row = replace(way.row, keys=pressed, answer=digits, answers=answers)
            yield _Way(row, trail, pair)

    def _try_shares(self, who: _Who, way: _Way, among: Sequence[PhoneNumber] = ()) -> list[Tried]:
        """Callers, one of each share that a ramp parts; those calls come back that are alike for all."""
        found: dict[tuple[Part, Outcome, Outcome, frozenset[str]], int] = defaultdict(int)
        belongs = way.answered or who.pair
        for caller, percent in shares(self._rules, belongs, self._today, among):
            for one in self._over(replace(who, caller=caller), way):
                found[one.part, one.before, one.after, one.departments] += percent
        by_percent: dict[int, list[Tried]] = defaultdict(list)
        for (part, before, after, departments), percent in found.items():
            by_percent[percent].append(Tried(part, before, after, (), departments))
        for percent, these in by_percent.items():
            self._note(who, way, ORDINARY, these, percent)
        return by_percent[_ALL]

    def _try_around(self, who: _Who, way: _Way, usual: Iterable[Tried]) -> None:
        """Where a call's usual way is the same: nobody signed in, full queues, long waits."""
        alike: dict[Outcome, dict[Outcome, list[Part]]] = defaultdict(lambda: defaultdict(list))
        for one in usual:
            if one.before == one.after:
                alike[one.before][one.after].append(one.part)
        for outcome, by_after in alike.items():
            for parts in by_after.values():
                told: set[tuple[Outcome, Outcome]] = set()
                for around in worth_trying(outcome.ends, self._rules):
                    if around.is_consequence and told:
                        continue
                    found = self._around(who, way, around, parts)
                    new = [one for one in found if (one.before, one.after) not in told]
                    told |= {(one.before, one.after) for one in new if one.before != one.after}
                    self._note(who, way, around, new)

    def _around(
        self, who: _Who, way: _Way, around: Circumstances, parts: list[Part]
    ) -> list[Tried]:
        """What lies behind a queue looks at the clock seldom: else one call says how it goes at all times."""
        tried = parts if self._waits_by_the_clock else parts[:1]
        found = self.tries.over(tried, who.numbers.tried, way.row, who.caller, around)
        if self._waits_by_the_clock:
            return found
        return [replace(found[0], part=part) for part in parts]

    def _try_words(self, who: _Who, way: _Way, spoken: set[Stop]) -> None:
        """Words, in a menu that listens and in which none were `spoken` yet."""
        stops = {stop for one in self._over(who, way) for stop in one.stops} - spoken
        spoken |= stops
        menus = [rules.menus.get(stop.menu) for rules in self._rules for stop in stops]
        if not any(menu and menu.speech for menu in menus):
            return
        for word in self._words:
            saying = replace(way, row=replace(way.row, said=word))
            self._note(who, saying, ORDINARY, self._over(who, saying))

    def _over(self, who: _Who, way: _Way) -> list[Tried]:
        parts = self._parts(who, way)
        return self.tries.over(parts, who.numbers.tried, way.row, who.caller, ORDINARY)

    def _parts(self, who: _Who, way: _Way) -> tuple[Part, ...]:
        return self.grid.parts(self._dates(who, way))

    def _dates(self, who: _Who, way: _Way) -> frozenset[date]:
        return who.pair.dates | way.answered.dates if way.answered else who.pair.dates

    def _note(
        self,
        who: _Who,
        way: _Way,
        around: Circumstances,
        found: Iterable[Tried],
        percent: int = _ALL,
    ) -> None:
        """Keep what changes: calls for which the same changes are one."""
        together: dict[Difference, list[tuple[Tried, Outcome, Outcome]]] = defaultdict(list)
        for one in found:
            self.tried += len(who.numbers.numbers)
            if one.before != one.after:
                before, after = self._marked(who, way, one)
                together[difference(before, after)].append((one, before, after))
        for what, these in together.items():
            cells = zip(*(one.part.cells for one, _, _ in these), strict=True)
            self.changes.append(
                ChangedCalls(
                    numbers=who.numbers,
                    row=way.row,
                    callers=who.callers,
                    around=around,
                    difference=what,
                    outcomes=tuple(dict.fromkeys((before, after) for _, before, after in these)),
                    cells=tuple(map(_union, cells)),
                    dates=self._dates(who, way),
                    departments=frozenset().union(*(one.departments for one, _, _ in these)),
                    calls=len(these) * len(who.numbers.numbers),
                    percent=percent,
                )
            )

    def _marked(self, who: _Who, way: _Way, one: Tried) -> tuple[Outcome, Outcome]:
        before, after = who.pair.marked(one.before, one.after)
        return way.answered.marked(before, after) if way.answered else (before, after)


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _words(rule_sets: Iterable[RuleSet]) -> list[str]:
    """Words that callers may say to a menu, and one that means nothing."""
    said = {
        words[0]
        for rules in rule_sets
        for spoken in (
            *(department.words for department in rules.departments.values()),
            *(option.words for menu in rules.menus.values() for option in menu.options.values()),
        )
        for words in spoken.values()
        if words
    }
    return [*sorted(said)[:_MOST_WORDS], "hm"]
