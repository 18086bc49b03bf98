"""The prompts that a rule set speaks, and whether their recordings are there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ivr.rules.fault import Fault, Kind, did_you_mean, fault
from ivr.rules.model import Place, RuleSet

# Spoken by the engine, whatever the rules say: the apology when something failed, the goodbye when
# the server stops, the greeting of a voicemail that has none of its own, the tone before a message
# and what is said after it.
ENGINE_PROMPTS = ("sorry", "goodbye", "voicemail", "beep", "message_saved")


def spoken_prompts(rules: RuleSet) -> Mapping[str, tuple[Place, ...]]:
    """Every prompt that callers may hear, with the places that name it (none for the engine's own)."""
    places: dict[str, list[Place]] = {name: [] for name in ENGINE_PROMPTS}
    for name, place in _named(rules):
        places.setdefault(name, []).append(place)
    return {name: tuple(found) for name, found in places.items()}


def check_prompts(rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> tuple[Fault, ...]:
    """Faults for what has no recording. `on_disk` has, for each language, the names of the recordings.

    Prompts for a site (`welcome.bergen`) are extra: the one without the site must be there.
    """
    top = Place(rules.file, 1, 1, "")
    faults: list[Fault] = []
    for name, places in spoken_prompts(rules).items():
        missing = [
            language for language in rules.languages if name not in on_disk.get(language, ())
        ]
        place = places[0] if places else top
        if not missing:
            continue
        if len(missing) == len(rules.languages):
            known = {one for language in rules.languages for one in on_disk.get(language, ())}
            message = f"the prompt {name!r} has no recording in any language"
            faults.append(
                fault(Kind.PROMPT_MISSING, place, message, _advice(name, known, missing[0]))
            )
        else:
            message = f"the prompt {name!r} has no recording in {', '.join(missing)}"
            hint = f"record it as {_file(name, missing[0])}; until then {_first_with(name, rules, on_disk)} is heard"
            faults.append(fault(Kind.PROMPT_ONE_LANGUAGE, place, message, hint))
    return tuple(faults)


_DIGIT = re.compile(r"(?<![0-9])[0-9](?![0-9])")


def check_spoken_keys(rules: RuleSet, words: Mapping[str, Mapping[str, str]]) -> tuple[Fault, ...]:
    """Keys that a menu's prompts speak of and the menu lacks. `words` has, by language, what each prompt says."""
    faults = []
    for menu in rules.menus.values():
        keys = {digit for key in menu.options for digit in key}
        for language in rules.languages:
            for prompt in menu.say:
                spoken = set(_DIGIT.findall(words.get(language, {}).get(prompt, "")))
                for digit in sorted(spoken - keys):
                    spoken_of = f"the prompt {prompt!r} speaks of key {digit} in {language}"
                    message = f"{spoken_of}, and menu {menu.name} has none"
                    hint = f"write {digit}: and where it leads, or record the prompt anew"
                    faults.append(fault(Kind.KEY_SPOKEN, menu.at, message, hint))
    return tuple(faults)


def _named(rules: RuleSet) -> Iterator[tuple[str, Place]]:
    yield from _asked(rules)
    for menu in rules.menus.values():
        for name in (*menu.say, menu.no_input, menu.no_match):
            yield name, menu.at
    for notice in rules.notices:
        for name in notice.say:
            yield name, notice.at
    for department in rules.departments.values():
        yield department.closed.say, department.closed.at
    for period in rules.holidays.closed:
        if period.say is not None:
            yield period.say, period.at
    for box in rules.voicemails.values():
        yield box.say, box.at


def _asked(rules: RuleSet) -> Iterator[tuple[str, Place]]:
    for question in rules.questions.values():
        for name in (*question.say, question.no_input, question.no_match):
            yield name, question.at
    for survey in rules.surveys.values():
        if survey.by == "voice":
            yield survey.say, survey.at


def _advice(name: str, known: Collection[str], language: str) -> str:
    near = did_you_mean(name, known) or ""
    record = f"record it as {_file(name, language)}"
    return f"{near[:-1]}, or {record}" if near.startswith("did") else record


def _first_with(name: str, rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> str:
    return next(language for language in rules.languages if name in on_disk.get(language, ()))


def _file(name: str, language: str) -> str:
    return f"prompts/{language}/{name}.wav"
