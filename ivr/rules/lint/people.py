"""Who answers, who is called and what is shown to them; and words that nothing acts on yet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ivr.numbers import is_mobile
from ivr.rules.decide.speech import words_of
from ivr.rules.fault import Fault, FaultKind, fault, shown, slip_of
from ivr.rules.lint.speech import place_of_words
from ivr.rules.model import (
    REASONS_READ,
    Destination,
    DutyRules,
    Location,
    Menu,
    Queue,
    RuleSet,
    Survey,
    ToDepartment,
)


def lint_people(rules: RuleSet) -> Iterator[Fault]:
    """Findings about agents and callers."""
    for queue in rules.queues.values():
        yield from _split(rules, queue)
        yield from _left_out(rules, queue)
    yield from _reasons_not_read(rules)
    callback = rules.callback
    if callback is not None and callback.caller_id is not None and is_mobile(callback.caller_id):
        message = "callers would see a mobile number; contact centres in Norway must not show one"
        hint = "show a number that is not a mobile's"
        yield fault(FaultKind.MOBILE_CALLER_ID, callback.at, message, hint)
    for site in rules.sites.values():
        if site.caller_id is not None and is_mobile(site.caller_id):
            message = f"site {site.name} would show a mobile number; contact centres in Norway must not show one"
            hint = "show a number that is not a mobile's"
            yield fault(FaultKind.MOBILE_CALLER_ID, site.at, message, hint)


def _reasons_not_read(rules: RuleSet) -> Iterator[Fault]:
    duty = rules.duty
    pauses = [code for code in duty.codes.values() if code.meaning.act == "pause"]
    chosen = next((code for code in pauses if code.meaning.what is None), None)
    own = {code.meaning.what for code in pauses}
    never = [reason for reason in duty.pause_reasons[REASONS_READ:] if reason not in own]
    if chosen is not None and never:
        message = f"a phone reads {REASONS_READ} reasons to choose from; {', '.join(never)} cannot be chosen there"
        code = _free_code(duty)
        hint = f"keep {REASONS_READ} in `pause_reasons`, or write a code for it: {code}: pause {never[0]}"
        yield fault(FaultKind.MANY_CHOICES, chosen.at, message, hint)


def _free_code(duty: DutyRules) -> str:
    """One that the rules do not have yet."""
    return next(f"star {number}" for number in count(29) if f"*{number}" not in duty.codes)


def lint_words(rules: RuleSet) -> Iterator[Fault]:
    """Words that a caller may say, and that mean two departments of one menu."""
    for menu in rules.menus.values():
        if menu.speech:
            yield from _words(rules, menu)


def _split(rules: RuleSet, queue: Queue) -> Iterator[Fault]:
    staffed = {agent.site for agent in rules.agents.values() if queue.name in agent.queues}
    staffed |= {site.name for site in rules.sites.values() if site.phone is not None}
    left = [site for site in staffed if site is not None and site not in queue.split]
    for name in queue.split:
        if rules.agents and name not in staffed:
            message = f"queue {queue.name} gives a share to {name}, and no agent of it sits there"
            near = slip_of(name, left)
            write = f"write site: {name} at an agent of the queue, or phone: … at the site"
            hint = f"{near} Else {write}" if near else write
            yield fault(FaultKind.SPLIT_NOBODY, queue.at, message, hint)


def _left_out(rules: RuleSet, queue: Queue) -> Iterator[Fault]:
    """Agents of a split queue to whom no share of it comes."""
    on_phones = {site.name for site in rules.sites.values() if site.phone is not None}
    for agent in rules.agents.values() if queue.split else ():
        if queue.name in agent.queues and agent.site not in queue.split.keys() - on_phones:
            where = f"sits at {agent.site}" if agent.site else "sits at no site"
            of = "whose calls a phone takes" if agent.site in on_phones else "which has no share"
            more = f", {of}" if agent.site else ""
            message = f"{agent.name} {where}{more}: no call of queue {queue.name} comes to them"
            hint = f"write site: {next(iter(queue.split))} at the agent, or a share for theirs"
            yield fault(FaultKind.SPLIT_LEFT_OUT, agent.at, message, hint)


def _words(rules: RuleSet, menu: Menu) -> Iterator[Fault]:
    """The same word for two destinations of one menu."""
    met: dict[tuple[str, str], Destination] = {}
    for option in menu.options.values():
        to = option.target.to
        if isinstance(to, ToDepartment) and to.name not in rules.departments:
            continue
        for language in rules.languages:
            for word in words_of(rules, option, language):
                earlier = met.setdefault((language, word.casefold()), to)
                if earlier != to:
                    message = f"{shown(word)} means {earlier} and {to} in menu {menu.name}"
                    hint = "give the word to one of them"
                    at = place_of_words(rules, option)
                    yield fault(FaultKind.AMBIGUOUS_WORD, at, message, hint)


def lint_not_yet(rules: RuleSet) -> Iterator[Fault]:
    """Words that are checked, decided and explained, and that no part of the server acts on yet."""
    for queue in rules.queues.values():
        yield from _of_queue(queue, rules.surveys.get(queue.survey or ""))


def _of_queue(queue: Queue, survey: Survey | None) -> Iterator[Fault]:
    at = queue.at
    for step in queue.while_waiting:
        if step.offer is not None:
            yield _not_yet("offer", step.at, "callers wait on")
    if survey is not None and survey.by != "voice":
        yield _not_yet(
            "survey by sms", at, "nobody is asked; by: voice asks when the agent hangs up"
        )
    if queue.record not in {None, "never"}:
        yield _not_yet("record", at, "nothing is recorded")


def _not_yet(word: str, at: Location, instead: str) -> Fault:
    message = f"{word} is understood, and this version does not do it yet: {instead}"
    return fault(FaultKind.NOT_YET, at, message, "keep it for a later version, or take it out")
