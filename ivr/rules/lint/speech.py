"""Menus that listen: what cannot be said there, and what cannot be asked back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ivr.rules.decide.speech import prompt_asking_for
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Department, RuleSet, ToDepartment


def lint_speech(rules: RuleSet) -> Iterator[Fault]:
    """Departments without words, where a menu listens for them."""
    for department in asked_back(rules):
        lacking = [one for one in rules.languages if not department.words.get(one)]
        if lacking:
            message = (
                f"callers may say department {department.name} in a menu, and it has no words in "
                f"{', '.join(lacking)}: only its key's number can be said"
            )
            hint = f"write words: {{{lacking[0]}: [{department.name}]}} at the department"
            yield fault(FaultKind.NOTHING_TO_SAY, department.at, message, hint)


def check_asking_back(rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Recordings that ask callers whether they meant a department. `on_disk` has the recordings by language."""
    for department in asked_back(rules):
        prompt = prompt_asking_for(department.name)
        lacking = [one for one in rules.languages if prompt not in on_disk.get(one, ())]
        if lacking:
            message = (
                f"a caller who says {department.name} unclearly is asked for it again: there is no prompt "
                f"{prompt!r} in {', '.join(lacking)} that asks back"
            )
            hint = f"record it as prompts/{lacking[0]}/{prompt}.wav, with the keys: 1 is yes"
            yield fault(FaultKind.NOT_ASKED_BACK, department.at, message, hint)


def asked_back(rules: RuleSet) -> Iterator[Department]:
    """Departments that a key of a listening menu leads to, each once."""
    names = dict.fromkeys(
        option.target.to.name
        for menu in rules.menus.values()
        if menu.speech
        for option in menu.options.values()
        if isinstance(option.target.to, ToDepartment)
    )
    for name in names:
        yield rules.departments[name]
