"""Who calls, and from where: lists of callers, notices, questions, postcodes: parsed form → RuleSet."""

from __future__ import annotations

from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules.fault import Kind
from ivr.rules.model import (
    ByQuestion,
    CallerList,
    Notice,
    Postcodes,
    Question,
    SiteWay,
    Target,
)
from ivr.rules.parsed import CallerWords, NoticeWords, QuestionWords, RulesFile
from ivr.rules.references import BEFORE_A_MENU, References
from ivr.rules.source import Path


def link_callers(parsed: RulesFile, references: References) -> dict[str, CallerList]:
    """The lists of callers by name. A number in two of them must not belong to two sites."""
    linked: dict[str, CallerList] = {}
    site_of: dict[PhoneNumber, CallerList] = {}
    for name, words in parsed.callers.items():
        linked[name] = one = _caller_list(name, words, references)
        for number in sorted(one.numbers) if one.site else ():
            other = site_of.setdefault(number, one)
            if other.site != one.site:
                message = f"a number stands here and in {other.name}, with another site"
                hint = "keep it in one of the two"
                references.refuse(
                    Kind.AMBIGUOUS_SITE, ("callers", name), message, hint, of_key=True
                )
                break
    return linked


def _caller_list(name: str, words: CallerWords, references: References) -> CallerList:
    path: Path = ("callers", name)
    site = references.refer("sites", words.site, (*path, "site"))
    numbers = words.numbers or []
    here = references.source.as_written((*path, "numbers"))
    seen: set[PhoneNumber] = set()
    for index, number in enumerate(numbers):
        if number in seen:
            message = "this number stands here twice"
            references.refuse(Kind.NUMBER_TWICE, (*here, index), message, "keep one")
        seen.add(number)
    return CallerList(name, frozenset(seen), site, references.source.key(path))


def link_notices(parsed: RulesFile, references: References) -> tuple[Notice, ...]:
    """The notices in the order of the file."""
    return tuple(
        _notice(("notices", number), words, references)
        for number, words in enumerate(parsed.notices)
    )


def _notice(path: Path, words: NoticeWords, references: References) -> Notice:
    start = words.first or words.last or datetime.min  # noqa: DTZ901 - wall clock, without a zone
    end = words.last or start
    if words.first and words.last and end <= start:
        hint = "write the later time as `to`"
        references.refuse(Kind.DATE, (*path, "to"), f"{end} is not after {start}", hint)
    for index, site in enumerate(words.sites or ()):
        references.refer("sites", site, (*path, "sites", index))
    sites = frozenset(words.sites or ())
    return Notice(tuple(words.say or ()), start, end, sites, references.source.value(path))


def link_questions(parsed: RulesFile, references: References) -> dict[str, Question]:
    """The questions by name. Last: by now every question that a rule leads to has been met."""
    asked = {
        way.question: ("site_of_call", number)
        for number, way in enumerate(parsed.site_of_call)
        if isinstance(way, ByQuestion)
    }
    linked = {name: _question(name, words, references) for name, words in parsed.questions.items()}
    for question, path in asked.items():
        references.refer("questions", question, path)
        says_what = references.source.has(("questions", question, "finds"))
        if question in linked and not linked[question].finds_site and not says_what:
            hint = f"write finds: site in questions.{question}"
            references.refuse(Kind.WORDS_TOGETHER, path, f"question {question} finds no site", hint)
    for name in sorted(references.questions_named & linked.keys()):
        if linked[name].target is None and not references.source.has(("questions", name, "to")):
            message = f"rules lead to question {name}, and it does not say where calls go then"
            hint = "write to: department kundeservice"
            references.refuse(Kind.WORDS_TOGETHER, ("questions", name), message, hint, of_key=True)
    return linked


def _question(name: str, words: QuestionWords, references: References) -> Question:
    path: Path = ("questions", name)
    target: Target | None = None
    if words.to is not None:
        target = references.target(words.to, (*path, "to"), BEFORE_A_MENU)
    if words.finds == "site" and words.digits not in {None, 4}:
        message = f"{words.digits} digits are no postcode"
        references.refuse(Kind.WORDS_TOGETHER, (*path, "digits"), message, "write digits: 4")
    return Question(
        name=name,
        say=tuple(words.say or ()),
        digits=words.digits or 1,
        confirm=words.confirm,
        wait_seconds=words.wait,
        between_seconds=words.between,
        tries=words.tries,
        no_input=words.no_input,
        no_match=words.no_match,
        finds_site=words.finds == "site",
        target=target,
        at=references.source.key(path),
    )


def link_site_of_call(parsed: RulesFile, references: References) -> tuple[SiteWay, ...]:
    """The ways to find a call's site, each once."""
    path: Path = ("site_of_call",)
    for number, way in enumerate(parsed.site_of_call):
        if way in parsed.site_of_call[:number]:
            message = "this way stands here twice"
            references.refuse(Kind.NEVER_REACHED, (*path, number), message, "keep the first")
    return tuple(parsed.site_of_call)


def link_postcodes(parsed: RulesFile, references: References) -> tuple[tuple[Postcodes, str], ...]:
    """Postcodes with their sites, sorted. One postcode belongs to one site."""
    listed = sorted(
        ((codes, name, number) for name, site in parsed.sites.items()
         for number, codes in enumerate(site.postcodes)),
        key=lambda one: (one[0].first, one[0].last, one[1]),
    )  # fmt: skip
    latest: tuple[Postcodes, str] | None = None
    for codes, name, number in listed:
        if latest is not None and codes.first <= latest[0].last:
            path = references.source.as_written(("sites", name, "postcodes", number))
            message = f"{codes} and {latest[0]} of site {latest[1]} have postcodes in common"
            references.refuse(Kind.AMBIGUOUS_SITE, path, message, "give each postcode to one site")
        if latest is None or codes.last > latest[0].last:
            latest = (codes, name)
    return tuple((codes, name) for codes, name, _ in listed)
