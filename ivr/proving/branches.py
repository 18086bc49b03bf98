"""The branches of a rule set: each place where the rules send some calls one way and others another."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menus.digits import key_word
from ivr.proving.branch_words import BranchTeller
from ivr.proving.branches_of_opening import of_opening, of_place
from ivr.proving.marks import Branch, Mark
from ivr.rules.model import ByCallerList, Menu, Phone, Question, Queue, RuleSet
from ivr.showing.sentences import Language
from ivr.showing.sentences.notation_norwegian import key_named
from ivr.why import (
    Chose,
    ChoseNothing,
    Dialled,
    DialledAnythingElse,
    FirstInLine,
    LeftByKey,
    ListedCallers,
    NobodysPostcode,
    NobodyThere,
    NobodyTookPhone,
    PriorityOfCallers,
    QuestionAnswered,
    QuestionNotAnswered,
    QueueFull,
    SiteByCallers,
    SiteByPostcode,
    SurveyBegins,
    WaitedSoLong,
)


def branches(rules: RuleSet, language: Language = "en") -> tuple[Branch, ...]:
    """Every branch, in the order of the file."""
    teller = BranchTeller(language)
    found = [
        *_of_numbers(rules, teller),
        *_of_callers(rules, teller),
        *(one for menu in rules.menus.values() for one in _of_menu(menu, teller)),
        *of_opening(rules, teller),
        *(one for queue in rules.queues.values() for one in _of_queue(rules, queue, teller)),
        *(one for asked in rules.questions.values() for one in _of_question(rules, asked, teller)),
        *(one for phone in rules.phones.values() for one in _of_phone(phone, teller)),
    ]
    return tuple(sorted(found, key=lambda one: (one.at.file, one.at.line, one.at.column)))


def _of_numbers(rules: RuleSet, teller: BranchTeller) -> Iterator[Branch]:
    entries = [*rules.numbers.values()]
    if rules.anything_else is not None:
        entries.append(rules.anything_else)
    for entry in entries:
        form = "number" if entry.number else "other number"
        number = entry.number.spaced if entry.number else ""
        mark = Mark(entry.at, (Dialled, DialledAnythingElse))
        yield teller.branch(form, entry.at, mark, number=number)
        if entry.attended is not None:
            place = entry.number.digits if entry.number else str(entry)
            words = teller.words(form, number=number)
            yield from of_place(words, place, entry.attended, entry.at, teller)


def _of_callers(rules: RuleSet, teller: BranchTeller) -> Iterator[Branch]:
    first = {name for one in rules.departments.values() for name in one.first_in_line}
    by_list = any(isinstance(way, ByCallerList) for way in rules.site_of_call)
    for one in rules.callers.values():
        is_hidden = one.withheld and not one.numbers
        whose = "withheld" if is_hidden else teller.number_of(one.name)
        facts = {"callers": one.name, "whose": whose}
        if one.target is not None:
            at = one.target.at
            mark = Mark(at, (ListedCallers,))
            yield teller.branch("callers lead", at, mark, to=one.target.to, **facts)
        if one.name in first or one.first_in_line:
            yield teller.branch("callers first", one.at, Mark(one.at, (FirstInLine,)), **facts)
        if one.priority is not None:
            mark = Mark(one.at, (PriorityOfCallers,))
            yield teller.branch("callers priority", one.at, mark, **facts)
        if one.site is not None and by_list:
            mark = Mark(one.at, (SiteByCallers,))
            yield teller.branch("callers site", one.at, mark, site=one.site, **facts)


def _of_question(rules: RuleSet, question: Question, teller: BranchTeller) -> Iterator[Branch]:
    at, name = question.at, question.name
    if question.finds_site:
        for site in rules.sites.values():
            if site.postcodes:
                mark = Mark(site.at, (SiteByPostcode,), (("question", name),))
                keys = site.postcodes[0].first
                yield teller.branch("postcode", at, mark, question=name, site=site.name, keys=keys)
        yield teller.branch("no postcode", at, Mark(at, (NobodysPostcode,)), question=name)
    else:
        yield teller.branch("answered", at, Mark(at, (QuestionAnswered,)), question=name)
    yield teller.branch("not answered", at, Mark(at, (QuestionNotAnswered,)), question=name)


def _of_phone(phone: Phone, teller: BranchTeller) -> Iterator[Branch]:
    if phone.no_answer is not None:
        at, seconds = phone.no_answer.at, round(phone.ring_seconds)
        mark = Mark(at, (NobodyTookPhone,))
        yield teller.branch("phone", at, mark, phone=phone.name, seconds=seconds)


def _of_menu(menu: Menu, teller: BranchTeller) -> Iterator[Branch]:
    for option in menu.options.values():
        # A key of all menus stands in one place for each of them.
        where = (("menu", menu.name),) if option.in_all_menus else ()
        mark = Mark(option.at, (Chose,), where)
        yield teller.branch("key", option.at, mark, menu=menu.name, **_key(option.key))
    if menu.attended is not None:
        place = f"menu {menu.name}"
        yield from of_place(teller.menu(menu.name), place, menu.attended, menu.at, teller)
    at = menu.nothing_chosen.at
    yield teller.branch("nothing chosen", at, Mark(at, (ChoseNothing,)), menu=menu.name)


def _key(key: str) -> dict[str, str]:
    """As the rules write it, and by its Norwegian name."""
    return {"key": key_word(key), "named": key_named(key)}


def _of_queue(rules: RuleSet, queue: Queue, teller: BranchTeller) -> Iterator[Branch]:
    nobody, name = queue.nobody_logged_in, queue.name
    whose = (("queue", name),)
    if nobody is not None:
        mark = Mark(nobody.at, (NobodyThere,), whose)
        yield teller.branch("deserted", nobody.at, mark, queue=name)
    if queue.when_full is not None:
        at = queue.when_full.at
        mark = Mark(at, (QueueFull,), whose)
        yield teller.branch("full", at, mark, queue=name, count=queue.at_most)
    for chosen in queue.exits.values():
        mark = Mark(chosen.at, (LeftByKey,), whose)
        yield teller.branch("exit key", chosen.at, mark, queue=name, **_key(chosen.key))
    for step in queue.while_waiting:
        waited = spelled(step.after_seconds)
        yield teller.branch(
            "waited", step.at, Mark(step.at, (WaitedSoLong,)), waited=waited, queue=name
        )
    survey = rules.surveys.get(queue.survey or "")
    if survey is not None and survey.by == "voice":
        mark, score = Mark(survey.at, (SurveyBegins,), whose), survey.highest
        yield teller.branch("survey", survey.at, mark, survey=survey.name, queue=name, score=score)


def spelled(seconds: float) -> str:
    """As the rules write a duration: `90s`, `10m`, `2h`."""
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
