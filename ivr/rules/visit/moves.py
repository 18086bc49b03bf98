"""What came of an act → what the call does next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from ivr.rules.decide import decide
from ivr.rules.decide.onward import shown_outside
from ivr.rules.decide.queues import first_agent, kept_in, way_out
from ivr.rules.decide.speech import digits_of, phrases_of
from ivr.rules.decide.waiting import closes_in
from ivr.rules.decision import (
    CameIn,
    Decision,
    Due,
    Facts,
    FreeAgents,
    FreeGiven,
    KeptPlace,
    LastTalk,
    NothingAnswered,
    NothingChosen,
    Override,
    PlaceTaken,
    SiteAway,
    Standpoint,
    SurveyDone,
    Turn,
    WaitedBefore,
    WaitedLong,
)
from ivr.rules.model import (
    FIRST_IN_LINE,
    Menu,
    Phone,
    Question,
    Queue,
    RuleSet,
    Survey,
    ToHangUp,
    ToRefuse,
    Voicemail,
)
from ivr.rules.visit.acts import (
    Act,
    AskQuestion,
    AskSurvey,
    HangUp,
    OfferMenu,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
)
from ivr.rules.visit.state import Missed, Visit, Wait


@dataclass(frozen=True, slots=True)
class Present:
    """What is true at this moment, whatever the call did: the facts that come from outside, as `Facts` has them."""

    at: datetime
    signed_in: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    lot: float = 0.0
    surveyed_at: datetime | None = None
    dues: Mapping[str, Due] = field(default_factory=dict)
    last_talk: LastTalk | None = None
    kept_place: KeptPlace | None = None
    free: FreeAgents = field(default_factory=FreeGiven)

    @classmethod
    def of(cls, facts: Facts) -> Present:
        """The present of a call that is made up, where nothing changes but the time."""
        return cls(
            facts.at,
            facts.signed_in,
            facts.waiting,
            facts.overrides,
            facts.lot,
            facts.surveyed_at,
            facts.dues,
            facts.last_talk,
            facts.kept_place,
            facts.free,
        )

    def added_to(self, facts: Facts) -> Facts:
        """The same facts, as of now."""
        return replace(
            facts,
            at=self.at,
            signed_in=self.signed_in,
            waiting=self.waiting,
            overrides=self.overrides,
            lot=self.lot,
            surveyed_at=self.surveyed_at,
            dues=self.dues,
            last_talk=self.last_talk,
            kept_place=self.kept_place,
            free=self.free,
        )

    def later(self, seconds: float) -> Present:
        """So much later, also in the nights when the clocks change."""
        at = self.at.astimezone(UTC) + timedelta(seconds=seconds)
        return replace(self, at=at.astimezone(self.at.tzinfo))


@dataclass(frozen=True, slots=True)
class PromptsSaid:
    """The prompts of a `Say` have been said."""


@dataclass(frozen=True, slots=True)
class InVain:
    """A try of a menu or a question brought nothing."""

    missed: Missed


Happened = PromptsSaid | InVain | Turn


@dataclass(frozen=True, slots=True)
class Move:
    """Where the visit stands now, and what the call does there.

    `decision` is the one that led there; None where nothing had to be decided.
    """

    visit: Visit
    act: Act
    decision: Decision | None = None


def begin(rules: RuleSet, facts: Facts) -> Move:
    """The call came in."""
    return _decided(rules, Visit(facts, ""), CameIn())


def after(rules: RuleSet, visit: Visit, happened: Happened, present: Present) -> Move:
    """Where the visit goes after what came of its act. Total, as `decide` is."""
    visit = replace(visit, facts=present.added_to(visit.facts))
    match happened:
        case PromptsSaid():
            return _begun(rules, replace(visit, unsaid=()))
        case InVain(missed):
            return _tried(rules, visit, missed)
        case turn:
            return _decided(rules, visit, turn)


def again(rules: RuleSet, visit: Visit) -> Act:
    """What the call does where it stands: how a call that was lost hold of is taken up."""
    place = _place(rules, visit.place)
    return _act(rules, visit, place) if place is not None else HangUp()


def resume(rules: RuleSet, visit: Visit, present: Present, *, goes_on: bool) -> Move:
    """A visit that was left goes on where it stands; `goes_on`: a wait that had begun there is the same wait.

    Where these rules do not have that place any more, the call begins anew: nobody is hung up on for a change of rules.
    """
    visit = replace(visit, facts=present.added_to(visit.facts))
    if _place(rules, visit.place) is None:
        return begin(rules, replace(visit.facts, menus=(), asked=(), on_the_way_to=None))
    act = again(rules, visit)
    if goes_on and isinstance(act, WaitInQueue):
        act = replace(act, goes_on=True)
    return Move(visit, act)


def _tried(rules: RuleSet, visit: Visit, missed: Missed) -> Move:
    """The next try; after the last, the rules say where the call goes."""
    place = _place(rules, visit.place)
    tried = replace(visit, unsaid=(), tries=visit.tries + 1, missed=missed)
    match place:
        case Menu() if tried.tries >= place.tries:
            return _decided(rules, visit, NothingChosen(place.name))
        case Question() if tried.tries >= place.tries:
            return _decided(rules, visit, NothingAnswered(place.name))
        case Survey() if tried.tries >= place.tries:
            return _decided(rules, visit, SurveyDone(place.name, answered=False))
        case _:
            return Move(tried, again(rules, tried))


def _decided(rules: RuleSet, visit: Visit, turn: Turn) -> Move:
    if isinstance(turn, WaitedLong):
        visit = visit.with_step_taken(turn.queue, turn.step)
    if isinstance(turn, PlaceTaken):
        visit = replace(visit, waits={**visit.waits, turn.queue: Wait(turn.since)})
    facts = visit.facts
    if visit.waits or facts.waited_before:
        facts = replace(facts, waited_before=_waited_before(rules, visit))
    decision = decide(rules, facts, turn)
    come = Visit(
        decision.facts,
        decision.to,
        unsaid=decision.say,
        waits=visit.waits,
        department=decision.department or visit.department,
    )
    goes_on = _stays(rules, turn) and come.place == visit.place
    return replace(_begun(rules, come, goes_on=goes_on), decision=decision)


def _waited_before(rules: RuleSet, visit: Visit) -> dict[str, WaitedBefore]:
    return {
        name: WaitedBefore(wait.since, rules.queues[name].also_rung(wait.steps))
        for name, wait in visit.waits.items()
        if name in rules.queues
    }


def _stays(rules: RuleSet, turn: Turn) -> bool:
    """A step of a wait that leaves the caller where they are; or the call is another site's, or the place another."""
    if isinstance(turn, SiteAway | PlaceTaken):
        return True
    if not isinstance(turn, WaitedLong):
        return False
    queue = rules.queues.get(turn.queue)
    steps = queue.while_waiting if queue is not None else ()
    return turn.step < len(steps) and steps[turn.step].target is None


