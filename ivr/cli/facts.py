"""What `--json` prints: facts for scripts, in the same words whichever command says them."""

from __future__ import annotations

import msgspec

from ivr.rules.decision import Step
from ivr.rules.fault import Fault


def facts_text(facts: object) -> str:
    """JSON on lines of its own, to be read by people too; `facts` are structs, dicts, lists and plain values."""
    return msgspec.json.format(msgspec.json.encode(facts), indent=2).decode()


def step_facts(step: Step) -> dict[str, object]:
    """A step that stands on no line of the rules has null for file, line and path."""
    return {
        "text": step.text,
        "file": step.at.file if step.at else None,
        "line": step.at.line if step.at else None,
        "path": step.at.path if step.at else None,
        "taken": step.taken,
    }


def finding_facts(one: Fault) -> dict[str, object]:
    """A finding with its place; `line` and `column` count from 1."""
    return {
        "severity": one.severity,
        "code": one.code,
        "file": one.place.file,
        "line": one.place.line,
        "column": one.place.column,
        "path": one.place.path,
        "message": one.message,
        "hint": one.hint,
    }
