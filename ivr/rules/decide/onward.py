"""From a target to a place where the caller does something or waits, or to the end of the call.

On the way departments are passed, and queues that nobody works in: each says where it leads on to.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.numbers import PhoneNumber
from ivr.rules.decide.attendance import led_away
from ivr.rules.decide.departments import come_to_department
from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.queues import come_to_queue
from ivr.rules.decision import Facts
from ivr.rules.model import (
    Destination,
    Location,
    Menu,
    Phone,
    RuleSet,
    Target,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRefuse,
    ToRepeat,
    ToVoicemail,
)
from ivr.why import (
    BarredBy,
    CalledOutside,
    CallRefused,
    CameTo,
    HungUp,
    LanguageChanged,
    NobodyTookPhone,
    NoMenuToGo,
    NumberBarred,
)


def go(journey: Journey, target: Target | None, menu: Menu | None = None) -> None:
    """Follow a target until the call has come somewhere; `menu` is the one that the caller is in."""
    while target is not None:
        target, menu = _come_to(journey, target, menu), None


def _come_to(  # noqa: C901 - a case for each destination
    journey: Journey, target: Target, menu: Menu | None
) -> Target | None:
    """What the target names; the target after it where that leads on."""
    rules = journey.rules
    if target.language is not None and target.language != journey.facts.language:
        journey.facts = replace(journey.facts, language=target.language)
        journey.mention(LanguageChanged(target.language), target.at)
    match target.to:
        case ToMenu(name):
            return _come_to_menu(journey, rules.menus[name])
        case ToDepartment(name):
            return come_to_department(journey, rules.departments[name])
        case ToQueue(name):
            return come_to_queue(journey, rules.queues[name], target.at)
        case ToVoicemail(name):
            journey.mention(CameTo(str(target.to)), target.at)
            journey.end = rules.voicemails[name]
        case ToPhone(name):
            journey.mention(CameTo(str(target.to)), target.at)
            _come_to_phone(journey, rules.phones[name])
        case ToQuestion(name):
            journey.ask(rules.questions[name])
        case ToHangUp():
            journey.mention(HungUp(), target.at)
            journey.hang_up()
        case ToRefuse():
            journey.mention(CallRefused(), target.at)
            journey.end = target.to
        case ToRepeat() | ToBack():
            _turn_back(journey, target.to, menu, target.at)
    return None


def _come_to_menu(journey: Journey, menu: Menu) -> Target | None:
    """Who is in a menu stays there when its hours end: only coming to it is asked about."""
    here = f"menu {menu.name}"
    if menu.attended is not None:
        if journey.comes_again(here):
            return None
        elsewhere = led_away(journey, here, menu.attended, here, menu.at)
        if elsewhere is not None:
            return elsewhere
    journey.enter_menu(menu)
    return None


def _come_to_phone(journey: Journey, phone: Phone) -> None:
    if isinstance(phone.phone, PhoneNumber):
        shown = shown_outside(journey.rules, journey.facts)
        outside = CalledOutside(
            phone.name,
            phone.phone.masked,
            shown.digits if shown else None,
            phone.shows_caller,
            phone.confirm,
        )
        journey.mention(outside, phone.at)
    journey.end = phone


def shown_outside(rules: RuleSet, facts: Facts) -> PhoneNumber | None:
    """The number of ours that is seen outside, where the rules name one for the call's site."""
    site = rules.sites.get(facts.site or "")
    return site.caller_id if site else None


def _turn_back(journey: Journey, to: Destination, menu: Menu | None, at: Location) -> None:
    # Only a menu's keys say repeat and back; without a menu there is nothing to repeat.
    visited = [name for name in journey.facts.menus if name in journey.rules.menus]
    here = menu.name if menu else (visited[-1] if visited else None)
    if isinstance(to, ToBack) and here in visited and visited.index(here) > 0:
        here = visited[visited.index(here) - 1]
    if here is None:
        journey.reason(NoMenuToGo(str(to)), at)
        journey.hang_up(APOLOGY)
    else:
        journey.enter_menu(journey.rules.menus[here])


def not_taken(journey: Journey, name: str, barred: BarredBy | None) -> None:
    """Nobody took this phone: the call goes where the rules say, else ends with an apology."""
    phone = journey.rules.phones.get(name)
    if phone is None:
        journey.gone("phone", name)
        return
    to = str(phone.no_answer.to) if phone.no_answer else None
    at = phone.no_answer.at if phone.no_answer else phone.at
    journey.reason(NumberBarred(name, barred, to) if barred else NobodyTookPhone(name, to), at)
    if phone.no_answer is None:
        journey.hang_up(APOLOGY)
    else:
        go(journey, phone.no_answer)
