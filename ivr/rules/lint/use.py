"""What the rules have and no call ever uses."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import ByCallerList, ByQuestion, Location, RuleSet
from ivr.rules.ways import Graph, attended_places, reached


def lint_use(rules: RuleSet, graph: Graph) -> Iterator[Fault]:
    """Findings about what is never used. For rules without other faults: what is refused uses nothing."""
    yield from _never_come_to(rules, graph)
    yield from _keys(rules)
    yield from _hours(rules)
    yield from _sites(rules)
    yield from _lists(rules)
    yield from _postcodes(rules, graph)
    surveys = {queue.survey for queue in rules.queues.values()}
    for survey in rules.surveys.values():
        if survey.name not in surveys:
            message = f"no queue has the survey {survey.name}"
            yield _unused(message, survey.at, f"write survey: {survey.name} in a queue")
    offered = any(step.offer for queue in rules.queues.values() for step in queue.while_waiting)
    if rules.callback is not None and not offered:
        message = "no queue offers a call-back"
        hint = "write {after: 60s, offer: callback} below while_waiting"
        yield _unused(message, rules.callback.at, hint)


def _never_come_to(rules: RuleSet, graph: Graph) -> Iterator[Fault]:
    come_to = reached(rules, graph)
    asked = {way.question for way in rules.site_of_call if isinstance(way, ByQuestion)}
    of_sites = {site.phone for site in rules.sites.values()}
    named: list[tuple[str, str, Location]] = [
        *(("menu", name, one.at) for name, one in rules.menus.items()),
        *(("question", name, one.at) for name, one in rules.questions.items()),
        *(("department", name, one.at) for name, one in rules.departments.items()),
        *(("queue", name, one.at) for name, one in rules.queues.items()),
        *(("voicemail", name, one.at) for name, one in rules.voicemails.items()),
        *(("phone", name, one.at) for name, one in rules.phones.items()),
    ]
    for kind, name, location in named:
        is_used = f"{kind} {name}" in come_to or (kind == "question" and name in asked)
        is_used = is_used or (kind == "phone" and name in of_sites)
        if is_used or (kind == "voicemail" and not location.path.startswith("voicemails")):
            continue
        hint = "lead a key or a number there, or take it out"
        yield _unused(f"no call ever comes to {kind} {name}", location, hint)


def _keys(rules: RuleSet) -> Iterator[Fault]:
    """Keys of all menus that no menu takes from there."""
    options = [option for menu in rules.menus.values() for option in menu.options.values()]
    taken = {option.key for option in options if option.in_all_menus}
    for key, at in rules.keys_at.items():
        if key not in taken:
            shown = {"*": "star", "#": "hash"}.get(key, key)
            why = f"every menu has its own key {shown}" if rules.menus else "there is no menu"
            yield _unused(f"{why}, and this one is never used", at, "take it out")


def _hours(rules: RuleSet) -> Iterator[Fault]:
    used: set[str] = set()
    for _, attended in attended_places(rules):
        used |= {attended.hours.name, *(one.hours.name for one in attended.breaks)}
    if rules.callback is not None and rules.callback.hours is not None:
        used.add(rules.callback.hours.name)
    for hours in rules.hours.values():
        if hours.name not in used:
            message = f"no department, menu or number has the hours {hours.name}"
            yield _unused(
                message, hours.at, "take them out, or give them to a department, a menu or a number"
            )


def _sites(rules: RuleSet) -> Iterator[Fault]:
    called = {number.site for number in rules.numbers.values()}
    if rules.anything_else is not None:
        called.add(rules.anything_else.site)
    if any(isinstance(way, ByCallerList) for way in rules.site_of_call):
        called |= {one.site for one in rules.callers.values()}
    if any(isinstance(way, ByQuestion) for way in rules.site_of_call) or rules.questions:
        called |= {site for _, site in rules.postcodes}
    staffed = {agent.site for agent in rules.agents.values()}
    staffed |= {site for queue in rules.queues.values() for site in queue.split}
    for site in rules.sites.values():
        if site.name not in called and (site.departments or site.name not in staffed):
            message = f"no number belongs to the site {site.name}"
            yield _unused(message, site.at, f"write site: {site.name} at a number")


def _postcodes(rules: RuleSet, graph: Graph) -> Iterator[Fault]:
    """Postcodes that no question asks for, and questions for postcodes that no site has."""
    come_to = reached(rules, graph)
    asking = {way.question for way in rules.site_of_call if isinstance(way, ByQuestion)}
    asking |= {name for name in rules.questions if f"question {name}" in come_to}
    finding = [rules.questions[name] for name in sorted(asking) if rules.questions[name].finds_site]
    with_postcodes = [site for site in rules.sites.values() if site.postcodes]
    for question in finding if not with_postcodes else ():
        hint = "write postcodes: 5000-5999 at a site, or take the question out"
        yield _unused(f"no site has the postcodes that {question.name} asks for", question.at, hint)
    for site in with_postcodes if not finding else ():
        hint = "write site_of_call: [dialled number, question postnummer], or take them out"
        yield _unused(f"no question asks for the postcodes of {site.name}", site.at, hint)


def _lists(rules: RuleSet) -> Iterator[Fault]:
    used = {name for department in rules.departments.values() for name in department.first_in_line}
    by_list = any(isinstance(way, ByCallerList) for way in rules.site_of_call)
    for one in rules.callers.values():
        does = one.first_in_line or one.priority is not None or one.target is not None
        if one.name not in used and not does and not (by_list and one.site):
            message = f"no rule names the callers {one.name}"
            hint = "write where their calls go, such as to: queue vip, or first_in_line: true; or take them out"
            yield _unused(message, one.at, hint)


def _unused(message: str, at: Location, hint: str) -> Fault:
    return fault(FaultKind.NEVER_USED, at, message, hint)
