"""What the settings of emergency calls lack for these rules."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault
from ivr.rules.model import Account, Agent, Location, RuleSet
from ivr.settings import Emergency


def emergency_faults(
    emergency: Emergency, rules: RuleSet, *, has_trunks: bool = False
) -> Iterator[Fault]:
    """Sites and agents whose callers would not be found, numbers of no site, a trunk that stands alone, or none at all.

    `has_trunks`: there are some. Nothing is said where there are none at all.
    """
    for name in sorted(emergency.numbers.keys() - rules.sites.keys()):
        yield fault(
            FaultKind.NUMBER_OF_NO_SITE,
            Location("ivr.toml", 1, 1, f"emergency.numbers.{name}"),
            f"`[emergency.numbers]` has a number for {name}, and the rules have no site of that name",
            did_you_mean(name, rules.sites) or "remove it: the rules have no sites",
        )
    if not emergency.trunks:
        if has_trunks and any(isinstance(one.phone, Account) for one in rules.agents.values()):
            yield fault(
                FaultKind.NO_EMERGENCY_TRUNK,
                Location("ivr.toml", 1, 1, "emergency.trunks"),
                "no trunk takes emergency calls: a phone that dials 112 is refused",
                'name those that do: `[emergency]`, `trunks = ["…"]` and `number = "+47 …"`',
            )
        return
    for name in sorted({agent.site for agent in rules.agents.values() if agent.site}):
        if name not in emergency.numbers:
            yield fault(
                FaultKind.SITE_NOT_FOUND,
                rules.sites[name].at,
                f"site {name} has no number for emergency calls: help would be sent by {emergency.number}",
                f'write its own into ivr.toml: `[emergency.numbers]` and `{name} = "+47 …"`',
            )
    homeless = [name for name, agent in sorted(rules.agents.items()) if _is_nowhere(agent)]
    if homeless and emergency.numbers:
        yield fault(
            FaultKind.SITE_NOT_FOUND,
            rules.agents[homeless[0]].at,
            f"agents of no site ({', '.join(homeless)}) would be found by {emergency.number} when they call for help",
            "write the `site` of each, where its phone stands",
        )
    if len(emergency.trunks) == 1:
        yield fault(
            FaultKind.ONE_EMERGENCY_TRUNK,
            Location("ivr.toml", 1, 1, "emergency.trunks"),
            f"emergency calls have one trunk only, {emergency.trunks[0]}",
            "name a second one, of another carrier",
        )


def _is_nowhere(agent: Agent) -> bool:
    """Only a phone that signs in can call."""
    return agent.site is None and isinstance(agent.phone, Account)
