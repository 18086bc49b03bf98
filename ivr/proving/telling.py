"""A failed test in words: what was expected, what came, and the steps that led there."""

from __future__ import annotations

from ivr.proving.running import ELSEWHERE, NO_SITE, NOBODY_FIRST, Mismatch, Result
from ivr.showing.sentences import Language, sentence

_NORWEGIAN = {
    ELSEWHERE: "samtalen kommer ikke dit",
    NO_SITE: "ikke noe sted",
    NOBODY_FIRST: "ingen før andre",
}


def told(result: Result, language: Language = "en") -> list[str]:
    """Lines for people."""
    lines = [_mismatch(one, language) for one in result.mismatches]
    steps = [step for step in result.walked.steps if step.taken]
    places = [str(step.at) if step.at else "" for step in steps]
    width = max(map(len, places), default=0)
    for place, step in zip(places, steps, strict=True):
        said = sentence(step.because, taken=True, language=language)
        lines.append(f"{place:<{width}}  {said}".rstrip())
    return lines


def _mismatch(one: Mismatch, language: Language) -> str:
    """Both sides are as the file of tests writes them, but for what stands in no file."""
    is_on_the_way = one.word == "passes"
    if language == "nb":
        got = _NORWEGIAN.get(one.got, one.got)
        return f"{one.word}: ventet {one.expected}, {'men' if is_on_the_way else 'fikk'} {got}"
    return f"{one.word}: expected {one.expected}, {'but' if is_on_the_way else 'got'} {one.got}"
