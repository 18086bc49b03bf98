"""What `/health` says, gathered from those who know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ivr import __version__
from ivr.ari.node import Node
from ivr.desk import Desk
from ivr.observe import Counts
from ivr.records.journal import JournalState
from ivr.server.rules import RulesInForce
from ivr.server.supervisor import Supervisor
from ivr.web import AgentHealth, Health, QueueHealth


@dataclass(frozen=True, slots=True)
class Status:
    """Those who know, and how long the server has been up."""

    node: Node
    desk: Desk
    supervisor: Supervisor
    in_force: RulesInForce
    counts: Counts
    journal: Callable[[], JournalState]
    up: Callable[[], timedelta]

    def health(self) -> Health:
        problems = self._problems()
        is_down = self.supervisor.is_draining or not self.node.is_linked
        return Health(
            status="down" if is_down else "degraded" if problems else "ok",
            problems=tuple(problems),
            version=__version__,
            asterisk=self.node.asterisk_version,
            up_seconds=round(self.up().total_seconds(), 1),
            rules=str(self.in_force.file),
            rules_revision=self.in_force.rules.revision,
            calls=self.supervisor.calls,
            tasks=len(asyncio.all_tasks()),
            queues={
                view.name: QueueHealth(
                    view.waiting, view.signed_in, round(view.longest_wait_seconds, 1)
                )
                for view in self.desk.queues(self.in_force.rules.queues)
            },
            agents={
                view.name: AgentHealth(view.state.value, view.queues) for view in self.desk.agents()
            },
            counts=self.counts.as_dict(),
        )

    def _problems(self) -> list[str]:
        """Each with what it does to callers, and its mend."""
        found = []
        if self.supervisor.is_draining:
            found.append("the server is stopping: new calls are refused, those under way go on")
        if not self.node.is_linked:
            found.append(
                "no link to Asterisk: new callers hear an apology from the dialplan; the link is tried again by itself"
            )
        journal = self.journal()
        if journal.failing_since is not None:
            found.append(
                f"the journal cannot be written since {journal.failing_since.isoformat(timespec='seconds')} "
                f"({journal.last_error}): calls go on, {journal.behind} events wait in memory; make room on the disk"
            )
        if missing := self.counts["prompts_missing"]:
            found.append(
                f"{missing} times a prompt was missing and another was played; run `ivr prompts check`"
            )
        return found
