"""What an agent's phone has dialled, where that is not for the numbers that callers dial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ivr.numbers import EMERGENCY_NUMBERS, PhoneNumber, opened_by
from ivr.rules.decision import Step
from ivr.rules.model import Agent, CodeMeaning, RuleSet
from ivr.why import CodeDialled, ColleagueDialled, MayNotCall, NoSuchCode, OutsideDialled

CostOf: TypeAlias = Callable[[PhoneNumber], str | None]
"""The kind of a number, by what a call to it costs; None where there is nothing to say of it."""


@dataclass(frozen=True, slots=True)
class DoCode:
    """A code of the rules; None: one that they do not have."""

    meaning: CodeMeaning | None
    step: Step
    to: str


@dataclass(frozen=True, slots=True)
class CallColleague:
    """Another agent."""

    colleague: Agent
    step: Step
    to: str


@dataclass(frozen=True, slots=True)
class CallNumber:
    """A number outside, which sees `own`; None: what the trunk says. `is_allowed` False: it is not called."""

    number: PhoneNumber
    own: PhoneNumber | None
    by: Agent
    step: Step
    to: str
    is_allowed: bool = True


_KEPT_OF_NO_CODE = 4
"""Signs of a code that the rules do not have: enough to see which one was meant."""

Dialling: TypeAlias = DoCode | CallColleague | CallNumber


def dialled_by(
    rules: RuleSet, agent: Agent | None, text: str, number: PhoneNumber | None, cost: CostOf
) -> Dialling | None:
    """What `agent` has dialled: a `text`, which is a `number` or not. None: it is for `numbers` of the rules.

    An agent who may call no kind of number outside is a caller like others there; emergency calls are no rules'
    affair. At a phone that is nobody's (None) somebody may sit down, and no more. What begins with a star or a hash is
    a code, also where the rules have none.
    """
    if text[:1] in {"*", "#"}:
        return _code(rules, agent.name if agent else "", text)
    if agent is None or (number is not None and number in rules.numbers):
        return None
    for colleague in rules.agents.values():
        if text in {colleague.number, colleague.name} and colleague is not agent:
            because = ColleagueDialled(agent.name, colleague.name, text)
            return CallColleague(colleague, Step(because, colleague.at), f"agent {colleague.name}")
    if number is None or not agent.may_call or number.digits in EMERGENCY_NUMBERS:
        return None
    kind = cost(number)
    site = rules.sites.get(agent.site or "")
    own = site.caller_id if site else None
    if opened_by(agent.may_call, number, kind):
        shown = own.digits if own else None
        outside = OutsideDialled(agent.name, number.masked, kind, shown)
        return CallNumber(number, own, agent, Step(outside, agent.at), "outside")
    step = Step(MayNotCall(agent.name, number.masked, kind), agent.at)
    return CallNumber(number, own, agent, step, "hangup", is_allowed=False)


def code_kept(text: str, rules: RuleSet) -> str:
    """What was dialled, as it is kept where it is no number.

    What stands behind a code may be a secret, such as the PIN that it asks for: fingers are faster than the voice.
    """
    codes = rules.duty.codes
    if text[:1] not in {"*", "#"} or text in codes:
        return text
    begun = [code for code in codes if text.startswith(code)]
    kept = max(begun, key=len, default=text[:_KEPT_OF_NO_CODE])
    return text if kept == text else f"{kept}…"


def _code(rules: RuleSet, agent: str, text: str) -> DoCode:
    code = rules.duty.codes.get(text)
    if code is None:
        return DoCode(None, Step(NoSuchCode(agent, code_kept(text, rules)), None), "hangup")
    meaning = code.meaning
    because = CodeDialled(agent, code.dialled, meaning.act, meaning.what)
    return DoCode(meaning, Step(because, code.at), f"code {code.dialled}")
