"""The ways through a rule set as a graph: which place leads where, and how.

A place is a destination (`menu main`, `queue bergen`). A way is taken by itself (a closed
department, a queue that nobody works in), by a caller's silence, by a key, or by waiting. `by ringing` the caller goes
nowhere: another queue's agents are rung too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.rules.model import (
    Attendance,
    Department,
    DialledNumber,
    Location,
    Menu,
    Queue,
    RuleSet,
    Target,
    ToBack,
    ToDepartment,
    ToQueue,
    ToRepeat,
)

HowTaken = Literal["by itself", "by silence", "by key", "by waiting", "by ringing"]


@dataclass(frozen=True, slots=True)
class Way:
    """From one place to another; `at` is where the rules say so."""

    start: str
    end: str
    how: HowTaken
    at: Location


Graph = Mapping[str, tuple[Way, ...]]


def all_ways(rules: RuleSet) -> Graph:
    """Every way, by the place where it starts."""
    onward = _by_start(_each(rules))
    return _by_start([*_each(rules), *_back(rules, onward)])


def reached(rules: RuleSet, graph: Graph) -> frozenset[str]:
    """Every place that some caller can come to from a number."""
    edges = {start: [way.end for way in ways] for start, ways in graph.items()}
    return _spread(_entries(rules), edges)


def leading_to(goals: Iterable[str], graph: Graph) -> frozenset[str]:
    """The goals, and every place from which some caller can come to one of them."""
    backward: dict[str, list[str]] = {}
    for start, ways in graph.items():
        for way in ways:
            backward.setdefault(way.end, []).append(start)
    return _spread(goals, backward)


def attended_places(rules: RuleSet) -> Iterator[tuple[str, Attendance]]:
    """Every department, and every number and menu that has hours, by its place (a number as people write it)."""
    for department in rules.departments.values():
        yield f"{ToDepartment(department.name)}", department.attended
    for menu in rules.menus.values():
        if menu.attended is not None:
            yield f"menu {menu.name}", menu.attended
    for entry in _numbers(rules):
        if entry.attended is not None:
            yield str(entry), entry.attended


def _spread(places: Iterable[str], edges: Mapping[str, list[str]]) -> frozenset[str]:
    waiting = list(places)
    seen: set[str] = set()
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += edges.get(place, ())
    return frozenset(seen)


def _each(rules: RuleSet) -> Iterator[Way]:
    for menu in rules.menus.values():
        yield from _of_menu(menu)
    local: dict[str, list[Target]] = {}
    for site in rules.sites.values():
        for name, place in site.departments.items():
            local.setdefault(name, []).append(place.local)
    for department in rules.departments.values():
        yield from _of_department(department, local.get(department.name, ()))
    for question in rules.questions.values():
        if question.target is not None:
            here = f"question {question.name}"
            yield Way(here, str(question.target.to), "by silence", question.target.at)
    for phone in rules.phones.values():
        if phone.no_answer is not None:
            here = f"phone {phone.name}"
            yield Way(here, str(phone.no_answer.to), "by itself", phone.no_answer.at)
    for queue in rules.queues.values():
        yield from _of_queue(queue)


def _elsewhere(here: str, attended: Attendance | None) -> Iterator[Way]:
    """Where calls go that are not let in."""
    for _, target in attended.elsewhere() if attended is not None else ():
        yield Way(here, str(target.to), "by itself", target.at)


def _of_menu(menu: Menu) -> Iterator[Way]:
    here = f"menu {menu.name}"
    yield from _elsewhere(here, menu.attended)
    for target, how, at in _targets(menu):
        if not isinstance(target.to, ToBack):
            yield Way(here, here if isinstance(target.to, ToRepeat) else str(target.to), how, at)


def _targets(menu: Menu) -> Iterator[tuple[Target, HowTaken, Location]]:
    yield menu.nothing_chosen, "by silence", menu.nothing_chosen.at
    for option in menu.options.values():
        yield option.target, "by key", option.at


def _back(rules: RuleSet, onward: Graph) -> Iterator[Way]:
    """Where `back` leads: to any menu that callers may have met before, or here where this may be their first."""
    first = _first_menus(rules, onward)
    menus = {f"menu {name}" for name in rules.menus}
    for menu in rules.menus.values():
        here = f"menu {menu.name}"
        backs = [(how, at) for target, how, at in _targets(menu) if isinstance(target.to, ToBack)]
        if not backs:
            continue
        before = (leading_to({here}, onward) & menus) - {here}
        if here in first or not before:
            before |= {here}
        for how, at in backs:
            for end in sorted(before):
                yield Way(here, end, how, at)


def _first_menus(rules: RuleSet, onward: Graph) -> frozenset[str]:
    """Places that callers can come to without having met a menu."""
    edges = {
        # A menu that is closed is passed, and not met.
        start: [way.end for way in ways if not start.startswith("menu ") or way.how == "by itself"]
        for start, ways in onward.items()
    }
    return _spread(_entries(rules), edges)


def _entries(rules: RuleSet) -> list[str]:
    targets = [entry.target for entry in _numbers(rules)]
    for entry in _numbers(rules):
        if entry.attended is not None:
            targets += [target for _, target in entry.attended.elsewhere()]
    targets += [one.target for one in rules.callers.values() if one.target is not None]
    return [str(target.to) for target in targets]


def _numbers(rules: RuleSet) -> Iterator[DialledNumber]:
    yield from rules.numbers.values()
    if rules.anything_else is not None:
        yield rules.anything_else


def _by_start(ways: Iterable[Way]) -> dict[str, tuple[Way, ...]]:
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(way.start, []).append(way)
    return {start: tuple(those) for start, those in found.items()}


def _of_department(department: Department, local: Iterable[Target]) -> Iterator[Way]:
    here = f"department {department.name}"
    yield from _elsewhere(here, department.attended)
    for target in (department.national, *local):
        yield Way(here, str(target.to), "by itself", target.at)


def _of_queue(queue: Queue) -> Iterator[Way]:
    here = f"queue {queue.name}"
    nobody = queue.nobody_logged_in
    # Pointing at itself is no way: the caller just waits there.
    if nobody is not None and nobody.to != ToQueue(queue.name):
        yield Way(here, str(nobody.to), "by itself", nobody.at)
    if queue.when_full is not None:
        yield Way(here, str(queue.when_full.to), "by itself", queue.when_full.at)
    if queue.at_closing is not None:
        yield Way(here, str(queue.at_closing.to), "by waiting", queue.at_closing.at)
    for chosen in queue.exits.values():
        yield Way(here, str(chosen.target.to), "by key", chosen.at)
    for step in queue.while_waiting:
        if step.target is not None:
            yield Way(here, str(step.target.to), "by waiting", step.target.at)
        if step.also_ring is not None:
            yield Way(here, str(step.also_ring.to), "by ringing", step.also_ring.at)
