"""Menus that listen: what cannot be said there, and what cannot be asked back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ivr.menus.digits import key_word
from ivr.rules.decide.speech import prompt_asking_for, words_of
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import (
    Location,
    Menu,
    Option,
    RuleSet,
    ToBack,
    ToDepartment,
    ToRepeat,
)


def lint_speech(rules: RuleSet) -> Iterator[Fault]:
    """Keys without words, where a menu listens for them."""
    told: set[Location] = set()
    for menu, option in _heard(rules):
        to = option.target.to
        # Who shall change to English hears Norwegian, and says so in Norwegian.
        spoken_in = [one for one in rules.languages if one != option.target.language]
        lacking = [one for one in spoken_in if not words_of(rules, option, one)]
        department = rules.departments[to.name] if isinstance(to, ToDepartment) else None
        at = department.at if department else option.at
        if not lacking or at in told or isinstance(to, ToRepeat | ToBack):  # these have ours
            continue
        told.add(at)
        if department is not None:
            what = f"department {department.name}"
            hint = f"write words: {{{lacking[0]}: [{department.name}]}} at the department"
        else:
            what = f"key {key_word(option.key)} ({to})"
            hint = f"give the key words, such as {{to: {to}, words: {{{lacking[0]}: […]}}}}"
        said = "only its number" if option.key.isdecimal() else "nothing"
        lacks = f"{what} has no words in {', '.join(lacking)}"
        message = f"{lacks}, and menu {menu.name} listens: {said} can be said for it"
        yield fault(FaultKind.NOTHING_TO_SAY, at, message, hint)


def check_asking_back(rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Recordings that ask callers whether they meant it. `on_disk` has the recordings by language."""
    for prompt, option in asked_back(rules).items():
        lacking = [one for one in rules.languages if prompt not in on_disk.get(one, ())]
        if lacking:
            message = (
                f"a caller who says the words of {option.target.to} unclearly is asked for them again: "
                f"there is no prompt {prompt!r} in {', '.join(lacking)} that asks back"
            )
            hint = f"record it as prompts/{lacking[0]}/{prompt}.wav, with the keys: 1 is yes"
            yield fault(FaultKind.NOT_ASKED_BACK, place_of_words(rules, option), message, hint)


def asked_back(rules: RuleSet) -> Mapping[str, Option]:
    """The prompts that ask back, each with an option that it asks about, in menus that listen."""
    prompts = ((prompt_asking_for(menu, option), option) for menu, option in _heard(rules))
    return {prompt: option for prompt, option in prompts if prompt is not None}


def place_of_words(rules: RuleSet, option: Option) -> Location:
    """Where the words of an option stand: at its department, where it leads to one."""
    to = option.target.to
    return (
        rules.departments[to.name].at
        if isinstance(to, ToDepartment) and not option.words
        else option.at
    )


def _heard(rules: RuleSet) -> Iterator[tuple[Menu, Option]]:
    for menu in rules.menus.values():
        if menu.speech:
            for option in menu.options.values():
                yield menu, option
