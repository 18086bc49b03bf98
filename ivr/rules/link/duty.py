"""How agents' days go: parsed form → RuleSet."""

from __future__ import annotations

from ivr.rules.link.references import References
from ivr.rules.model import DutyRules
from ivr.rules.parsed import RulesFile


def link_duty(parsed: RulesFile, references: References) -> DutyRules:
    """What the rules say, or what holds without a word."""
    words = parsed.duty
    if words is None:
        return DutyRules()
    references.once(words.pause_reasons, ("duty", "pause_reasons"))
    references.not_empty(
        words.pause_reasons, ("duty", "pause_reasons"), "pause_reasons: [lunch, training]"
    )
    return DutyRules(
        by_code=words.sign_in == "by code",
        pause_reasons=tuple(dict.fromkeys(words.pause_reasons)),
        missed=words.missed,
    )
