"""Every path that a caller can take through the rules, with where it ends and what is heard on the way.

A path is a number that is dialled and what is keyed in each menu and for each question, silence among it. It ends
where `walk` says, or where it comes to a menu in which it has been before, in the same language and for the same site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ivr.menus.digits import PAUSE, key_word, take_option
from ivr.rules.decision import AnswerKeyed, Facts, OptionChosen
from ivr.rules.model import DialledNumber, Menu, Question, RuleSet
from ivr.rules.visit import (
    AskQuestion,
    Happened,
    InVain,
    Move,
    OfferMenu,
    Present,
    Visit,
    after,
    begin,
)
from ivr.rules.visit.row import RIGHT
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

    move: Move
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
    present = Present.of(facts)
    waiting = [_Standing(begin(rules, facts), (), "", frozenset())]
    while waiting:
        here = waiting.pop()
        match here.move.act:
            case OfferMenu(menu):
                choices = _in_menu(menu)
            case AskQuestion(question):
                choices = _in_question(rules, question)
            case _:
                yield _ended(rules, facts, number, here)
                continue
        now = _situation(here.move.visit)
        if now in here.before:
            yield _round(rules, facts, number, here)
            continue
        waiting += [
            _Standing(
                _does(rules, here.move, does, present),
                (*here.keys, shown),
                here.press + pressed,
                here.before | {now},
            )
            for does, shown, pressed in reversed(list(choices))
        ]


def _situation(visit: Visit) -> object:
    facts = visit.facts
    return visit.place, facts.language, facts.site, facts.asked, facts.on_the_way_to


_Choice = tuple[tuple[Happened, ...], str, str]
"""What a caller can do: what happens then, how it is shown, and how it is keyed."""


def _in_menu(menu: Menu) -> Iterator[_Choice]:
    for key in menu.options:
        yield (OptionChosen(menu.name, key),), key_word(key), key
    yield _silence(menu)


def _in_question(rules: RuleSet, question: Question) -> Iterator[_Choice]:
    for digits in _answers(rules, question):
        pressed = digits + RIGHT[0] if question.confirm else digits
        yield (AnswerKeyed(question.name, digits),), digits, pressed
    yield _silence(question)


def _silence(asking: Menu | Question) -> _Choice:
    return (InVain("no_input"),) * asking.tries, NOTHING, PAUSE * asking.tries


def _does(rules: RuleSet, move: Move, does: tuple[Happened, ...], present: Present) -> Move:
    for happened in does:
        move = after(rules, move.visit, happened, present)
    return move


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
    there = here.move.visit.facts
    # What is heard while nothing more is keyed belongs to other paths.
    return replace(
        ended,
        ends=here.move.visit.place,
        said=(),
        language=there.language,
        site=there.site,
        goes_round=True,
    )
