"""While a caller waits in a queue: too long, deserted, closing time, and the end when they have talked."""

from __future__ import annotations

from ivr.rules.decide.journey import Journey
from ivr.rules.decide.onward import go
from ivr.rules.decide.queues import deserted
from ivr.rules.model import Queue, WaitStep


def waited_long(journey: Journey, name: str, step: int) -> None:
    """The caller waited until a step of a queue."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif 0 <= step < len(queue.while_waiting):
        _overflow(journey, queue, queue.while_waiting[step])
    else:
        text = f"queue {name} says nothing of so long a wait: the caller stays"
        journey.reason(text, queue.at)
        journey.end = queue


def _overflow(journey: Journey, queue: Queue, step: WaitStep) -> None:
    waited = f"the caller waited {step.after_seconds:g} s in queue {queue.name}"
    journey.reason(f"{waited}: {step}", step.at)
    if step.target is not None:
        go(journey, step.target)
    else:
        doing = "offers no call-back" if step.offer else "rings no other queue's agents"
        journey.mention(f"this version {doing} yet: the caller waits on", step.at)
        journey.end = queue


def nobody_logged_in(journey: Journey, name: str) -> None:
    """The last agent of a queue signed out."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    else:
        go(journey, deserted(journey, queue))


def closing_time(journey: Journey, name: str) -> None:
    """The department that the caller waits for in this queue has closed."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif queue.at_closing is None:
        journey.reason(f"queue {name} serves those waiting after closing time", queue.at)
        journey.end = queue
    else:
        to = queue.at_closing.to
        journey.reason(f"it is closing time for queue {name}: {to}", queue.at_closing.at)
        go(journey, queue.at_closing)


def finish(journey: Journey, queue: str | None) -> None:
    """They have talked, or a message was left: the call ends."""
    journey.reason("the call's story is finished", None)
    talked_in = journey.rules.queues.get(queue or "")
    survey = journey.rules.surveys.get(talked_in.survey or "") if talked_in else None
    if survey is not None:
        asked = f"{survey.share:.0%} of its callers would be asked survey {survey.name}"
        journey.mention(f"{asked} by {survey.by}: this version asks none yet", survey.at)
