"""Where calls go round, wait for ever or meet nobody; and all that the other modules here find."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menus.digits import key_word
from ivr.rules.decide.holidays import public_holiday
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.lint.attendance import lint_attendance, never_closed_together
from ivr.rules.lint.exit_keys import lint_exit_keys
from ivr.rules.lint.holidays import lint_holidays
from ivr.rules.lint.hours import lint_hours
from ivr.rules.lint.idle import lint_idle
from ivr.rules.lint.loops import Loop, loops
from ivr.rules.lint.people import lint_not_yet, lint_people, lint_words
from ivr.rules.lint.speech import lint_speech
from ivr.rules.lint.use import lint_use
from ivr.rules.model import Menu, Queue, RuleSet, ToQueue
from ivr.rules.ways import Graph, all_ways, attended_places, leading_to

MANY_CHOICES = 5


def lint(rules: RuleSet, *, is_sound: bool) -> tuple[Fault, ...]:
    """Findings about where calls go. Where other faults left gaps (`is_sound` false), nothing is called unused."""
    graph = all_ways(rules)
    found = [*_loops(rules, graph), *lint_hours(rules), *lint_words(rules), *lint_speech(rules)]
    for menu in rules.menus.values():
        found += _of_menu(menu)
    for queue in rules.queues.values():
        found += _of_queue(queue)
    if is_sound:
        found += lint_use(rules, graph)
        found += lint_people(rules)
        found += lint_not_yet(rules)
        found += lint_exit_keys(rules)
        found += lint_idle(rules)
        found += lint_holidays(rules)
        found += lint_attendance(rules)
        found += _without_people(rules, graph)
        found += _migrations(rules)
        found += _endless(rules)
    if is_sound and rules.anything_else is None and rules.numbers:
        location = next(iter(rules.numbers.values())).at
        message = "calls to any other number are hung up: `numbers` has no `anything else`"
        found.append(
            fault(FaultKind.NUMBERS_OPEN, location, message, "write anything else: {to: menu main}")
        )
    return tuple(found)


def _loops(rules: RuleSet, graph: Graph) -> Iterator[Fault]:
    caught: set[str] = set()
    for loop in loops(graph, lambda way: way.how in {"by itself", "by silence"}):
        if not _covers_itself(rules, graph, loop.group):
            caught |= loop.group
            yield _loop(loop)
    for loop in loops(graph, lambda way: way.how in {"by itself", "by waiting"}):
        waits = any(way.how == "by waiting" for way in loop.ways)
        if waits and not caught & loop.group:
            message = f"callers who wait are sent round: {loop}"
            hint = "let one of them end elsewhere, such as in a voicemail"
            yield fault(FaultKind.OVERFLOW_LOOP, loop.ways[-1].at, message, hint)


def _covers_itself(rules: RuleSet, graph: Graph, group: frozenset[str]) -> bool:
    """Whether calls are led round only while all of these are closed, and one of them is always open."""
    attended = {place: one for place, one in attended_places(rules) if place in group}
    away = {target.at for one in attended.values() for _, target in one.elsewhere()}
    inside = [way for place in group for way in graph.get(place, ()) if way.end in group]
    only_when_closed = all(
        way.at in away for way in inside if way.how in {"by itself", "by silence"}
    )
    return (
        len(attended) == len(group)
        and only_when_closed
        and never_closed_together(rules, attended.values())
    )


def _loop(loop: Loop) -> Fault:
    silent = [way for way in loop.ways if way.how == "by silence"]
    if silent:
        message = f"a caller who keys nothing never gets out: {loop}"
        is_question = silent[-1].start.startswith("question ")
        word = "the question's `to`" if is_question else "nothing_chosen"
        hint = f"let {word} lead to a department, a queue or a voicemail"
        return fault(FaultKind.MENU_LOOP, silent[-1].at, message, hint)
    message = f"a call can end nowhere: {loop}"
    hint = "let the last one lead to a voicemail or hangup"
    return fault(FaultKind.ENDS_NOWHERE, loop.ways[-1].at, message, hint)


def _of_menu(menu: Menu) -> Iterator[Fault]:
    for key, option in menu.options.items():
        longer = next(
            (other for other in menu.options if other != key and other.startswith(key)), None
        )
        if longer is not None:
            message = f"the key {key} hides the key {longer}: whoever keys {longer} has keyed {key}"
            yield fault(
                FaultKind.AMBIGUOUS_KEYS,
                menu.options[longer].at,
                message,
                f"write another key than {longer}, or than {option.key}",
            )
    if len(menu.options) > MANY_CHOICES:
        choices = [
            o
            for o in menu.options.values()
            if o.target.language is None and o.key not in {"*", "#"} and not o.in_all_menus
        ]
        if len(choices) > MANY_CHOICES:
            message = (
                f"menu {menu.name} has {len(choices)} choices; callers remember {MANY_CHOICES}"
            )
            yield fault(FaultKind.MANY_CHOICES, menu.at, message, "put some in a menu of their own")


def _of_queue(queue: Queue) -> Iterator[Fault]:
    leaving = next((step for step in queue.while_waiting if step.target is not None), None)
    after = queue.while_waiting.index(leaving) + 1 if leaving else len(queue.while_waiting)
    for step in queue.while_waiting[after:]:
        left = f"{leaving.after_seconds if leaving else 0:g} s"
        message = f"nobody waits so long in queue {queue.name}: they leave after {left}"
        yield fault(FaultKind.NEVER_REACHED, step.at, message, "take one of the two out")
    for chosen in queue.exits.values():
        if chosen.target.to == ToQueue(queue.name):
            message = f"the key {key_word(chosen.key)} of queue {queue.name} leads back to the queue itself"
            hint = "lead it elsewhere, or take it out: keys that are not listed mean nothing there"
            yield fault(FaultKind.POINTS_AT_ITSELF, chosen.at, message, hint)
    nobody = queue.nobody_logged_in
    if nobody is not None and nobody.to == ToQueue(queue.name):
        message = f"nobody_logged_in of queue {queue.name} points at the queue itself"
        hint = "name another queue or a voicemail, or take it out"
        yield fault(FaultKind.POINTS_AT_ITSELF, nobody.at, message, hint)


def _endless(rules: RuleSet) -> Iterator[Fault]:
    for queue in rules.queues.values():
        if all(step.target is None for step in queue.while_waiting):
            message = f"who waits in queue {queue.name} waits for ever"
            last = f"{{after: 10m, to: voicemail {queue.name}}}"
            hint = f"write {last} as the last step of while_waiting"
            location = queue.while_waiting[-1].at if queue.while_waiting else queue.at
            yield fault(FaultKind.WAITS_FOR_EVER, location, message, hint)


def _without_people(rules: RuleSet, graph: Graph) -> Iterator[Fault]:
    staffed = {queue for agent in rules.agents.values() for queue in agent.queues}
    for queue in rules.queues.values():
        if rules.agents and queue.name not in staffed:
            message = f"no agent works in queue {queue.name}"
            yield fault(
                FaultKind.NO_AGENTS,
                queue.at,
                message,
                f"name it among an agent's queues: [{queue.name}]",
            )
    queues = {f"queue {name}" for name in rules.queues}
    with_people = leading_to(queues, graph)
    for menu in rules.menus.values():
        if f"menu {menu.name}" not in with_people:
            message = f"menu {menu.name} leads to no person"
            yield fault(
                FaultKind.NO_PERSON, menu.at, message, "lead a key to a department or a queue"
            )


def _migrations(rules: RuleSet) -> Iterator[Fault]:
    for site in rules.sites.values():
        for department, local in site.departments.items():
            if local.migrated is None or local.migrated_at is None:
                continue
            holiday = public_holiday(rules.holidays, local.migrated)
            if holiday is not None:
                message = f"{department} in {site.title} is migrated on {local.migrated}, a public holiday ({holiday})"
                hint = "choose a day when someone is at work"
                yield fault(FaultKind.MIGRATED_ON_HOLIDAY, local.migrated_at, message, hint)
