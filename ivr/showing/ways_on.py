"""The map of the rules: places (`menu main`, `queue bergen`) and the ways between them, each with its key or condition.

In the order of the file, so that the same rules always give the same map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.menus.digits import key_word
from ivr.rules.model import (
    Attendance,
    ByQuestion,
    Department,
    DialledNumber,
    LocalDepartment,
    Menu,
    Queue,
    RuleSet,
    Site,
    Target,
    ToRepeat,
)
from ivr.rules.ways import attended_places


@dataclass(frozen=True, slots=True)
class WayOn:
    """From one place to another. `aside` are the ways of the bad days: closed, nobody there, waited too long."""

    start: str
    end: str
    label: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """`entries` are what callers dial. `notes` are what stands beside a place: a title, how many agents there are."""

    entries: tuple[str, ...]
    ways: tuple[WayOn, ...]
    notes: dict[str, str]

    def places(self) -> tuple[str, ...]:
        """Every place, in the order in which the ways name them."""
        named = (place for way in self.ways for place in (way.start, way.end))
        return tuple(dict.fromkeys([*self.entries, *named]))


def draw_map(rules: RuleSet) -> Map:
    """The map of these rules. Lists of callers whose calls go elsewhere begin ways, as numbers do."""
    numbers = [*rules.numbers.values(), *([rules.anything_else] if rules.anything_else else [])]
    lists = [one for one in rules.callers.values() if one.target is not None]
    of_lists = [_way(f"callers {one.name}", one.target) for one in lists if one.target]
    ways = [*(way for number in numbers for way in _of_number(number)), *of_lists, *_inside(rules)]
    notes = {entry_name(number): _beside_number(rules, number) for number in numbers}
    for place, attended in attended_places(rules):
        notes[place] = ", ".join(filter(None, [notes.get(place), f"open: {attended.hours.name}"]))
    for queue in rules.queues:
        agents = sum(queue in agent.queues for agent in rules.agents.values())
        notes[f"queue {queue}"] = "1 agent" if agents == 1 else f"{agents or 'no'} agents"
    entries = [*map(entry_name, numbers), *(f"callers {one.name}" for one in lists)]
    return Map(tuple(entries), tuple(ways), notes)


def entry_name(number: DialledNumber) -> str:
    """What callers dial, as a person writes it."""
    return str(number)


def _beside_number(rules: RuleSet, number: DialledNumber) -> str:
    site = rules.sites.get(number.site or "")
    names = dict.fromkeys(filter(None, [number.title, site.title if site else None]))
    return ", ".join(names)


def _of_number(number: DialledNumber) -> Iterator[WayOn]:
    yield _way(entry_name(number), number.target)
    yield from _elsewhere(entry_name(number), number.attended)


def _elsewhere(here: str, attended: Attendance | None) -> Iterator[WayOn]:
    for label, target in attended.elsewhere() if attended is not None else ():
        yield _way(here, target, label, aside=True)


def _way(start: str, target: Target, label: str = "", *, aside: bool = False) -> WayOn:
    language = f"in {target.language}" if target.language else ""
    end = start if isinstance(target.to, ToRepeat) else str(target.to)
    return WayOn(start, end, ", ".join(filter(None, [label, language])), aside)


def _inside(rules: RuleSet) -> Iterator[WayOn]:
    for menu in rules.menus.values():
        yield from _of_menu(menu)
    for question in rules.questions.values():
        if question.target is not None:
            yield _way(f"question {question.name}", question.target)
    for department in rules.departments.values():
        yield from _of_department(rules, department)
    for queue in rules.queues.values():
        yield from _of_queue(queue)
    for phone in rules.phones.values():
        if phone.no_answer is not None:
            yield _way(f"phone {phone.name}", phone.no_answer, "no answer", aside=True)


def _of_menu(menu: Menu) -> Iterator[WayOn]:
    here = f"menu {menu.name}"
    for option in menu.options.values():
        yield _way(here, option.target, f"key {key_word(option.key)}")
    yield _way(here, menu.nothing_chosen, "nothing chosen", aside=True)
    yield from _elsewhere(here, menu.attended)


def _of_department(rules: RuleSet, department: Department) -> Iterator[WayOn]:
    here = f"department {department.name}"
    at_sites = [
        (site, site.departments[department.name])
        for site in rules.sites.values()
        if department.name in site.departments
    ]
    if at_sites:
        for way in rules.site_of_call:
            if isinstance(way, ByQuestion):
                yield WayOn(here, f"question {way.question}", "site not known: asks", aside=True)
    for site, local in at_sites:
        yield _way(here, local.local, _locally(site, local))
    yield _way(here, department.national, "national")
    yield from _elsewhere(here, department.attended)


def _locally(site: Site, local: LocalDepartment) -> str:
    if local.migrated is None:
        return site.title
    if local.ramp is None:
        return f"{site.title} until {local.migrated}"
    days = "each week" if local.ramp.days == 7 else "each day"
    return f"{site.title}, from {local.migrated} {local.ramp.percent}% fewer {days}"


def _of_queue(queue: Queue) -> Iterator[WayOn]:
    here = f"queue {queue.name}"
    for chosen in queue.exits.values():
        yield _way(here, chosen.target, f"key {key_word(chosen.key)}")
    for step in queue.while_waiting:
        after = f"after {_spoken(step.after_seconds)}"
        if step.target is not None:
            yield _way(here, step.target, after, aside=True)
        if step.also_ring is not None:
            yield _way(here, step.also_ring, f"{after} also rings", aside=True)
        if step.offer is not None:
            yield WayOn(here, step.offer, f"{after} offers", aside=True)
    if queue.nobody_logged_in is not None:
        yield _way(here, queue.nobody_logged_in, "nobody logged in", aside=True)
    if queue.when_full is not None:
        yield _way(here, queue.when_full, f"full ({queue.at_most} waiting)", aside=True)
    if queue.at_closing is not None:
        yield _way(here, queue.at_closing, "closing time", aside=True)


def _spoken(seconds: float) -> str:
    """As the file has it: 90s, 3m, 2h."""
    whole = int(seconds)
    for unit, sign in ((3600, "h"), (60, "m")):
        if whole % unit == 0:
            return f"{whole // unit}{sign}"
    return f"{whole}s"


def by_start(ways: Iterable[WayOn]) -> dict[str, list[WayOn]]:
    """The ways that leave each place."""
    found: dict[str, list[WayOn]] = {}
    for way in ways:
        found.setdefault(way.start, []).append(way)
    return found
