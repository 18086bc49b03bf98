"""A failed test in words: what was expected, what came, and the steps that led there."""

from __future__ import annotations

from ivr.proving.running import Result
from ivr.showing.sentences import Language, sentence


def told(result: Result, language: Language = "en") -> list[str]:
    """Lines for people."""
    lines = [
        f"{one.word}: expected {one.expected}, got {one.got}"
        if one.word != "passes"
        else f"passes: expected {one.expected}, but {one.got}"
        for one in result.mismatches
    ]
    steps = [step for step in result.walked.steps if step.taken]
    places = [str(step.at) if step.at else "" for step in steps]
    width = max(map(len, places), default=0)
    for place, step in zip(places, steps, strict=True):
        said = sentence(step.because, taken=True, language=language)
        lines.append(f"{place:<{width}}  {said}".rstrip())
    return lines
