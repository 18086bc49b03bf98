"""A test on the simulator: does the call do what is expected, and if not, what does it do?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ivr.numbers import number_from_sip, text_from_sip
from ivr.proving.own_calls import dialled_outcome
from ivr.proving.plan.dialling_words import outcome_told
from ivr.proving.rule_tests import RuleTest
from ivr.proving.simulate import simulate
from ivr.rules.decide.dialling import dialled_by
from ivr.rules.decision import Facts
from ivr.rules.model import Agent, RuleSet
from ivr.rules.walk import Walk
from ivr.trunks.allowance import kind_of
from ivr.why import LastAgentFirst, PlaceHadAgain

ELSEWHERE = "the call does not come there"
NO_SITE = "no site"
NOBODY_FIRST = "nobody before others"
"""What came, where no file of tests has a word for it."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A word of `expect` that did not come true, both sides as a person reads them."""

    word: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Result:
    """A test that was run, with all that its call did."""

    test: RuleTest
    walked: Walk
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        return not self.mismatches


def run_test(rules: RuleSet, test: RuleTest) -> Result:
    """Make the call of a test that `check_tests` found nothing wrong with."""
    if test.call.by is not None:
        return _dialled(rules, test, rules.agents[test.call.by])
    walked = simulate(rules, test.call, test.given)
    return Result(test, walked, tuple(_mismatches(test, walked)))


def _dialled(rules: RuleSet, test: RuleTest, agent: Agent) -> Result:
    """What an agent dials is no caller's call: there is one step, and what comes of it."""
    text = text_from_sip(test.call.dials)
    dialling = dialled_by(rules, agent, text, number_from_sip(test.call.dials), kind_of)
    got = outcome_told(dialled_outcome(rules, agent, test.call.dials, kind_of))
    facts = Facts(at=datetime.min.replace(tzinfo=UTC), dialled=None)
    steps = (dialling.step,) if dialling is not None else ()
    walked = Walk(got, (), rules.languages[0], None, steps, facts)
    expected = test.expect.does or ""
    is_so = got == expected or got.startswith(f"{expected},")
    return Result(test, walked, () if is_so else (Mismatch("does", expected, got),))


def passes_by(walked: Walk, destination: str) -> bool:
    """Whether a step that was taken is at the destination, or sends the call there."""
    return any(step.taken and destination in step.because.places() for step in walked.steps)


def given_to(walked: Walk) -> str | None:
    """The site whose call it is in the queue where the call ends; None where that is no split queue."""
    return walked.facts.given_sites.get(walked.ends.removeprefix("queue "))


def first_rung(walked: Walk) -> str | None:
    """The agent who is rung first where the caller waits, for they talked last; None: nobody is for that."""
    first = (one.because for one in walked.steps if one.taken)
    return next((one.agent for one in first if isinstance(one, LastAgentFirst)), None)


def keeps_place(walked: Walk) -> bool:
    """Whether the caller has the place again that they left in an earlier call."""
    return any(one.taken and isinstance(one.because, PlaceHadAgain) for one in walked.steps)


def _mismatches(test: RuleTest, walked: Walk) -> Iterator[Mismatch]:
    expect = test.expect
    if expect.ends is not None and expect.ends != walked.ends:
        yield Mismatch("ends", expect.ends, walked.ends)
    if expect.said is not None and expect.said != walked.said:
        yield Mismatch("said", _listed(expect.said), _listed(walked.said))
    if expect.language is not None and expect.language != walked.language:
        yield Mismatch("language", expect.language, walked.language)
    if expect.site is not None and expect.site != (walked.site or ""):
        yield Mismatch("site", expect.site or "none", walked.site or "none")
    if expect.given_to is not None and expect.given_to != (got := given_to(walked)):
        yield Mismatch("given_to", expect.given_to, got or NO_SITE)
    if expect.first is not None and expect.first != (first := first_rung(walked)):
        yield Mismatch("first", expect.first, first or NOBODY_FIRST)
    if expect.keeps_place is not None and expect.keeps_place is not (has := keeps_place(walked)):
        yield Mismatch("keeps_place", f"{expect.keeps_place}".lower(), f"{has}".lower())
    for destination in expect.passes:
        if not passes_by(walked, destination):
            yield Mismatch("passes", destination, ELSEWHERE)


def _listed(names: tuple[str, ...]) -> str:
    return f"[{', '.join(names)}]"
