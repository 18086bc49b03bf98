"""A call comes to a queue: it waits there, or is led on where the queue is closed by hand, full or deserted."""

from __future__ import annotations

from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.split import give_to_site
from ivr.rules.decision import Facts, KeptPlace, Override
from ivr.rules.model import Location, Queue, Target, ToQueue
from ivr.why import (
    CameTo,
    ClosedLeadsNowhere,
    ClosedLeadsOn,
    DesertedThere,
    FullButFree,
    LastAgentFirst,
    LastTalkTooLongAgo,
    MatchWanted,
    MayNotWait,
    NobodyThere,
    PlaceOffered,
    QueueClosedByHand,
    QueueFull,
    WhisperFirst,
)

WHOLE_SECOND = 1.0
"""A call's own time is in whole seconds: what was a moment before the call may seem to come after it."""


def come_to_queue(journey: Journey, queue: Queue, at: Location) -> Target | None:
    """Where the queue leads on to; None where the caller waits in it, or the call ends."""
    facts, name = journey.facts, queue.name
    override = facts.override("queue", name) if facts.overrides else None
    if override is not None:
        return _closed_by_hand(journey, queue, override)
    if queue.at_most is not None and facts.waiting.get(name, 0) >= queue.at_most:
        if not facts.free.would_take(queue, facts):
            return journey.turned_away(queue, _full(journey, queue))
        journey.why_not(FullButFree(name, facts.waiting.get(name, 0)), queue.at)
    if not _is_staffed(facts, name):
        return journey.turned_away(queue, deserted(journey, queue))
    journey.mention(CameTo(f"queue {name}"), at)
    _say_whom(journey, queue)
    _say_last_agent(journey, queue)
    _say_kept_place(journey, queue)
    if queue.whisper:
        journey.mention(WhisperFirst(name, queue.whisper), queue.at)
    if queue.split:
        give_to_site(journey, queue)
    journey.end = queue
    return None


def _is_staffed(facts: Facts, name: str) -> bool:
    """Whether somebody is signed in who may be rung for this caller now, in this queue or one that is rung too."""
    before = facts.waited_before.get(name)
    rung = (name, *(before.also_rung if before is not None else ()))
    return any(facts.signed_in.get(queue, 1) > 0 for queue in rung)


def _say_whom(journey: Journey, queue: Queue) -> None:
    """Whom the queue looks for first, where its agents differ."""
    language = journey.facts.language
    spoken = journey.rules.spoken_by_all.get(queue.name)
    matters = spoken is not None and language not in spoken
    if queue.skills or matters:
        wanted = MatchWanted(
            queue.name,
            language if matters else None,
            tuple(queue.skills.items()),
            queue.widen_seconds,
        )
        journey.mention(wanted, queue.at)


def first_agent(facts: Facts, queue: Queue) -> str | None:
    """Who talked with this caller last, and not longer ago than the queue says; None: nobody, or nobody counts."""
    last, within = facts.last_talk, queue.last_agent_seconds
    if last is None or within is None:
        return None
    ago = facts.at.timestamp() - last.at.timestamp()
    return last.agent if -WHOLE_SECOND <= ago <= within else None


def kept_in(facts: Facts, queue: Queue) -> KeptPlace | None:
    """The place that this caller left in the queue, where it may still be had."""
    kept, within = facts.kept_place, queue.keep_place_seconds
    if kept is None or within is None or kept.queue != queue.name:
        return None
    ago = facts.at.timestamp() - kept.left_at.timestamp()
    return kept if -WHOLE_SECOND <= ago <= within else None


def _say_kept_place(journey: Journey, queue: Queue) -> None:
    if (kept := kept_in(journey.facts, queue)) is not None:
        waited = round((kept.left_at - kept.since).total_seconds(), 1)
        journey.mention(PlaceOffered(queue.name, kept.call_id, waited), queue.at)


def _say_last_agent(journey: Journey, queue: Queue) -> None:
    last, within = journey.facts.last_talk, queue.last_agent_seconds
    if last is None or within is None or last.agent not in journey.rules.agents:
        return
    days = (journey.facts.at.timestamp() - last.at.timestamp()) / 86400
    if first_agent(journey.facts, queue) is not None:
        journey.mention(LastAgentFirst(queue.name, last.agent, round(days, 2)), queue.at)
    else:
        why_not = LastTalkTooLongAgo(queue.name, last.agent, round(days, 2), within)
        journey.why_not(why_not, queue.at)


def _closed_by_hand(journey: Journey, queue: Queue, override: Override) -> Target | None:
    here = f"queue {queue.name}"
    if journey.comes_again(here):
        return None
    journey.reason(QueueClosedByHand(queue.name, journey.by_hand(override)), None)
    if override.say is not None:
        journey.say(override.say)
    elsewhere = way_out(queue)
    if elsewhere is None:
        journey.mention(ClosedLeadsNowhere(queue.name), queue.at)
        journey.hang_up(None if override.say else APOLOGY)
    else:
        journey.mention(ClosedLeadsOn(str(elsewhere.to)), elsewhere.at)
    return elsewhere


def _full(journey: Journey, queue: Queue) -> Target | None:
    here, elsewhere = f"queue {queue.name}", queue.when_full
    if journey.comes_again(here):
        return None
    if elsewhere is None:
        journey.end = queue
    elif queue.at_most is not None:
        waiting = journey.facts.waiting.get(queue.name, 0)
        journey.reason(QueueFull(queue.name, waiting, str(elsewhere.to)), elsewhere.at)
        journey.why_not(MayNotWait(queue.name, queue.at_most), queue.at)
    return elsewhere


def deserted(journey: Journey, queue: Queue) -> Target | None:
    """Nobody works in this queue now: where it leads on to; None where the caller waits all the same."""
    here, elsewhere = f"queue {queue.name}", way_out(queue)
    if journey.comes_again(here):
        return None
    if elsewhere is None:
        at = queue.nobody_logged_in.at if queue.nobody_logged_in else queue.at
        journey.reason(NobodyThere(queue.name), at)
        _say_kept_place(journey, queue)
        journey.end = queue
    else:
        journey.reason(NobodyThere(queue.name, str(elsewhere.to)), elsewhere.at)
        journey.why_not(DesertedThere(queue.name), queue.at)
    return elsewhere


def way_out(queue: Queue) -> Target | None:
    """Where the queue sends calls while nobody works in it. Pointing at itself is no way."""
    target = queue.nobody_logged_in
    return None if target is None or target.to == ToQueue(queue.name) else target
