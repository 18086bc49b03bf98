"""What the caller keyed or said in a menu, or answered to a question."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.departments import come_to_department
from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.notices import learn_site
from ivr.rules.decide.onward import go
from ivr.rules.decide.sites import FoundSite, site_of_postcode
from ivr.rules.decide.speech import option_said
from ivr.rules.model import Menu, Option
from ivr.why import (
    AfterQuestion,
    Chose,
    ChoseNothing,
    NobodysPostcode,
    NoSuchKey,
    NotListenedTo,
    NotUnderstood,
    OnToDepartment,
    OtherKey,
    QuestionAnswered,
    QuestionLeadsNowhere,
    QuestionNotAnswered,
    SiteByPostcode,
)


def keyed(journey: Journey, name: str, key: str | None) -> None:
    """The caller keyed `key` in a menu, or (None) used up its tries."""
    menu = journey.rules.menus.get(name)
    if menu is None:
        journey.gone("menu", name)
    elif key is None:
        target = menu.nothing_chosen
        journey.reason(ChoseNothing(name, menu.tries, str(target.to)), target.at)
        go(journey, target, menu)
    elif key in menu.options:
        option = menu.options[key]
        _choose(journey, menu, option, _chose(menu, option, key=key))
    else:
        journey.reason(NoSuchKey(name, key), menu.at)
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
        journey.reason(NotUnderstood(name) if menu.speech else NotListenedTo(name), menu.at)
        journey.enter_menu(menu)
    else:
        # Only the rule's own word: what the caller said besides is nobody's.
        option, word = found
        _choose(journey, menu, option, _chose(menu, option, said=word))


def _chose(menu: Menu, option: Option, key: str | None = None, said: str | None = None) -> Chose:
    return Chose(menu.name, str(option.target.to), option.target.language, key, said)


def _choose(journey: Journey, menu: Menu, option: Option, chose: Chose) -> None:
    journey.reason(chose, option.at)
    for other in menu.options.values():
        if other is not option:
            journey.why_not(OtherKey(str(other.target.to), other.key), other.at)
    go(journey, option.target, menu)


def answered(journey: Journey, name: str, digits: str | None) -> None:
    """A question was answered, or (None) used up its tries."""
    question = journey.rules.questions.get(name)
    if question is None:
        journey.gone("question", name)
        return
    if digits is None:
        journey.reason(QuestionNotAnswered(name), question.at)
    elif question.finds_site:
        _locate(journey, name, digits)
    else:
        journey.reason(QuestionAnswered(name), question.at)
    department = journey.rules.departments.get(journey.facts.on_the_way_to or "")
    journey.facts = replace(journey.facts, on_the_way_to=None)
    if department is not None:
        journey.reason(OnToDepartment(department.name), department.at)
        go(journey, come_to_department(journey, department))
    elif question.target is not None:
        journey.reason(AfterQuestion(name, str(question.target.to)), question.target.at)
        go(journey, question.target)
    else:
        journey.reason(QuestionLeadsNowhere(name), question.at)
        journey.hang_up(APOLOGY)


def _locate(journey: Journey, question: str, digits: str) -> None:
    """Take the site that a postcode belongs to. The caller's digits stay out of the steps."""
    at = journey.rules.questions[question].at
    found = site_of_postcode(journey.rules, digits)
    if found is None:
        journey.reason(NobodysPostcode(question), at)
        return
    codes, site = found
    because = SiteByPostcode(question, str(codes), site)
    learn_site(journey, FoundSite(site, because, journey.rules.sites[site].at))
