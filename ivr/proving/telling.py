"""A failed test in words: what was expected, what came, and the steps that led there."""

from __future__ import annotations

from ivr.proving.running import Result


def told(result: Result) -> list[str]:
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
        lines.append(f"{place:<{width}}  {step.text}".rstrip())
    return lines
