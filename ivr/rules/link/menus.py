"""Menus and questions: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.amount import counted
from ivr.rules.fault import FaultKind
from ivr.rules.link.attendance import AttendanceLink
from ivr.rules.link.references import BEFORE_A_MENU, IN_A_MENU, References
from ivr.rules.model import ByQuestion, Hours, Menu, Option, Question, Target
from ivr.rules.parsed import Choice, MenuWords, QuestionWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import plain


def link_menus(
    parsed: RulesFile, references: References, hours: Mapping[str, Hours]
) -> dict[str, Menu]:
    """The menus by name."""
    everywhere = {
        key: replace(option, in_all_menus=True)
        for key, option in _options(parsed.keys, ("keys",), references).items()
    }
    attended = AttendanceLink(references, hours)
    return {
        name: replace(
            _menu(name, words, everywhere, references),
            attended=attended.at_times(words, ("menus", name)),
            keeps_words=parsed.keep_words,
        )
        for name, words in parsed.menus.items()
    }


def _menu(
    name: str, words: MenuWords, everywhere: Mapping[str, Option], references: References
) -> Menu:
    path: WordPath = ("menus", name)
    references.not_empty(words.say, (*path, "say"), words.needed["say"])
    references.not_empty(words.keys, (*path, "keys"), words.needed["keys"])
    nothing = (*path, "nothing_chosen")
    # What a menu says itself wins over what the file says for all.
    options = _options(words.keys or {}, (*path, "keys"), references)
    options |= {key: option for key, option in everywhere.items() if key not in options}
    if words.keys and all(len(key) == 1 for key in options):
        _no_next_key(path, "every key is one digit", references)
    return Menu(
        name=name,
        say=tuple(words.say or ()),
        options=options,
        wait_seconds=words.wait,
        between_seconds=words.between,
        tries=words.tries,
        no_input=words.no_input,
        no_match=words.no_match,
        barge_in=words.barge_in,
        nothing_chosen=references.target(words.nothing_chosen, nothing, IN_A_MENU),
        at=references.source.key(path),
        speech=words.speech,
        minimum=words.minimum,
        greeting=tuple(words.greeting),
    )


def _options(
    keys: Mapping[str, Choice], path: WordPath, references: References
) -> dict[str, Option]:
    options = {}
    for text, choice in keys.items():
        here = (*path, text)
        language = references.language(choice.language, (*here, "language"))
        target = references.target(choice.to, (*here, "to"), IN_A_MENU, language)
        key = plain.menu_key(text)
        words = references.words(choice.words, (*here, "words"))
        options[key] = Option(key, target, references.source.key(here), words=words)
    return options


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
        says_what = references.source.may_have(("questions", question, "finds"))
        if question in linked and not linked[question].finds_site and not says_what:
            hint = f"write finds: site in questions.{question}"
            references.refuse(
                FaultKind.WORDS_TOGETHER, path, f"question {question} finds no site", hint
            )
    for name in sorted(references.questions_named & linked.keys()):
        if linked[name].target is None and not references.source.may_have(
            ("questions", name, "to")
        ):
            message = f"rules lead to question {name}, and it does not say where calls go then"
            hint = "write to: department kundeservice"
            references.refuse(
                FaultKind.WORDS_TOGETHER, ("questions", name), message, hint, of_key=True
            )
    return linked


def _question(name: str, words: QuestionWords, references: References) -> Question:
    path: WordPath = ("questions", name)
    target: Target | None = None
    if words.to is not None:
        target = references.target(words.to, (*path, "to"), BEFORE_A_MENU)
    if words.finds == "site" and words.digits not in {None, 4}:
        message = f"{counted(words.digits, 'digit is', 'digits are')} no postcode"
        references.refuse(FaultKind.WORDS_TOGETHER, (*path, "digits"), message, "write digits: 4")
    if words.digits == 1:
        _no_next_key(path, "the answer is one digit", references)
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
        speech=words.speech,
    )


def _no_next_key(path: WordPath, why: str, references: References) -> None:
    if references.source.has((*path, "between")):
        message = f"`between` changes nothing here: {why}, and no next one is waited for"
        hint = "take it out; `wait` is for the first key"
        references.refuse(FaultKind.CHANGES_NOTHING, (*path, "between"), message, hint)
