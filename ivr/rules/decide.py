"""`decide`: where a call goes next, and why, and why not elsewhere.

Pure and total: the same rules, facts and turn give the same decision, and no rule set that linked
can make it raise. One decision ends at a place where the caller does something or waits (a menu, a
queue, a voicemail) or at the end of the call.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ivr.numbers import PhoneNumber
from ivr.rules.decision import (
    Arrived,
    Decision,
    Facts,
    Finished,
    Keyed,
    NobodyLoggedIn,
    NothingChosen,
    Turn,
    WaitedLong,
)
from ivr.rules.journey import APOLOGY, Journey
from ivr.rules.model import DialledNumber, Menu, Option, Queue, RuleSet


def decide(rules: RuleSet, facts: Facts, turn: Turn) -> Decision:
    """Where the call goes after this turn, with the steps that led there."""
    journey = Journey(rules, facts)
    match turn:
        case Arrived():
            _arrive(journey)
        case Keyed(menu, key):
            _in_menu(journey, menu, key)
        case NothingChosen(menu):
            _in_menu(journey, menu, None)
        case WaitedLong(queue, step):
            _in_queue(journey, queue, step)
        case NobodyLoggedIn(queue):
            _in_queue(journey, queue, None)
        case Finished():
            journey.reason("the call's story is finished", None)
    return journey.decision()


def _arrive(journey: Journey) -> None:
    rules, facts = journey.rules, journey.facts
    if facts.language not in rules.languages:
        journey.facts = replace(facts, language=rules.languages[0])
    entry = rules.numbers.get(facts.dialled) if facts.dialled is not None else None
    spoken = _spaced(facts.dialled) if facts.dialled is not None else "no number"
    if entry is not None:
        name = f" ({entry.title})" if entry.title else ""
        journey.reason(f"the caller dialled {spoken}{name}: {entry.target.to}", entry.at)
        _enter(journey, entry)
    elif rules.anything_else is not None:
        entry = rules.anything_else
        journey.why_not(f"one of the numbers: {spoken} is not among them", None)
        journey.reason(f"the caller dialled anything else: {entry.target.to}", entry.at)
        _enter(journey, entry)
    else:
        text = f"{spoken} is not among the numbers, and there is no `anything else`"
        journey.reason(text, None)
        journey.hang_up(APOLOGY)


def _enter(journey: Journey, entry: DialledNumber) -> None:
    if entry.site is not None:
        journey.facts = replace(journey.facts, site=entry.site)
        journey.reason(f"the number belongs to the site {entry.site}", entry.at)
    journey.go(entry.target)


def _in_menu(journey: Journey, name: str, key: str | None) -> None:
    """The caller keyed `key` in a menu, or (None) used up its tries."""
    menu = journey.rules.menus.get(name)
    if menu is None:
        journey.gone("menu", name)
    elif key is None:
        target = menu.nothing_chosen
        tries = "1 try" if menu.tries == 1 else f"{menu.tries} tries"
        journey.reason(f"nothing was chosen in menu {name} in {tries}: {target.to}", target.at)
        journey.go(target, menu)
    elif key in menu.options:
        _choose(journey, menu, menu.options[key])
    else:
        journey.reason(f"menu {name} has no key {_spelled(key)}", menu.at)
        journey.enter_menu(menu)


def _choose(journey: Journey, menu: Menu, option: Option) -> None:
    to, language = option.target.to, option.target.language
    spoken = f"{to} in {language}" if language else f"{to}"
    keyed = _spelled(option.key)
    journey.reason(f"the caller keyed {keyed} in menu {menu.name}: {spoken}", option.at)
    for other in menu.options.values():
        if other is not option:
            journey.why_not(f"{other.target.to}: that is key {_spelled(other.key)}", other.at)
    journey.go(option.target, menu)


def _in_queue(journey: Journey, name: str, step: int | None) -> None:
    """The caller waited until a step of a queue, or (None) its last agent signed out."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif step is None:
        journey.leave_or_wait(queue)
    elif 0 <= step < len(queue.while_waiting):
        _overflow(journey, queue, step)
    else:
        text = f"queue {name} says nothing of so long a wait: the caller stays"
        journey.reason(text, queue.at)
        journey.end = queue


def _overflow(journey: Journey, queue: Queue, step: int) -> None:
    reached = queue.while_waiting[step]
    waited = f"the caller waited {reached.after_seconds:g} s in queue {queue.name}"
    journey.reason(f"{waited}: {reached.target.to}", reached.at)
    journey.go(reached.target)


def _spelled(key: str) -> str:
    return {"*": "star", "#": "hash"}.get(key, key)


@lru_cache(maxsize=1024)
def _spaced(number: PhoneNumber) -> str:
    """Spelling a number costs more than all the rest of a decision."""
    return number.spaced
