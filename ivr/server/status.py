"""What `/health` says, gathered from those who know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr import __version__
from ivr.amount import counted
from ivr.ari.node import Node
from ivr.asterisk.blueprint import PhoneTls
from ivr.clock import SystemClock
from ivr.desk import Desk
from ivr.disk import Cause
from ivr.observe import Counts
from ivr.records.emergency import EmergencyRecord
from ivr.records.journal import JournalState, RelayState
from ivr.rulebook.changes import Changes
from ivr.rulebook.in_force import Rulebook
from ivr.rulebook.overrides import Overrides
from ivr.server.certificate import certificate_problems
from ivr.server.journal import journal_problems, relay_problems
from ivr.server.outgoing import OutgoingCalls
from ivr.server.strangers import Strangers
from ivr.server.supervisor import Supervisor
from ivr.server.trunk_view import TrunkFailure
from ivr.server.watcher import Watcher
from ivr.speech.workers import WorkerLink
from ivr.web import (
    AgentHealth,
    EmergencyHealth,
    EmergencyTryHealth,
    Health,
    OverrideHealth,
    QueueHealth,
    RefusedHealth,
    RulesHealth,
    SpeechWorkerHealth,
    StoreHealth,
    StrangerHealth,
    StrangersHealth,
    TimedChangeHealth,
    TrunkFailureHealth,
    TrunkHealth,
)

MOST_SHOWN = 20
"""Strangers on `/health`."""


@dataclass(frozen=True, slots=True)
class Status:
    """Those who know, and how long the server has been up."""

    node: Node
    desk: Desk
    supervisor: Supervisor
    rulebook: Rulebook
    changes: Changes
    overrides: Overrides
    counts: Counts
    outgoing: OutgoingCalls
    journal: Callable[[], JournalState]
    up: Callable[[], timedelta]
    asterisk_trouble: Callable[[], str | None] = lambda: None
    message_trouble: Callable[[], Cause | None] = lambda: None
    asterisk_says: Callable[[], Iterable[str]] = tuple
    settings_say: Callable[[], Iterable[str]] = tuple
    asterisk_lacks: Callable[[], Iterable[str]] = tuple
    phone_tls: Callable[[], PhoneTls | None] = lambda: None
    emergencies: Callable[[], Iterable[EmergencyRecord]] = tuple
    speech_problems: Callable[[], Iterable[str]] = tuple
    speech_lines: Callable[[], Iterable[WorkerLink]] = tuple
    strangers: Strangers = field(default_factory=lambda: Strangers(SystemClock()))
    home_says: Callable[[], Iterable[str]] = tuple
    watcher: Watcher = field(default_factory=Watcher)

    def health(self) -> Health:
        problems = self._problems()
        journal = self.journal()
        in_force = self.rulebook.present
        is_down = self.supervisor.is_draining or not self.node.is_linked
        return Health(
            status="down" if is_down else "degraded" if problems else "ok",
            problems=tuple(problems),
            version=__version__,
            asterisk=self.node.asterisk_version if self.node.is_linked else None,
            up_seconds=round(self.up().total_seconds(), 1),
            watched=self.watcher.is_there,
            journal_goes_first=journal.goes_first,
            rules=in_force.file,
            rules_revision=in_force.rules.revision,
            rules_in_force=self._rules(),
            rules_refused=tuple(
                RefusedHealth(one.file, _when(one.since), one.findings)
                for one in self.changes.refusals.present
            ),
            rules_planned=tuple(
                TimedChangeHealth(
                    one.change_id, one.revision, _when(one.due_at), one.author, one.why
                )
                for one in self.changes.timed.waiting
            ),
            overrides=tuple(
                OverrideHealth(
                    closed=f"{one.kind} {one.name}",
                    since=_when(one.set_at),
                    until=_when(one.until),
                    say=one.say,
                    author=one.author,
                    why=one.why,
                )
                for one in self.overrides.kept
            ),
            calls=self.supervisor.calls,
            tasks=len(asyncio.all_tasks()),
            queues={
                view.name: QueueHealth(
                    view.waiting,
                    view.signed_in,
                    round(view.longest_wait_seconds, 1),
                    view.estimate_error_seconds,
                )
                for view in self.desk.queues(in_force.rules.queues)
            },
            agents={
                view.name: AgentHealth(view.state.value, view.queues) for view in self.desk.agents()
            },
            speech_workers={
                line.address.name: SpeechWorkerHealth(
                    line.is_up, line.calls, line.places_free, line.learning
                )
                for line in self.speech_lines()
            },
            trunks={
                view.name: TrunkHealth(
                    reachable=view.is_reachable,
                    registered=view.is_registered,
                    registered_until=_when(view.registered_until)
                    if view.registered_until
                    else None,
                    calls_in=view.calls_in,
                    most_calls_in=view.most_calls_in,
                    refused=view.refused,
                    calls_out=view.calls_out,
                    most_calls_out=view.most_calls_out,
                    out_failed=view.out_failed,
                    last_failure=_failure(view.last_failure),
                    troubles=view.troubles,
                    came=view.came,
                    went=view.went,
                    failures=view.failures,
                )
                for view in self.supervisor.trunks.views()
            },
            store=_store(journal.relay),
            emergency_calls=tuple(map(_emergency, self.emergencies())),
            sip_strangers=_strangers(self.strangers),
            counts=self.counts.as_dict(),
        )

    def _rules(self) -> RulesHealth | None:
        latest = self.changes.latest
        if latest is None:
            return None
        return RulesHealth(
            file=latest.file,
            revision=latest.revision,
            how=latest.how,
            since=_when(latest.settled_at or latest.due_at),
            author=latest.author,
            why=latest.why,
            warning=self.changes.warning,
        )

    def _problems(self) -> list[str]:
        """Each with what it does to callers, and its mend."""
        found = []
        if self.supervisor.is_draining:
            found.append("the server is stopping: new calls are refused, those under way go on")
            if emergencies := len(tuple(self.emergencies())):
                found.append(
                    f"the server waits with its end for {emergencies} emergency calls: nothing of ours ends them"
                )
        if trouble := self.asterisk_trouble():
            found.append(
                f"Asterisk does not run ({trouble}): no call comes in; it is tried again by itself"
            )
        elif not self.node.is_linked:
            found.append(
                "no link to Asterisk: new callers hear an apology from the dialplan; the link is tried again by itself"
            )
        found += self.supervisor.room.problems(self.supervisor.taken)
        found += self.home_says()
        journal = self.journal()
        found += journal_problems(journal)
        found += relay_problems(journal.relay)
        if cause := self.message_trouble():
            found.append(
                f"no message can be recorded, and none is asked for: {cause.says}; calls go on; {cause.mend}"
            )
        found += [
            f"{refusal.file} is refused since {_when(refusal.since)}: {refusal.findings[0]} (findings: "
            f"{len(refusal.findings)}); the rules in force stay as they are, and the next start would fail: mend it"
            for refusal in self.changes.refusals.present
        ]
        found += [
            f"phone {name} has signed in, but answers no OPTIONS, so it is not rung and counts as signed out: turn the "
            "answers on in the phone, or let Asterisk's packets through to it"
            for name in sorted(self.node.contacts.deaf)
            if self.supervisor.trunks.named(name) is None
        ]
        found += self.settings_say()
        found += self.supervisor.trunks.problems()
        found += self.outgoing.problems()
        found += [
            f"Asterisk did not take {name}: no calls come in over it; look for it in the server's log, and write to us"
            for name in self.asterisk_lacks()
        ]
        found += certificate_problems(self.phone_tls(), self.strangers.clock.now())
        found += self.asterisk_says()
        found += self.watcher.problems
        found += self.speech_problems()
        found += self._counted()
        if silent := self.rulebook.present.music_missing:
            found.append(
                f"no music {', '.join(silent)} can be played: callers who wait for it hear a tone; run `ivr check`"
            )
        return found

    def _counted(self) -> list[str]:
        """What went wrong for single callers since the start."""
        found = []
        if missed := self.node.arrivals_missed:
            found.append(
                f"{counted(missed, 'call')} came while no calls were taken, at a start or a stop: those callers heard "
                "nothing; let a trunk try its next way in when nobody answers"
            )
        if overflows := self.node.overflows:
            found.append(
                f"{counted(overflows, 'time')} Asterisk's events came faster than they were read: a call that fell "
                "behind heard an apology and ended; this machine does too much at once (see `make bench`)"
            )
        if ended := self.counts["calls_ended_lost_while_down"]:
            found.append(
                f"{counted(ended, 'call was', 'calls were')} under way when the server before this one ended, and "
                f"{'is lost: its record says' if ended == 1 else 'are lost: their records say'} `lost_while_down`; "
                "look in its log for why it ended"
            )
        if lost := self.counts["messages_lost"]:
            cause = self.message_trouble()
            mend = (
                f"{cause.says}; {cause.mend}"
                if cause
                else "the disk is well now; look at Asterisk's log"
            )
            found.append(
                f"{counted(lost, 'message')} could not be kept, and those callers heard an apology: {mend}"
            )
        if missing := self.counts["prompts_missing"]:
            found.append(
                f"{counted(missing, 'time')} a prompt was missing and another was played; run `ivr prompts check`"
            )
        return found


def _strangers(strangers: Strangers) -> StrangersHealth:
    lately = tuple(strangers.lately())
    return StrangersHealth(
        addresses=len(lately),
        barred=len(strangers.barred()),
        latest=tuple(
            StrangerHealth(
                address=one.address,
                wrong_passwords=one.wrong,
                refused=one.refused,
                last_at=_when(one.last_at),
                barred_until=_when(one.barred_until) if one.barred_until else None,
            )
            for one in lately[:MOST_SHOWN]
        ),
    )


def _emergency(call: EmergencyRecord) -> EmergencyHealth:
    return EmergencyHealth(
        number=call.number,
        phone=call.phone,
        site=call.site,
        since=_when(call.began_at),
        answered=_when(call.answered_at) if call.answered_at else None,
        tries=tuple(EmergencyTryHealth(one.trunk, one.status) for one in call.tries),
    )


def _store(relay: RelayState | None) -> StoreHealth | None:
    if relay is None:
        return None
    return StoreHealth(
        to=relay.to,
        behind=relay.behind,
        behind_seconds=round(relay.behind_seconds, 1),
        failing_since=_when(relay.failing_since) if relay.failing_since else None,
        filling=relay.is_filling,
    )


def _failure(failure: TrunkFailure | None) -> TrunkFailureHealth | None:
    if failure is None:
        return None
    return TrunkFailureHealth(_when(failure.at), failure.doing, failure.status)


def _when(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
