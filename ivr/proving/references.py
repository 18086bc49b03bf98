"""Names that tests give to what stands in the rules: each exists, or a fault says which does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.numbers import number_from_sip
from ivr.proving.rule_tests import RuleTest, RuleTests
from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault, in_reading_order
from ivr.rules.lint.prompts import spoken_prompts
from ivr.rules.model import Location, RuleSet


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a test: what it should be (`noun`), among which names, and where it stands."""

    noun: str
    name: str
    known: Iterable[str]
    location: Location
    where_none: str | None = None
    """What to do where the rules have no such names at all."""


def check_tests(tests: RuleTests, rules: RuleSet) -> tuple[Fault, ...]:
    """A fault for each name in the tests that the rules do not have."""
    prompts = set(spoken_prompts(rules))
    faults = [
        _unknown(name)
        for test in tests.tests
        for name in _names(test, rules, prompts)
        if name.name not in name.known
    ]
    return in_reading_order(faults)


def sound_tests(tests: RuleTests, faults: Iterable[Fault]) -> tuple[RuleTest, ...]:
    """The tests that none of these faults is about."""
    faulty = {(fault.location.line, fault.location.column) for fault in faults}
    return tuple(
        test
        for test in tests.tests
        if not any(
            (location.line, location.column) in faulty
            for location in (test.at, *test.locations.values())
        )
    )


def _names(test: RuleTest, rules: RuleSet, prompts: set[str]) -> Iterator[_Name]:
    left = test.call.left
    queues = {**test.given.agents, **test.given.waiting, **test.given.free}
    where = {
        **{one: f"given.{one}" for one in queues},
        **({left.queue: "call.left"} if left else {}),
    }
    for queue, at in where.items():
        yield _Name("queue", queue, rules.queues, test.locations[at])
    for queue, sites in (*test.given.had.items(), *test.given.away.items()):
        location = test.locations[f"given.{queue}"]
        yield _Name("queue", queue, rules.queues, location)
        for site in sites if queue in rules.queues else ():
            advice = f"queue {queue} is not split: take this out, or write split at the queue"
            yield _Name("share", site, rules.queues[queue].split, location, advice)
    expect, locations = test.expect, test.locations
    agents = (
        ("call.last_agent", test.call.last_agent),
        ("call.by", test.call.by),
        ("expect.first", expect.first),
    )
    yield from (_Name("agent", one, rules.agents, locations[at]) for at, one in agents if one)
    if expect.ends is not None:
        yield from _of_destination(expect.ends, rules, locations["expect.ends"])
    for passed in expect.passes:
        yield from _of_destination(passed, rules, locations["expect.passes"])
    for prompt in expect.said or ():
        yield _Name("prompt", prompt, prompts, locations["expect.said"])
    if expect.language is not None:
        yield _Name("language", expect.language, rules.languages, locations["expect.language"])
    if expect.given_to is not None:
        shares = {site for queue in rules.queues.values() for site in queue.split}
        advice = "no queue is split: take this out, or write split at the queue"
        yield _Name("share", expect.given_to, shares, locations["expect.given_to"], advice)
    yield from _of_what_is_done(test, rules)
    if expect.site:
        yield _Name("site", expect.site, rules.sites, locations["expect.site"])


def _of_what_is_done(test: RuleTest, rules: RuleSet) -> Iterator[_Name]:
    """`rings ola`, `take bergen`, `pause lunch`; and the colleague who is dialled by name."""
    if test.expect.does is None:
        return
    dials = test.call.dials
    # A name that nobody has comes where callers come: a test may expect that, and mostly it is misspelled.
    is_name = bool(dials) and dials[:1].isalpha() and number_from_sip(dials) is None
    if is_name and test.expect.does != "as a caller":
        yield _Name("agent", dials, rules.agents, test.locations["call.dials"])
    location = test.locations["expect.does"]
    verb, _, name = test.expect.does.partition(" ")
    if verb == "rings":
        yield _Name("agent", name, rules.agents, location)
    elif verb in {"take", "leave"}:
        yield _Name("queue", name, rules.queues, location)
    elif verb == "pause" and name:
        yield _Name("reason of a pause", name, rules.duty.pause_reasons, location)


def _of_destination(text: str, rules: RuleSet, location: Location) -> Iterator[_Name]:
    kind, _, name = text.partition(" ")
    # A phone or a question is looked for where the rules have such things.
    known = getattr(rules, f"{kind}s", None)
    if name and known is not None:
        yield _Name(kind, name, known, location)


def _unknown(name: _Name) -> Fault:
    message = f"there is no {name.noun} called {name.name!r} in the rules"
    hint = did_you_mean(name.name, name.known) or name.where_none
    return fault(FaultKind.REFERENCE, name.location, message, hint)
