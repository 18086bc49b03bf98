"""Which numbers, answers and callers two rule sets treat alike: of each kind one is tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome
from ivr.proving.plan.alike import Belonging, Likeness, are_alike
from ivr.proving.plan.changes import HIDDEN, WRONG_ANSWER, Callers, LikeAnswers, NumberKind
from ivr.rules.decide.sites import site_of_postcode
from ivr.rules.model import Postcodes, RuleSet
from ivr.rules.visit.row import RIGHT


@dataclass(frozen=True, slots=True)
class BothBelongings:
    """Where calls belong before and after, and whether others belong alike."""

    before: Belonging
    after: Belonging
    is_one_of_many: bool = True

    @property
    def dates(self) -> frozenset[date]:
        """The days on which something changes for them alone."""
        return self.before.dates | self.after.dates

    @property
    def is_same(self) -> bool:
        """Whether nothing changes for them but what changes for all."""
        names = (self.before.marks, self.after.marks)
        return self.before.shape == self.after.shape and names[0] == names[1]

    @property
    def names(self) -> dict[str, str]:
        """What stands for each mark."""
        return {mark: name for marks in self._marks for name, mark in marks.items()}

    def marked(self, before: Outcome, after: Outcome) -> tuple[Outcome, Outcome]:
        """The outcomes with marks for names, where others have other names."""
        if not self.is_one_of_many:
            return before, after
        old, new = self._marks
        return _marked(before, old), _marked(after, new)

    @property
    def _marks(self) -> tuple[dict[str, str], dict[str, str]]:
        # A name that both sets know has one mark; another of the new set gets one that the old set has not.
        old = dict(self.before.marks)
        new = {name: old.get(name, f"{mark}'") for name, mark in self.after.marks.items()}
        return old, new


class LikeKinds:
    """Of two rule sets."""

    def __init__(self, before: RuleSet, after: RuleSet, today: date) -> None:
        self.rules = (before, after)
        self._likeness = Likeness(before, today), Likeness(after, today)
        self._queues = before.queues.keys(), after.queues.keys()

    def same_for_all(self) -> bool:
        """Whether what all calls meet stays as it is: also any site that an answer or a list of callers leads to."""
        before, after = self._likeness
        return before.core == after.core and (not self._finds_sites() or self._sites_stay())

    def _finds_sites(self) -> bool:
        """Whether a site is found by more than the number."""
        asked = (one.finds_site for rules in self.rules for one in rules.questions.values())
        listed = (one.site is not None for rules in self.rules for one in rules.callers.values())
        return any(asked) or any(listed)

    def _sites_stay(self) -> bool:
        before, after = self.rules
        return (
            before.postcodes == after.postcodes
            and before.sites.keys() == after.sites.keys()
            and all(self._pair_of(name, name).is_same for name in before.sites)
        )

    def numbers(self) -> Iterator[tuple[NumberKind, BothBelongings, bool]]:
        """Numbers, where they belong, and whether the rules say of them what they said; the commonest kind first."""
        listed = sorted({number for rules in self.rules for number in rules.numbers})
        others = (PhoneNumber(f"+47999999{place:02}") for place in range(100))
        unlisted = next(other for other in others if other not in listed)
        found: dict[Hashable, list[PhoneNumber]] = defaultdict(list)
        for number in (*listed, unlisted):
            pair = self._pair(number)
            entries = tuple(one.entry(number) for one in self._likeness)
            found[(entries, are_alike(pair.before, pair.after, self._queues))].append(number)
        for members in sorted(found.values(), key=lambda one: (-len(one), one)):
            pairs = {one: self._pair(one) for one in members}
            first = members[0]
            before, after = (one.entry(first) for one in self._likeness)
            is_same = before == after and pairs[first].is_same
            names = {
                None if number == unlisted else number: pair.names for number, pair in pairs.items()
            }
            yield NumberKind(tuple(names), first, names), pairs[first], is_same

    def answers(self, question: str) -> Iterator[tuple[str, LikeAnswers, BothBelongings | None]]:
        """Digits that answer a question, what they stand for, and where who keys them belongs."""
        yield WRONG_ANSWER, LikeAnswers(question, is_wrong=True), None
        asked = [one for rules in self.rules if (one := rules.questions.get(question))]
        # Where only one of the rule sets reads the answer back, its key would be another menu's in the other.
        agrees = RIGHT[0] if all(one.confirm for one in asked) else ""
        for count in sorted({one.digits for one in asked if not one.finds_site}):
            yield "1" * count + agrees, LikeAnswers(question), None
        if any(one.finds_site for one in asked):
            for digits, answers, pair in self._postcodes(question):
                yield digits + agrees, answers, pair

    def callers(self) -> Iterator[tuple[list[PhoneNumber], Callers]]:
        """Callers on the same lists."""
        lists = [one for rules in self.rules for one in rules.callers.values()]
        numbers = {number for one in lists for number in one.numbers}
        if any(one.withheld for one in lists):
            numbers.add(HIDDEN)
        found: dict[tuple[tuple[str, ...], ...], list[PhoneNumber]] = defaultdict(list)
        for number in numbers:
            found[tuple(_lists(rules, number) for rules in self.rules)].append(number)
        for (before, after), members in sorted(found.items()):
            yield sorted(members), Callers(before, after, len(members))

    def _pair(self, number: PhoneNumber) -> BothBelongings:
        before, after = (one.of_number(number) for one in self._likeness)
        return BothBelongings(before, after)

    def _pair_of(self, before: str | None, after: str | None) -> BothBelongings:
        return BothBelongings(self._likeness[0].of_site(before), self._likeness[1].of_site(after))

    def _postcodes(self, question: str) -> Iterator[tuple[str, LikeAnswers, BothBelongings]]:
        found: dict[Hashable, list[tuple[Postcodes, BothBelongings]]] = defaultdict(list)
        for codes, sites in _ranges(*self.rules):
            pair = self._pair_of(*sites)
            found[are_alike(pair.before, pair.after, self._queues)].append((codes, pair))
        for members in found.values():
            all_codes = tuple(one for one, _ in members)
            belong = {(one.before.site, one.after.site) for _, one in members}
            pair = replace(members[0][1], is_one_of_many=len(belong) > 1)
            yield all_codes[0].first, LikeAnswers(question, all_codes), pair


def _marked(outcome: Outcome, marks: dict[str, str]) -> Outcome:
    return Belonging(None, None, marks, frozenset()).marked(outcome)


def _lists(rules: RuleSet, number: PhoneNumber) -> tuple[str, ...]:
    return tuple(
        name for name, one in rules.callers.items() if one.has(number, withheld=number == HIDDEN)
    )


def _ranges(
    before: RuleSet, after: RuleSet
) -> Iterator[tuple[Postcodes, tuple[str | None, str | None]]]:
    """All postcodes, cut where either rule set has another site."""
    edges = {0, 10_000}
    for rules in (before, after):
        for codes, _ in rules.postcodes:
            edges |= {int(codes.first), int(codes.last) + 1}
    cuts = sorted(edges)
    for begin, end in pairwise(cuts):
        first, last = f"{begin:04}", f"{end - 1:04}"
        yield Postcodes(first, last), (_site(before, first), _site(after, first))


def _site(rules: RuleSet, postcode: str) -> str | None:
    found = site_of_postcode(rules, postcode)
    return found[1] if found else None
