"""A failed test in words: what was expected, what came, and the steps that led there."""

from __future__ import annotations

from ivr.proving.running import ELSEWHERE, NO_SITE, NOBODY_FIRST, Mismatch, Result
from ivr.rules.walk import Walk
from ivr.showing.sentences import Language, sentence

_NORWEGIAN = {
    ELSEWHERE: "samtalen kommer ikke dit",
    NO_SITE: "ikke noe sted",
    NOBODY_FIRST: "ingen før andre",
}


def told(result: Result, language: Language = "en") -> list[str]:
    """Lines for people."""
    lines = [_mismatch(one, language) for one in result.mismatches]
    if unheard := unheard_told(result.walked, language):
        lines.append(unheard)
    steps = [step for step in result.walked.steps if step.taken]
    places = [str(step.at) if step.at else "" for step in steps]
    width = max(map(len, places), default=0)
    for place, step in zip(places, steps, strict=True):
        said = sentence(step.because, taken=True, language=language)
        lines.append(f"{place:<{width}}  {said}".rstrip())
    return lines


def unheard_told(walked: Walk, language: Language) -> str | None:
    """That a menu does not listen, where the caller had something to say in it."""
    if walked.deaf is None or walked.unheard is None:
        return None
    name, words = walked.deaf.name, walked.unheard
    if language == "nb":
        return (
            f"say: menyen {name} lytter ikke, så «{words}» ble ikke sagt; skriv speech: true i den"
        )
    return f"say: menu {name} does not listen, so {words!r} was not said; write speech: true in it"


def _mismatch(one: Mismatch, language: Language) -> str:
    """Both sides are as the file of tests writes them, but for what stands in no file."""
    is_on_the_way = one.word == "passes"
    if language == "nb":
        got = _NORWEGIAN.get(one.got, one.got)
        return f"{one.word}: ventet {one.expected}, {'men' if is_on_the_way else 'fikk'} {got}"
    return f"{one.word}: expected {one.expected}, {'but' if is_on_the_way else 'got'} {one.got}"
