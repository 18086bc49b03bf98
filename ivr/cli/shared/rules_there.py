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
from ivr.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class RulesThere:
    """`rules` is None where none are kept, or where this version cannot read them any more."""

    zone: tzinfo
    rules: RuleSet | None

    @property
    def targets(self) -> Mapping[str, float]:
        """Seconds within which each queue is to answer."""
        queues = self.rules.queues.values() if self.rules else ()
        return {queue.name: queue.answer.within_seconds for queue in queues}

    def names(self, kind: str) -> Collection[str]:
        """Those of its queues, sites, departments or agents."""
        if self.rules is None:
            return ()
        there: Mapping[str, Collection[str]] = {
            "queue": self.rules.queues,
            "site": self.rules.sites,
            "department": self.rules.departments,
            "agent": self.rules.agents,
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
