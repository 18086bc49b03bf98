"""From the events of one call to its record.

Pure, and total: a journal that is cut off anywhere folds to what is known by then. Durations are
differences of the monotonic clock, so that setting the machine's clock changes no wait. Where it
runs backwards between two events, the machine was started anew in between, and the wall clock is
used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from ivr.records.durations import seconds_between, seen_at, unnoticed_seconds
from ivr.records.events import (
    Answered,
    Arrived,
    Ended,
    MenuTry,
    MessageLeft,
    Queued,
    Routed,
    SurveyAsked,
    SurveyTry,
)
from ivr.records.journal import Entry
from ivr.records.path import PathTaken
from ivr.records.record import (
    CallRecord,
    Disposition,
    EndedBy,
    Message,
    SurveyReply,
)
from ivr.records.waits import VisitSoFar, WaitsSoFar
from ivr.why import ClosedThere

SHORT_ABANDON_SECONDS = 5.0


def fold(entries: Sequence[Entry], *, short_seconds: float = SHORT_ABANDON_SECONDS) -> CallRecord:
    """The record of the call that `entries` (at least one, in order) belong to.

    A caller who hung up after waiting at most `short_seconds` counts as a short abandon.
    """
    story = _Story(short_seconds)
    for entry in entries:
        story.tell(entry)
    return story.record(entries[0])


def _time_of(entry: Entry, first: Entry) -> datetime:
    """When it was; never before the call came, though the machine's clock was set back meanwhile."""
    if entry.at >= first.at:
        return entry.at
    return first.at + timedelta(seconds=seconds_between(first, entry))


def _closed_queues(routed: Routed) -> Iterator[str]:
    """The queues that a closed department kept this call from."""
    for step in routed.steps:
        if isinstance(step.because, ClosedThere):
            kind, _, name = step.because.instead_of.partition(" ")
            if kind == "queue":
                yield name


class _Surveys:
    """What the caller was asked after talks, each talk once at the most."""

    def __init__(self) -> None:
        self.replies: list[SurveyReply] = []
        self._asked_of: VisitSoFar | None = None

    def ask(self, asked: SurveyAsked, talk: VisitSoFar | None, at: datetime) -> None:
        """Asked after this talk; who is asked again, for the call was taken up anew, was asked once."""
        if talk is None or talk is self._asked_of:
            return
        self._asked_of = talk
        self.replies.append(
            SurveyReply(
                survey=asked.survey,
                queue=talk.queue,
                agent=talk.agent,
                asked_at=at,
                lowest=asked.lowest,
                highest=asked.highest,
            )
        )

    def reply(self, score: int | None) -> None:
        """Of several answers the last counts."""
        if score is not None and self.replies:
            self.replies[-1] = msgspec.structs.replace(self.replies[-1], score=score)


