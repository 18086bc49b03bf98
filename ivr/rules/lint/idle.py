"""Words that are right and change nothing: moves to the same place, words that nobody can say."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.rules.decide.speech import phrases_of
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import ByCallerList, Location, RuleSet, ToQueue

_OR_OUT = "or take it out"


def lint_idle(rules: RuleSet) -> Iterator[Fault]:
    """Findings about what changes nothing. For rules without other faults."""
    yield from _migrations(rules)
    yield from _lists_without_sites(rules)
    yield from _words_unheard(rules)
    yield from _languages(rules)
    yield from _greetings(rules)
    yield from _rung_already(rules)
    yield from _pronunciations(rules)


def _migrations(rules: RuleSet) -> Iterator[Fault]:
    for site in rules.sites.values():
        for name, local in site.departments.items():
            department = rules.departments.get(name)
            if department is None or local.migrated_at is None:
                continue
            if local.local.to == department.national.to:
                message = f"{name} of {site.title} is migrated from {local.local.to} to the same"
                yield _idle(message, local.migrated_at, "write another `local`, or take both out")


def _lists_without_sites(rules: RuleSet) -> Iterator[Fault]:
    """Lists and the way that finds a call's site by them mean something together only."""
    by_list = any(isinstance(way, ByCallerList) for way in rules.site_of_call)
    used = {name for one in rules.departments.values() for name in one.first_in_line}
    used |= {
        one.name
        for one in rules.callers.values()
        if one.first_in_line or one.priority is not None or one.target
    }
    for one in rules.callers.values():
        if one.site is not None and not by_list and one.name in used:
            message = f"the site of the callers {one.name} is not asked for"
            hint = f"write caller list below site_of_call, {_OR_OUT}"
            yield _idle(message, one.at, hint)


def _words_unheard(rules: RuleSet) -> Iterator[Fault]:
    if any(menu.speech for menu in rules.menus.values()):
        return
    spoken = [one for one in rules.departments.values() if one.words]
    of_keys = [
        option for menu in rules.menus.values() for option in menu.options.values() if option.words
    ]
    if of_keys:
        message = f"nobody can say the words of key {of_keys[0].key}: no menu has `speech`"
        yield _idle(message, of_keys[0].at, "write speech: true in the menu, or take the words out")
    if spoken:
        more = f" and {len(spoken) - 1} more" if len(spoken) > 1 else ""
        message = f"nobody can say the words of {spoken[0].name}{more}: no menu has `speech`"
        yield _idle(message, spoken[0].at, "write speech: true in a menu, or take the words out")


def _pronunciations(rules: RuleSet) -> Iterator[Fault]:
    """Of words that may be said in no menu."""
    for language, pronounced in rules.pronunciations.items():
        said = {
            phrase.text.casefold()
            for menu in rules.menus.values()
            for phrase in phrases_of(rules, menu, language)
        }
        for word, one in pronounced.items():
            if word not in said:
                message = (
                    f"nobody can say {word!r} in {language}: it is a word of no menu with `speech`"
                )
                yield _idle(
                    message, one.at, f"write it as one of a department's `words`, {_OR_OUT}"
                )


def _languages(rules: RuleSet) -> Iterator[Fault]:
    """Every language but the first is spoken to those only who pick it with a key, or by the number that they dial."""
    options = (option for menu in rules.menus.values() for option in menu.options.values())
    picked = {option.target.language for option in options}
    picked |= {entry.target.language for entry in rules.numbers.values()}
    if rules.anything_else is not None:
        picked.add(rules.anything_else.target.language)
    for language, at in list(zip(rules.languages, rules.languages_at, strict=False))[1:]:
        if language not in picked:
            hint = f"write a key such as 9: {{language: {language}, to: menu main}}, {_OR_OUT}"
            yield _idle(f"no caller hears {language}: no key and no number changes to it", at, hint)


def _greetings(rules: RuleSet) -> Iterator[Fault]:
    """What a menu says each time is no greeting."""
    for menu in rules.menus.values():
        twice = next((name for name in menu.greeting if name in menu.say), None)
        if twice is not None:
            message = f"menu {menu.name} says {twice} each time, as part of `say`, and the greeting says it again"
            yield _idle(message, menu.at, f"take {twice} out of `say`, or out of `greeting`")


def _rung_already(rules: RuleSet) -> Iterator[Fault]:
    """Agents who are rung too, and whom callers of the queue are offered anyway."""
    for queue in rules.queues.values():
        rung = {queue.name}
        for step in queue.while_waiting:
            if step.also_ring is None or not isinstance(step.also_ring.to, ToQueue):
                continue
            other = step.also_ring.to.name
            if other in rung:
                message = (
                    f"the agents of queue {other} are rung for callers of {queue.name} already"
                )
                yield _idle(message, step.at, "name another queue, or take the step out")
            rung.add(other)


def _idle(message: str, at: Location, hint: str) -> Fault:
    return fault(FaultKind.CHANGES_NOTHING, at, message, hint)
