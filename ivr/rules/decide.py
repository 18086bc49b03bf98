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
    Answered,
    Arrived,
    ClosingTime,
    Decision,
    Facts,
    Finished,
    Keyed,
    NobodyLoggedIn,
    NothingAnswered,
    NothingChosen,
    Spoken,
    Turn,
    WaitedLong,
)
from ivr.rules.journey import APOLOGY, Journey
from ivr.rules.model import DialledNumber, Menu, Notice, Option, Queue, RuleSet, WaitStep
from ivr.rules.sites import FoundSite, find_site, site_of_postcode
from ivr.rules.spoken import option_said


def decide(rules: RuleSet, facts: Facts, turn: Turn) -> Decision:  # noqa: C901 - a line for each turn
    """Where the call goes after this turn, with the steps that led there."""
    journey = Journey(rules, facts)
    match turn:
        case Arrived():
            _arrive(journey)
        case Keyed(menu, key):
            _in_menu(journey, menu, key)
        case NothingChosen(menu):
            _in_menu(journey, menu, None)
        case Spoken(menu, words):
            _said_in_menu(journey, menu, words)
        case Answered(question, digits):
            _asked(journey, question, digits)
        case NothingAnswered(question):
            _asked(journey, question, None)
        case WaitedLong(queue, step):
            _in_queue(journey, queue, step)
        case NobodyLoggedIn(queue):
            _in_queue(journey, queue, None)
        case ClosingTime(queue):
            _at_closing_time(journey, queue)
        case Finished(queue_or_none):
            _finish(journey, queue_or_none)
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
    found = find_site(journey.rules, journey.facts, entry)
    if isinstance(found, FoundSite):
        journey.take_site(found)
    for notice in journey.rules.notices:
        _tell(journey, notice)
    journey.go(entry.target)


def _tell(journey: Journey, notice: Notice) -> None:
    """Say a notice, or say why not."""
    facts = journey.facts
    said = ", ".join(notice.say)
    there = facts.at.astimezone(journey.rules.timezone).replace(tzinfo=None)
    if there < notice.start:
        journey.why_not(f"the notice {said}: it begins {notice.start:%Y-%m-%d %H:%M}", notice.at)
    elif there >= notice.end:
        journey.why_not(f"the notice {said}: it ended {notice.end:%Y-%m-%d %H:%M}", notice.at)
    elif notice.sites and facts.site not in notice.sites:
        sites = " or ".join(sorted(notice.sites))
        journey.why_not(f"the notice {said}: it is for callers of {sites}", notice.at)
    else:
        until = f"until {notice.end:%Y-%m-%d %H:%M}"
        journey.mention(f"the caller hears the notice {said}, {until}", notice.at)
        for prompt in notice.say:
            journey.say(prompt)


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
        unsaid = f"menu {name} has no such key"
        journey.reason(f"menu {name} has no key {_spelled(key)}", menu.at, unsaid=unsaid)
        journey.enter_menu(menu)


def _said_in_menu(journey: Journey, name: str, words: str) -> None:
    menu = journey.rules.menus.get(name)
    if menu is None:
        journey.gone("menu", name)
        return
    language = journey.facts.language
    found = option_said(journey.rules, menu, language, words) if menu.speech else None
    if found is None:
        why = "means none of its keys, or several" if menu.speech else "is not listened to"
        journey.reason(f"what the caller said in menu {name} {why}", menu.at)
        journey.enter_menu(menu)
    else:
        # Only the rule's own word: what the caller said besides is nobody's.
        _choose(journey, menu, found[0], f"said {found[1]!r}")


def _choose(journey: Journey, menu: Menu, option: Option, said: str | None = None) -> None:
    to, language = option.target.to, option.target.language
    spoken = f"{to} in {language}" if language else f"{to}"
    chose = said or f"keyed {_spelled(option.key)}"
    unsaid = f"the caller chose in menu {menu.name}: {spoken}"
    journey.reason(f"the caller {chose} in menu {menu.name}: {spoken}", option.at, unsaid=unsaid)
    for other in menu.options.values():
        if other is not option:
            journey.why_not(f"{other.target.to}: that is key {_spelled(other.key)}", other.at)
    journey.go(option.target, menu)


def _asked(journey: Journey, name: str, digits: str | None) -> None:
    """A question was answered, or (None) used up its tries."""
    question = journey.rules.questions.get(name)
    if question is None:
        journey.gone("question", name)
        return
    if digits is None:
        journey.reason(f"question {name} was not answered", question.at)
    elif question.finds_site:
        _locate(journey, name, digits)
    else:
        journey.reason(f"question {name} was answered", question.at)
    department = journey.rules.departments.get(journey.facts.on_the_way_to or "")
    journey.facts = replace(journey.facts, on_the_way_to=None)
    if department is not None:
        journey.reason(f"the call goes on to department {department.name}", department.at)
        journey.enter_department(department)
    elif question.target is not None:
        journey.reason(f"after question {name}: {question.target.to}", question.target.at)
        journey.go(question.target)
    else:
        journey.reason(f"question {name} leads nowhere", question.at)
        journey.hang_up(APOLOGY)


def _locate(journey: Journey, question: str, digits: str) -> None:
    """Take the site that a postcode belongs to. The caller's digits stay out of the steps."""
    at = journey.rules.questions[question].at
    found = site_of_postcode(journey.rules, digits)
    if found is None:
        journey.reason(f"the answer to question {question} is a postcode of no site", at)
        return
    codes, site = found
    reason = f"the answer to question {question} is in {codes}, the postcodes of the site {site}"
    was_unknown = journey.facts.site is None
    journey.take_site(FoundSite(site, reason, journey.rules.sites[site].at))
    if was_unknown:
        # What is for this site's callers alone could not be said when the call came in.
        for notice in journey.rules.notices:
            if notice.sites:
                _tell(journey, notice)


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
    journey.reason(f"{waited}: {reached}", reached.at)
    if reached.target is not None:
        journey.go(reached.target)
    else:
        _stay(journey, queue, reached)


def _stay(journey: Journey, queue: Queue, step: WaitStep) -> None:
    """A step that does not move the caller."""
    doing = "offers no call-back" if step.offer else "rings no other queue's agents"
    journey.mention(f"this version {doing} yet: the caller waits on", step.at)
    journey.end = queue


def _at_closing_time(journey: Journey, name: str) -> None:
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif queue.at_closing is None:
        journey.reason(f"queue {name} serves those waiting after closing time", queue.at)
        journey.end = queue
    else:
        to = queue.at_closing.to
        journey.reason(f"it is closing time for queue {name}: {to}", queue.at_closing.at)
        journey.go(queue.at_closing)


def _finish(journey: Journey, queue: str | None) -> None:
    journey.reason("the call's story is finished", None)
    talked_in = journey.rules.queues.get(queue or "")
    survey = journey.rules.surveys.get(talked_in.survey or "") if talked_in else None
    if survey is not None:
        asked = f"{survey.share:.0%} of its callers would be asked survey {survey.name}"
        journey.mention(f"{asked} by {survey.by}: this version asks none yet", survey.at)


def _spelled(key: str) -> str:
    return {"*": "star", "#": "hash"}.get(key, key)


@lru_cache(maxsize=16384)
def _spaced(number: PhoneNumber) -> str:
    """Spelling a number costs more than all the rest of a decision."""
    return number.spaced
