"""What the caller keyed or said in a menu, or answered to a question."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.arrival import tell
from ivr.rules.decide.departments import come_to_department
from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.onward import go
from ivr.rules.model import Menu, Option
from ivr.rules.sites import FoundSite, site_of_postcode
from ivr.rules.spoken import option_said


def keyed(journey: Journey, name: str, key: str | None) -> None:
    """The caller keyed `key` in a menu, or (None) used up its tries."""
    menu = journey.rules.menus.get(name)
    if menu is None:
        journey.gone("menu", name)
    elif key is None:
        target = menu.nothing_chosen
        tries = "1 try" if menu.tries == 1 else f"{menu.tries} tries"
        journey.reason(f"nothing was chosen in menu {name} in {tries}: {target.to}", target.at)
        go(journey, target, menu)
    elif key in menu.options:
        _choose(journey, menu, menu.options[key])
    else:
        unsaid = f"menu {name} has no such key"
        journey.reason(f"menu {name} has no key {_spelled(key)}", menu.at, unsaid=unsaid)
        journey.enter_menu(menu)


def spoken(journey: Journey, name: str, words: str) -> None:
    """The caller said `words` in a menu."""
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
    where = f"{to} in {language}" if language else f"{to}"
    chose = said or f"keyed {_spelled(option.key)}"
    unsaid = f"the caller chose in menu {menu.name}: {where}"
    journey.reason(f"the caller {chose} in menu {menu.name}: {where}", option.at, unsaid=unsaid)
    for other in menu.options.values():
        if other is not option:
            journey.why_not(f"{other.target.to}: that is key {_spelled(other.key)}", other.at)
    go(journey, option.target, menu)


def answered(journey: Journey, name: str, digits: str | None) -> None:
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
        go(journey, come_to_department(journey, department))
    elif question.target is not None:
        journey.reason(f"after question {name}: {question.target.to}", question.target.at)
        go(journey, question.target)
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
                tell(journey, notice)


def _spelled(key: str) -> str:
    return {"*": "star", "#": "hash"}.get(key, key)
