"""Extensions of the dialplan."""

from __future__ import annotations


def steps(dialled: str, first: str, *rest: str) -> str:
    """An extension: `(label)` in front of a step names it."""
    lines = [f"exten => {dialled},1,{first}"]
    for step in rest:
        label, bracket, application = step.partition(")") if step[0] == "(" else ("", "", step)
        lines.append(f" same => n{label}{bracket},{application}")
    return "\n".join([*lines, ""])
