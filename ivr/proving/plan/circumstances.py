"""What is worth trying where all goes its usual way: nobody signed in, a full queue, a caller who waits long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivr.proving.plan.changes import Circumstances
from ivr.proving.rule_tests import Given, LeftBefore
from ivr.rules.model import (
    Queue,
    RuleSet,
    Target,
    ToHangUp,
    ToQueue,
    ToVoicemail,
)

_WAITED_SECONDS = 60.0
"""Of a caller who hung up before: how long makes no difference to where the call goes."""


def worth_trying(ends: str, rule_sets: Sequence[RuleSet]) -> Iterator[Circumstances]:
    """Circumstances in which a call that ends in this queue may end otherwise; the rarer ones last."""
    kind, _, name = ends.partition(" ")
    if kind == "phone":
        rings = {one.phones[name].ring_seconds for one in rule_sets if name in one.phones}
        yield from (Circumstances(waits_seconds=seconds) for seconds in sorted(rings))
    queues = (
        [one.queues[name] for one in rule_sets if name in one.queues] if kind == "queue" else []
    )
    if not queues:
        return
    yield Circumstances(Given(agents={name: 0}))
    everywhere = {one: 0 for rules in rule_sets for one in _reached(rules, name)}
    if len(everywhere) > 1:
        yield Circumstances(Given(agents=everywhere), is_consequence=True)
    for most in sorted({queue.at_most for queue in queues if queue.at_most is not None}):
        yield Circumstances(Given(waiting={name: most}))
    for key in dict.fromkeys(key for queue in queues for key in queue.exits):
        yield Circumstances(key=key)
    for seconds in dict.fromkeys(queue.keep_place_seconds for queue in queues):
        if seconds is not None:
            yield Circumstances(left=LeftBefore(name, seconds, _WAITED_SECONDS))
    own = {wait for rules in rule_sets for wait in _waits(rules, name)}
    later = {wait for rules in rule_sets for wait in _waits_further_on(rules, name)}
    yield from (Circumstances(waits_seconds=seconds) for seconds in sorted(own))
    for seconds in sorted(later - own):
        yield Circumstances(waits_seconds=seconds, is_consequence=True)


def goes_by_the_clock_while_waiting(rules: RuleSet) -> bool:
    """Whether a queue sends calls on to what looks at the time once more."""
    return any(
        not isinstance(target.to, ToQueue | ToVoicemail | ToHangUp)
        for queue in rules.queues.values()
        for target in _ways_out(queue)
    )


def _ways_out(queue: Queue) -> Iterator[Target]:
    ways = (queue.nobody_logged_in, queue.when_full, *(step.target for step in queue.while_waiting))
    yield from (one.target for one in queue.exits.values())
    yield from (way for way in ways if way is not None)


def _reached(rules: RuleSet, name: str) -> dict[str, None]:
    """This queue and those that calls come to from it."""
    met: dict[str, None] = {}
    left = [name]
    while left:
        one = left.pop()
        queue = rules.queues.get(one)
        if queue is not None and one not in met:
            met[one] = None
            left += [way.to.name for way in _ways_out(queue) if isinstance(way.to, ToQueue)]
    return met


def _waits(rules: RuleSet, name: str) -> Iterator[float]:
    """When a step of a wait falls due."""
    queue = rules.queues.get(name)
    yield from (step.after_seconds for step in (queue.while_waiting if queue else ()))


def _waits_further_on(rules: RuleSet, name: str) -> Iterator[float]:
    """When one falls due in a queue that a step leads to."""
    queue = rules.queues.get(name)
    for step in queue.while_waiting if queue else ():
        if step.target is not None and isinstance(step.target.to, ToQueue):
            for seconds in _waits(rules, step.target.to.name):
                yield step.after_seconds + seconds
