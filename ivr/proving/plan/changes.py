"""What a change of the rules changes, as values: who calls, what they key, what becomes of it, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import AskedAfter, Outcome, RungPhone
from ivr.proving.plan.grid import GridCells
from ivr.proving.rule_tests import NOTHING_GIVEN, Given, LeftBefore
from ivr.rules.model import Postcodes

WRONG_KEY = "D"
"""A key that no menu has: keypads of telephones have none such."""
WRONG_ANSWER = "*"
"""Of a question, which wants digits."""


HIDDEN = PhoneNumber("")
"""A caller who hides the number."""


@dataclass(frozen=True, slots=True)
class LikeAnswers:
    """LikeAnswers to a question that belong alike: postcodes; of another question, any. Or what is no answer to it."""

    question: str
    postcodes: tuple[Postcodes, ...] = ()
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """`keys` are pressed; the last of them is `key`, in this menu (WRONG_KEY: a wrong one; "": none).

    Then a question is answered, with one of `answers`, or these words are said. `chosen` are the keys without those
    that answered questions on the way.
    """

    keys: str = ""
    chosen: str = ""
    menu: str = ""
    key: str = ""
    answer: str = ""
    answers: LikeAnswers | None = None
    said: str = ""

    @property
    def press(self) -> str:
        """All that is keyed."""
        return self.keys + self.answer

    @property
    def unanswered(self) -> KeyedRow:
        """The same up to the question."""
        return replace(self, answer="", answers=None) if self.answer else self


@dataclass(frozen=True, slots=True)
class Callers:
    """Callers on these lists before and after (of no list where empty); `count` are they, where they are known."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who works and waits while the call comes in, and how long the caller is ready to wait.

    `key` is what they press while they wait ("": nothing). `is_consequence`: what else changes before may be why this
    does. `left`: they hung up in a queue before.
    """

    given: Given = NOTHING_GIVEN
    waits_seconds: float = 0.0
    is_consequence: bool = False
    key: str = ""
    left: LeftBefore | None = None

    def __hash__(self) -> int:
        given = (tuple(self.given.agents.items()), tuple(self.given.waiting.items()))
        return hash((given, self.waits_seconds, self.key, self.left))


ORDINARY = Circumstances()


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not the same any more. Where calls end elsewhere, that says enough; `ends` is None where they do not.

    `no_longer` and `newly` are the prompts of `said` that were or will be said, `rings` are the phones under one name,
    `asked` the surveys after the talk, `shares` how a queue is split.
    """

    ends: tuple[str, str] | None = None
    no_longer: tuple[str, ...] = ()
    newly: tuple[str, ...] = ()
    language: tuple[str, str] | None = None
    site: tuple[str | None, str | None] | None = None
    rings: tuple[RungPhone, RungPhone] | None = None
    asked: tuple[AskedAfter | None, AskedAfter | None] | None = None
    shares: tuple[str | None, str | None] | None = None


@dataclass(frozen=True, slots=True)
class NumberKind:
    """Numbers that are treated alike; `tried` is the one that was called. None: any number that no rules list.

    `names` has for each number what stands for the marks in a difference.
    """

    numbers: tuple[PhoneNumber | None, ...]
    tried: PhoneNumber
    names: Mapping[PhoneNumber | None, Mapping[str, str]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.numbers)


@dataclass(frozen=True, slots=True)
class ChangedCalls:
    """Calls of one kind that change, and when: on which days, in which slots of the grid. `percent` of the callers.

    `outcomes` are those before and after, each once. `calls` is how many were tried, `dates` are the days on which
    something changes for these callers alone, `departments` those whose hours were looked at.
    """

    numbers: NumberKind
    row: KeyedRow
    callers: Callers
    around: Circumstances
    difference: Difference
    outcomes: tuple[tuple[Outcome, Outcome], ...]
    cells: GridCells
    dates: frozenset[date]
    departments: frozenset[str]
    calls: int
    percent: int = 100


def difference(before: Outcome, after: Outcome) -> Difference:
    """What a caller notices."""
    if before.ends != after.ends:
        return Difference(ends=(before.ends, after.ends))
    no_longer, newly = _unlike(before.said, after.said)
    return Difference(
        no_longer=no_longer,
        newly=newly,
        language=(before.language, after.language) if before.language != after.language else None,
        site=(before.site, after.site) if before.site != after.site else None,
        rings=_unlike_phones(before.rings, after.rings),
        asked=(before.asked, after.asked) if before.asked != after.asked else None,
        shares=(before.shares, after.shares) if before.shares != after.shares else None,
    )


def _unlike_phones(
    before: RungPhone | None, after: RungPhone | None
) -> tuple[RungPhone, RungPhone] | None:
    if before is None or after is None or before == after:
        return None
    return before, after


def _unlike(
    before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Prompts that only one has; where there are none, what stands between the parts that both have at their ends."""
    gone = tuple(dict.fromkeys(prompt for prompt in before if prompt not in after))
    new = tuple(dict.fromkeys(prompt for prompt in after if prompt not in before))
    if gone or new:
        return gone, new
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return before[head : len(before) - tail], after[head : len(after) - tail]


def renamed(one: Difference, names: Mapping[str, str]) -> Difference:
    """The difference with names in place of marks."""
    if one.ends is None:
        return one
    before, after = (_named(end, names) for end in one.ends)
    return replace(one, ends=(before, after))


def _named(ends: str, names: Mapping[str, str]) -> str:
    kind, _, name = ends.partition(" ")
    return f"{kind} {names[name]}" if name in names else ends
