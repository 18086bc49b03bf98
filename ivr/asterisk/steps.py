"""Extensions of the dialplan."""

from __future__ import annotations


def steps(dialled: str, first: str, *rest: str) -> str:
    """An extension: `(label)` in front of a step names it."""
    numbered = [("exten => " + dialled + ",1", first), *((" same => n", step) for step in rest)]
    return "\n".join([*(f"{number}{_labelled(step)}" for number, step in numbered), ""])


def _labelled(step: str) -> str:
    label, bracket, application = step.partition(")") if step[0] == "(" else ("", "", step)
    return f"{label}{bracket},{application}"
