"""The rules that a server took last, for commands that count or look up: time zone, targets, what there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from ivr.cli.shared.in_force import text_taken
from ivr.cli.shared.zone import zone_of
from ivr.clock import SystemClock
from ivr.rulebook.text import RulesText
from ivr.rules.load import read_rules
from ivr.rules.model import Queue, RuleSet


@dataclass(frozen=True, slots=True)
class RulesThere:
    """`rules` is None where none are kept, or where this version cannot read them any more."""

    zone: tzinfo
    rules: RuleSet | None

    @property
    def targets(self) -> Mapping[str, float]:
        """Seconds within which each queue is to answer."""
        return {queue.name: queue.answer.within_seconds for queue in self.queues.values()}

    @property
    def queues(self) -> Mapping[str, Queue]:
        return self.rules.queues if self.rules else {}

    @property
    def agents_sites(self) -> Mapping[str, str | None]:
        """Where each agent sits."""
        agents = self.rules.agents.values() if self.rules else ()
        return {agent.name: agent.site for agent in agents}

    def names(self, kind: str) -> Collection[str]:
        """Those of its queues, sites, departments, agents or menus."""
        if self.rules is None:
            return ()
        there: Mapping[str, Collection[str]] = {
            "queue": self.rules.queues,
            "site": self.rules.sites,
            "department": self.rules.departments,
            "agent": self.rules.agents,
            "menu": self.rules.menus,
        }
        return there[kind]


def rules_there(home: Path) -> RulesThere:
    """Whether its server runs or not. Raises StoreFailed where the journal cannot be read."""
    zone = zone_of(home) or SystemClock().now().astimezone().tzinfo or UTC
    kept = text_taken(home)
    if kept is None:
        return RulesThere(zone, None)
    written = RulesText.kept(kept)
    rules, _ = read_rules(written.text, written.file, files=written.files)
    return RulesThere(zone, rules)
