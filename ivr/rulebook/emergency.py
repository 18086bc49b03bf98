"""What the settings of emergency calls lack for these rules."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location, RuleSet
from ivr.settings import Emergency


def emergency_faults(emergency: Emergency, rules: RuleSet) -> Iterator[Fault]:
    """Sites whose callers would not be found; a trunk that stands alone. None while no trunk takes such calls."""
    if not emergency.trunks:
        return
    for name in sorted({agent.site for agent in rules.agents.values() if agent.site}):
        if name not in emergency.numbers:
            yield fault(
                FaultKind.SITE_NOT_FOUND,
                rules.sites[name].at,
                f"site {name} has no number for emergency calls: help would be sent by {emergency.number}",
                f'write its own into ivr.toml: `[emergency.numbers]` and `{name} = "+47 …"`',
            )
    if len(emergency.trunks) == 1:
        yield fault(
            FaultKind.ONE_EMERGENCY_TRUNK,
            Location("ivr.toml", 1, 1, "emergency.trunks"),
            f"emergency calls have one trunk only, {emergency.trunks[0]}",
            "name a second one, of another carrier",
        )