class _Story:
    """What has been told of a call so far."""

    def __init__(self, short_seconds: float) -> None:
        self.arrived = Arrived(dialled="", caller=None, call_time="", revision="", channel="")
        self.answered: Entry | None = None
        self.ended: Entry | None = None
        self.end: Ended | None = None
        self.routes: list[Routed] = []
        self.waits = WaitsSoFar(short_seconds)
        self.messages: list[Message] = []
        self.surveys = _Surveys()
        self.path = PathTaken()
        self.is_closed = False
        self.is_refused = False
        self.has_chosen = True
        self.was_to_leave_message = False
        self.last: Entry | None = None

    def tell(self, entry: Entry) -> None:
        if self.end is not None and not isinstance(entry.event, MessageLeft):
            return  # a call ends once; only its recording may still come in
        self._take(entry)
        self.last = entry

    def _take(self, entry: Entry) -> None:
        match entry.event:
            case Arrived() as arrived:
                self.arrived = arrived
                self.waits.early_seconds = arrived.waited_seconds or 0.0
            case Answered():
                self.answered = self.answered or entry
            case Routed() as routed:
                self.routes.append(routed)
                self.path.come(routed.to)
                self.was_to_leave_message |= routed.to.startswith("voicemail ")
                self.waits.turn_away(_closed_queues(routed), "closed", entry)
                self.waits.turn_away(routed.blocked, "blocked", entry)
                self.is_closed = routed.closed or self.is_closed
                self.is_refused = routed.refused or self.is_refused
            case MenuTry(menu=menu, result=result, key=key):
                self.has_chosen = result == "chosen"
                self.path.choose(menu, result, key)
            case MessageLeft(voicemail=voicemail, file=file, seconds=seconds):
                self.messages.append(Message(voicemail=voicemail, file=file, seconds=seconds))
            case SurveyAsked() as asked:
                self.surveys.ask(asked, self.waits.last_talk, entry.at)
            case SurveyTry(score=score):
                self.surveys.reply(score)
            case Ended() as end:
                self._finish(end, entry)
            case event:
                self.is_closed = self.is_closed and not isinstance(event, Queued)
                self.waits.tell(entry)

    def _finish(self, end: Ended, entry: Entry) -> None:
        if self.last is not None:
            entry = seen_at(entry, self.last)
        self.end = end
        self.ended = entry
        self.waits.leave("abandoned" if end.by == "caller" else "system_dropped", entry)
        self.waits.end_talk(entry, unnoticed_seconds(self.answered, entry, end.heard_seconds))

    def _ended_by(self, end: Ended) -> EndedBy:
        """In journals of earlier versions `rules` ended the call where an agent had hung up."""
        return "agent" if end.by == "rules" and self.waits.talk_ended_by == "agent" else end.by

    def _disposition(self, end: Ended) -> Disposition:  # noqa: PLR0911 - a line for each
        """One word for the call: the first that holds."""
        if self.arrived.agent is not None:
            return "own_call"
        if self.waits.first_talk is not None or self.waits.has_talked_outside:
            return "answered"
        if self.messages:
            return "voicemail"
        if end.by in {"failed", "drain", "link_lost", "lost", "lost_while_down"}:
            return "failed"
        if self.is_refused:
            return "refused"
        if self.is_closed:
            return "closed"
        if any(visit.outcome != "closed" for visit in self.waits.visits):
            has_waited = self.waits.first_wait is not None
            return "abandoned" if end.by == "caller" and has_waited else "blocked"
        # Who came to a voicemail and left nothing was not helped: there was no room, or they did not know what to say.
        has_met_need = end.by != "caller" and self.has_chosen and not self.was_to_leave_message
        return "menu_contained" if has_met_need else "menu_abandoned"

    def record(self, first: Entry) -> CallRecord:
        arrived, end, waits, routes = self.arrived, self.end, self.waits, self.routes
        came_to = [visit for visit in waits.visits if visit.outcome != "closed"]
        visit = waits.first_talk or (came_to[-1] if came_to else None)
        return CallRecord(
            call_id=first.call_id,
            arrived_at=first.at - timedelta(seconds=waits.early_seconds),
            answered_at=_time_of(self.answered, first) if self.answered else None,
            ended_at=_time_of(self.ended, first) if self.ended else None,
            dialled=arrived.dialled,
            caller=arrived.caller,
            call_time=arrived.call_time,
            sip_call_id=arrived.sip_call_id,
            channel=arrived.channel,
            node=arrived.node,
            revision=arrived.revision,
            language=routes[-1].language if routes else None,
            site=next((route.site for route in reversed(routes) if route.site), None),
            department=next(
                (route.department for route in reversed(routes) if route.department), None
            ),
            disposition=self._disposition(end) if end else None,
            ended_by=self._ended_by(end) if end else None,
            hangup_cause=end.cause if end else None,
            error=end.error if end else None,
            wait_seconds=waits.wait_seconds,
            talk_seconds=waits.talk_seconds,
            queue=visit.queue if visit else None,
            agent=waits.first_talk.agent if waits.first_talk else None,
            test=arrived.test,
            visits=tuple(visit.frozen() for visit in waits.visits),
            messages=tuple(self.messages),
            surveys=tuple(self.surveys.replies),
            decisions=tuple(routes),
            path=self.path.text,
        )