def _begun(rules: RuleSet, visit: Visit, *, goes_on: bool = False) -> Move:
    """What is done at the place, and since when a caller waits there: from when all has been said."""
    place = _place(rules, visit.place)
    if isinstance(place, Queue) and not visit.unsaid and place.name not in visit.waits:
        waits = {**visit.waits, place.name: visit.new_wait()}
        visit = replace(visit, waits=waits)
    act = _act(rules, visit, place) if place is not None else HangUp()
    if goes_on and isinstance(act, WaitInQueue):
        act = replace(act, goes_on=True)
    return Move(visit, act)


def _act(rules: RuleSet, visit: Visit, place: Standpoint) -> Act:  # noqa: PLR0911 - a line for each
    match place:
        case Menu() as menu:
            return OfferMenu(
                menu, _said(visit, menu), phrases_of(rules, menu, visit.facts.language)
            )
        case Question() as question:
            return AskQuestion(
                question, _said(visit, question), digits_of(question, visit.facts.language)
            )
        case Survey() as survey:
            return AskSurvey(survey, _said(visit, survey), is_first=visit.tries == 0)
        case _ if visit.unsaid:
            return Say(visit.unsaid)
        case Queue() as queue:
            return _wait(rules, visit, queue)
        case Voicemail() as box:
            return TakeMessage(box)
        case Phone() as phone:
            return RingPhone(phone, shown_outside(rules, visit.facts))
        case ToHangUp():
            return HangUp()
        case ToRefuse():
            return Refuse()
        case unknown:
            assert_never(unknown)


def _said(visit: Visit, asking: Menu | Question | Survey) -> tuple[str, ...]:
    """All that is said in this try, in one piece, so that a key counts at any moment of it.

    What was wrong is said before the next try, and so never after the last.
    """
    match visit.missed:
        case "no_input":
            return (asking.no_input, *asking.say)
        case "no_match":
            return (asking.no_match, *asking.say)
        case "corrected":
            return asking.say
        case None:
            return (*visit.unsaid, *asking.say)


def _wait(rules: RuleSet, visit: Visit, queue: Queue) -> WaitInQueue:
    now = visit.facts.at
    wait = visit.waits.get(queue.name) or visit.new_wait()
    # By the stamp: the difference of two times of one zone is that of their wall clocks.
    waited = now.timestamp() - wait.since.timestamp()
    step = visit.next_step(queue)
    left = queue.while_waiting[step].after_seconds - waited if step is not None else None
    return WaitInQueue(
        queue,
        waited_seconds=waited,
        step=step,
        step_in_seconds=max(left, 0.0) if left is not None else None,
        leaves_when_deserted=way_out(queue) is not None,
        priority=FIRST_IN_LINE if visit.facts.first_in_line else visit.facts.priority,
        language=visit.facts.language,
        also_rung=queue.also_rung(wait.steps),
        closes_in_seconds=closes_in(rules, visit.facts, queue, visit.department),
        site=visit.facts.given_sites.get(queue.name),
        own=shown_outside(rules, visit.facts) if queue.split else None,
        first_agent=first_agent(visit.facts, queue),
        kept=kept_in(visit.facts, queue) if waited == 0 else None,
    )


def _place(rules: RuleSet, text: str) -> Standpoint | None:  # noqa: PLR0911 - a line for each
    """What a place's name stands for; None where these rules do not have it."""
    kind, _, name = text.partition(" ")
    match kind:
        case "menu":
            return rules.menus.get(name)
        case "question":
            return rules.questions.get(name)
        case "queue":
            return rules.queues.get(name)
        case "voicemail":
            return rules.voicemails.get(name)
        case "phone":
            return rules.phones.get(name)
        case "survey":
            return rules.surveys.get(name)
        case "hangup":
            return ToHangUp()
        case "refuse":
            return ToRefuse()
        case _:
            return None
