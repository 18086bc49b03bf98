"""What `--json` prints: facts for scripts, in the same words whichever command says them."""

from __future__ import annotations

import codecs
import json
import re
import sys

import msgspec

from ivr.records.events import Reason
from ivr.records.record import CallRecord
from ivr.rules.decision import Step
from ivr.rules.fault import Fault
from ivr.showing.sentences import Language
from ivr.showing.steps import reason_told, step_told
from ivr.why import Because

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def facts_text(facts: object) -> str:
    """JSON on lines of its own, to be read by people too; `facts` are structs, dicts, lists and plain values.

    Where standard output cannot show every letter, they are escaped: a script reads what was meant.
    """
    text = msgspec.json.format(msgspec.json.encode(facts), indent=2).decode()
    if codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8":
        return text
    return _NOT_ASCII.sub(lambda letter: json.dumps(letter[0])[1:-1], text)


def step_facts(step: Step, language: Language = "en") -> dict[str, object]:
    """A step that stands on no line of the rules has null for file, line and path."""
    return {
        "text": step_told(step, language),
        **_why(step.because),
        "file": step.at.file if step.at else None,
        "line": step.at.line if step.at else None,
        "path": step.at.path if step.at else None,
        "taken": step.taken,
    }


def reason_facts(reason: Reason, language: Language = "en") -> dict[str, object]:
    """The same for a stored step; `kind` is null where an earlier version stored a sentence."""
    return {
        "text": reason_told(reason, language),
        **_why(reason.because),
        "file": reason.file,
        "line": reason.line,
        "path": reason.path,
        "taken": reason.taken,
    }


def record_facts(record: CallRecord, language: Language) -> dict[str, object]:
    """The record as it is stored, each reason with its sentence."""
    decisions = [
        {
            **msgspec.to_builtins(decision),
            "steps": [reason_facts(reason, language) for reason in decision.steps],
        }
        for decision in record.decisions
    ]
    return {**msgspec.to_builtins(record), "decisions": decisions}


def _why(because: Because | None) -> dict[str, object]:
    if because is None:
        return {"kind": None, "facts": {}}
    return {"kind": because.kind, "facts": because.facts()}


def finding_facts(one: Fault) -> dict[str, object]:
    """A finding with its place; `line` and `column` count from 1."""
    return {
        "severity": one.severity,
        "code": one.code,
        "file": one.location.file,
        "line": one.location.line,
        "column": one.location.column,
        "path": one.location.path,
        "message": one.message,
        "hint": one.hint,
    }
