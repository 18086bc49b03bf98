"""What comes of what an agent dials, without the reasons: so that two of them can be compared."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ivr.numbers import number_from_sip
from ivr.rules.decide.dialling import CallColleague, CallNumber, CostOf, DoCode, dialled_by
from ivr.rules.model import Agent, CodeMeaning, RuleSet

DialledOutcome: TypeAlias = tuple[
    Literal["does", "no_code", "rings", "outside", "not_allowed", "as_caller"], str
]
"""What comes of it, and which: a code's meaning, a colleague, the number that is shown outside."""


def dialled_outcome(rules: RuleSet, agent: Agent, text: str, cost: CostOf) -> DialledOutcome:
    """What comes of what this agent dials. `cost` tells the kind of a number."""
    match dialled_by(rules, agent, text, number_from_sip(text), cost):
        case DoCode(meaning=CodeMeaning(act=act, what=what)):
            return "does", " ".join(filter(None, (act, what)))
        case DoCode():
            return "no_code", ""
        case CallColleague(colleague=colleague):
            return "rings", colleague.name
        case CallNumber(is_allowed=False):
            return "not_allowed", ""
        case CallNumber(own=own):
            return "outside", own.digits if own else ""
        case None:
            return "as_caller", ""
