"""Every path that a caller can take through the rules, with where it ends and what is heard on the way.

A path is a number that is dialled and what is keyed in each menu and for each question, silence among it. It ends
where `walk` says, or where it comes to a menu in which it has been before, in the same language and for the same site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ivr.menus.digits import PAUSE, take_option
from ivr.rules.decide import decide
from ivr.rules.decision import (
    Answered,
    Arrived,
    Decision,
    Facts,
    Keyed,
    NothingAnswered,
    NothingChosen,
    Turn,
)
from ivr.rules.model import DialledNumber, Menu, Question, RuleSet
from ivr.rules.walk import walk

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class CallerPath:
    """A path, its end, and what is heard on it.

    `keys` are what is keyed at each place (`1`, `star`, `5003`, `nothing`), `press` the same for `ivr explain`.
    `goes_round` is where the path comes to a menu for the second time: `ends` names it, and the path is not followed
    further.
    """

    number: DialledNumber
    keys: tuple[str, ...]
    press: str
    ends: str
    said: tuple[str, ...]
    language: str
    site: str | None
    goes_round: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    """A caller somewhere on a path; `before` are the menus and questions met so far."""

    decision: Decision
    keys: tuple[str, ...]
    press: str
    before: frozenset[object]


def all_paths(rules: RuleSet, facts: Facts) -> Iterator[CallerPath]:
    """The paths from every number, in the order of the file; `facts` have the time, the caller and the staffing."""
    numbers = [*rules.numbers.values(), *([rules.anything_else] if rules.anything_else else [])]
    for number in numbers:
        yield from paths_from(rules, replace(facts, dialled=number.number), number)


def paths_from(rules: RuleSet, facts: Facts, number: DialledNumber) -> Iterator[CallerPath]:
    """The paths of those who dialled this number."""
    waiting = [_Standing(decide(rules, facts, Arrived()), (), "", frozenset())]
    while waiting:
        here = waiting.pop()
        place = here.decision.then
        if not isinstance(place, Menu | Question):
            yield _ended(rules, facts, number, here)
        elif (now := _situation(here.decision)) in here.before:
            yield _round(rules, facts, number, here)
        else:
            waiting += [
                _Standing(
                    decide(rules, here.decision.facts, turn),
                    (*here.keys, shown),
                    here.press + pressed,
                    here.before | {now},
                )
                for turn, shown, pressed in reversed(list(_choices(rules, place)))
            ]


def _situation(decision: Decision) -> object:
    facts = decision.facts
    return decision.to, facts.language, facts.site, facts.asked, facts.on_the_way_to


def _choices(rules: RuleSet, place: Menu | Question) -> Iterator[tuple[Turn, str, str]]:
    """What a caller can do there: the turn, how it is shown, and how it is keyed."""
    if isinstance(place, Menu):
        for key in place.options:
            yield Keyed(place.name, key), {"*": "star", "#": "hash"}.get(key, key), key
        yield NothingChosen(place.name), NOTHING, PAUSE * place.tries
        return
    for digits in _answers(rules, place):
        yield Answered(place.name, digits), digits, digits
    yield NothingAnswered(place.name), NOTHING, PAUSE * place.tries


def _answers(rules: RuleSet, question: Question) -> Iterator[str]:
    """One answer for each site, and one that is no site's."""
    if not question.finds_site:
        yield "0" * question.digits
        return
    told: set[str] = set()
    for codes, site in rules.postcodes:
        if site not in told:
            told.add(site)
            yield codes.first
    # The first code that lies in no site's: codes are sorted, and none overlaps another.
    free = 0
    for codes, _ in rules.postcodes:
        if free < int(codes.first):
            break
        free = int(codes.last) + 1
    if free < 10**question.digits:
        yield f"{free:0{question.digits}}"


def _ended(rules: RuleSet, facts: Facts, number: DialledNumber, here: _Standing) -> CallerPath:
    walked = walk(rules, facts, here.press, take_option)
    return CallerPath(
        number, here.keys, here.press, walked.ends, walked.said, walked.language, walked.site
    )


def _round(rules: RuleSet, facts: Facts, number: DialledNumber, here: _Standing) -> CallerPath:
    ended = _ended(rules, facts, number, here)
    there = here.decision.facts
    # What is heard while nothing more is keyed belongs to other paths.
    return replace(
        ended,
        ends=here.decision.to,
        said=(),
        language=there.language,
        site=there.site,
        goes_round=True,
    )
