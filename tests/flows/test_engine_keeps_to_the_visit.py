"""Whatever rules somebody writes and whatever a caller does: the engine does what the visit says, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ivr.ari.fake import FakePhone
from ivr.menus.digits import take_option
from ivr.records.events import LeftQueue, MenuTry, QuestionTry, Queued, Routed, Said, SurveyTry
from ivr.rules.decision import Facts, Finished, NobodyLoggedIn, NotTaken, WaitedLong
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.visit import (
    AskQuestion,
    AskSurvey,
    HangUp,
    Happened,
    InVain,
    Move,
    OfferMenu,
    Present,
    PromptsSaid,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
    after,
    again,
    begin,
)
from ivr.rules.visit.row import key_in_menu, key_in_question, key_in_survey
from tests.conftest import JumpingLoop
from tests.flows.conftest import MONDAY_MORNING, PROMPTS, Switchboard, prompts

NAMES = ("a", "b", "c")
REACTION_SECONDS = 0.5
"""Nobody presses a key twice within less: that would be one key."""

SUNDAY_MORNING = MONDAY_MORNING - timedelta(days=1)
Agent = Literal["gone", "busy", "answers", "leaves"]
"""What the one agent of a queue does: is not there, is on the phone for ever, answers, or is busy and signs out."""

KINDS = ("menu", "queue", "department", "question")
PLACES = tuple(f"{kind} {name}" for kind in KINDS for name in NAMES)
WORDS = (*(f"{kind}{name}" for kind in ("m", "ask", "rate") for name in NAMES), *PROMPTS)


@dataclass(frozen=True, slots=True)
class Onward:
    """Ways from a place: those that nobody chooses lead on as a rule, since `ivr check` refuses loops of them."""

    draw: st.DrawFn
    order: tuple[str, ...]

    def anywhere(self) -> str:
        return self.draw(st.sampled_from((*PLACES, "hangup", "voicemail a")))

    def on(self, place: str) -> str:
        if not self.draw(st.integers(0, 19)):
            return self.anywhere()
        later = self.order[self.order.index(place) + 1 :]
        return self.draw(st.sampled_from((*later, "hangup", "voicemail a")))


def queue_line(ways: Onward, name: str) -> str:
    """Up to two steps that keep the caller, and as a rule one that leads away."""
    others = ways.draw(st.lists(st.sampled_from(NAMES), max_size=2))
    steps = [
        f"{{after: {number * 40}s, also_ring: queue {other}}}"
        for number, other in enumerate(others, start=1)
        if other != name
    ]
    here = f"queue {name}"
    if ways.draw(st.integers(0, 5)):
        steps.append(f"{{after: {ways.draw(st.integers(130, 300))}s, to: {ways.on(here)}}}")
    waits = f", while_waiting: [{', '.join(steps)}]" if steps else ""
    nobody = ways.draw(st.sampled_from(["", here, ways.on(here)]))
    way_out = f", nobody_logged_in: {nobody}" if nobody else ""
    asked = ways.draw(st.sampled_from(["", ", survey: a", ", survey: b"]))
    return f"  {name}: {{answer: 80% within 20s, music: {name}{waits}{way_out}{asked}}}"


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """Rules that `ivr check` lets pass."""
    ways = Onward(draw, tuple(draw(st.permutations(PLACES))))
    hours = st.sampled_from(["office", "always"])
    tries = st.integers(1, 3)
    lines = ["version: 1", f"numbers: {{anything else: {{to: {draw(st.sampled_from(PLACES))}}}}}"]
    lines += ["hours: {office: {mon-fri: 08:00-16:00}, always: {daily: 00:00-24:00}}", "menus:"]
    lines += [
        f"  {name}: {{say: m{name}, tries: {draw(tries)}, nothing_chosen: {ways.on(f'menu {name}')}, "
        f"keys: {{1: {ways.anywhere()}, 23: {ways.anywhere()}, star: repeat, hash: back}}}}"
        for name in NAMES
    ]
    lines.append("questions:")
    lines += [
        f"  {name}: {{say: ask{name}, digits: 2, tries: {draw(tries)}, to: {ways.on(f'question {name}')}}}"
        for name in NAMES
    ]
    lines.append("departments:")
    lines += [
        f"  {name}: {{hours: {draw(hours)}, national: {ways.on(f'department {name}')}, "
        f"closed: {{say: closed, to: {ways.on(f'department {name}')}}}}}"
        for name in NAMES
    ]
    lines += ["queues:", *(queue_line(ways, name) for name in NAMES)]
    lines.append("surveys:")
    lines += [
        f"  {name}: {{by: voice, say: rate{name}, scale: {scale}, tries: {draw(tries)}}}"
        for name, scale in (("a", "1-10"), ("b", "0-5"))
    ]
    lines.append("agents:")
    lines += [f"  of-{name}: {{phone: {name}, queues: [{name}]}}" for name in NAMES]
    rules, _ = read_rules("\n".join(lines).encode(), "rules.yaml")
    assume(rules is not None)
    assert rules is not None
    return rules


@dataclass(frozen=True, slots=True)
class Caller:
    """`replies`: for each try, what is keyed in a menu, to a question and in a survey; afterwards there is silence."""

    at: datetime
    replies: tuple[tuple[str, str, str], ...]
    agents: Mapping[str, Agent]


CALLERS = st.builds(
    Caller,
    at=st.sampled_from([MONDAY_MORNING, SUNDAY_MORNING]),
    replies=st.lists(
        st.tuples(
            st.sampled_from(["", "1", "23", "2", "7", "*", "#"]),
            st.sampled_from(["", "7", "42", "4#", "*"]),
            st.sampled_from(["", "0", "1", "10", "11", "1#", "5", "9", "*", "#"]),
        ),
        max_size=6,
    ).map(tuple),
    agents=st.fixed_dictionaries(
        {name: st.sampled_from(["gone", "busy", "answers", "leaves"]) for name in NAMES}
    ),
)


@dataclass(slots=True)
class Story:
    """What the journal should say; `cues` are what the caller hears before the keys, or before an agent leaves."""

    routed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tries: list[tuple[str, str]] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    cues: list[tuple[str, str]] = field(default_factory=list)


class Foretold:
    """The visit, driven without a telephone."""

    def __init__(self, rules: RuleSet, caller: Caller) -> None:
        self.story = Story()
        self._replies = list(caller.replies)
        self._agents = caller.agents
        signed_in = {name: int(does != "gone") for name, does in caller.agents.items()}
        self._present = Present(caller.at, signed_in)
        facts = Facts(caller.at, None, language=rules.languages[0])
        move = begin(rules, self._present.added_to(facts))
        while True:
            if move.decision is not None:
                self.story.routed.append(move.visit.place)
            happened = self._does(move)
            assert self._taken_up(rules, move) == move.act
            if happened is None:
                break
            move = after(rules, move.visit, happened, self._present)

    @staticmethod
    def _taken_up(rules: RuleSet, move: Move) -> object:
        """What a server would do that comes after this one and knows the visit alone."""
        act = again(rules, move.visit)
        if isinstance(act, WaitInQueue) and isinstance(move.act, WaitInQueue):
            return replace(act, goes_on=move.act.goes_on)
        return act

    def _does(self, move: Move) -> Happened | None:  # noqa: PLR0911 - a line for each act
        match move.act:
            case Say(said):
                self.story.said += said
                return PromptsSaid()
            case OfferMenu(menu, said):
                choice = key_in_menu(menu, self._reply(said, 0), take_option)[0]
                self._tried(menu.name, choice, "chosen")
                return choice
            case AskQuestion(question, said):
                answer = key_in_question(question, self._reply(said, 1))[0]
                self._tried(question.name, answer, "answered")
                return answer
            case AskSurvey(survey, said):
                rating = key_in_survey(survey, self._reply(said, 2))[0]
                self._tried(survey.name, rating, "answered")
                return rating
            case WaitInQueue() as wait:
                return self._waits(wait)
            case TakeMessage(box):
                self.story.said += (box.say, "beep", "message_saved")
                return Finished()
            case RingPhone(phone):
                return NotTaken(phone.name)
            case HangUp() | Refuse():
                return None

    def _reply(self, said: tuple[str, ...], kind: int) -> str:
        self.story.said += said
        reply = self._replies.pop(0)[kind] if self._replies else ""
        self.story.cues.append((said[-1], reply))
        return reply

    def _tried(self, place: str, happened: Happened, well: str) -> None:
        result = happened.missed if isinstance(happened, InVain) else well
        self.story.tries.append((place, result))

    def _waits(self, wait: WaitInQueue) -> Happened | None:
        queue = wait.queue.name
        if not wait.goes_on:
            self.story.queued.append(queue)
        rung = (queue, *wait.also_rung)
        there = [name for name in rung if self._present.signed_in[name]]
        if any(self._agents[name] == "answers" for name in there):
            return Finished(queue)
        if self._present.signed_in[queue] and self._agents[queue] == "leaves":
            self.story.cues.append((f"music:{queue}", f"leaves {queue}"))
            signed_in = {**self._present.signed_in, queue: 0}
            self._present = replace(self._present, signed_in=signed_in)
            if wait.leaves_when_deserted and not any(signed_in[name] for name in rung):
                self.story.left.append("nobody_logged_in")
                return NobodyLoggedIn(queue)
        if wait.step is None or wait.step_in_seconds is None:
            return None
        self._present = self._present.later(wait.step_in_seconds)
        if wait.leads_away:
            self.story.left.append("overflowed")
        return WaitedLong(queue, wait.step)


def _tried_at(event: MenuTry | QuestionTry | SurveyTry) -> str:
    match event:
        case MenuTry(menu=name) | QuestionTry(question=name) | SurveyTry(survey=name):
            return name


async def on_the_engine(rules: RuleSet, caller: Caller, cues: list[tuple[str, str]]) -> Story:
    """The same caller on the whole switchboard; what the journal says."""
    board = Switchboard(rules, prompts(WORDS))
    async with board.running():
        phones: dict[str, FakePhone] = {}
        for name, agent in caller.agents.items():
            if agent == "answers":
                await board.signs_in(name, answers_after=1.0, hangs_up_after=5.0)
            elif agent != "gone":
                phones[name] = await board.signs_in(name, busy=True)
        board.clock.at = caller.at
        person = board.asterisk.ring("+4790000001", dialled="+4755301000")
        person.speaks_seconds = 3.0
        for heard, does in cues:
            await person.hears(heard)
            await asyncio.sleep(REACTION_SECONDS)
            if does.startswith("leaves "):
                phones[does.removeprefix("leaves ")].unregisters()
            elif does:
                person.keys(does)
        await asyncio.sleep(3600)
        person.hangs_up()
        await asyncio.sleep(60)
        assert board.asterisk.leftovers() == []
        return Story(
            routed=[one.to for one in board.events(Routed)],
            said=[prompt for one in board.events(Said) for prompt in one.prompts],
            tries=[
                (_tried_at(one), one.result)
                for one in board.events()
                if isinstance(one, MenuTry | QuestionTry | SurveyTry)
            ],
            queued=[one.queue for one in board.events(Queued)],
            left=[one.result for one in board.events(LeftQueue)],
            cues=cues,
        )


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_sets(), CALLERS)
def test_the_engine_does_what_the_visit_says(rules: RuleSet, caller: Caller) -> None:
    foretold = Foretold(rules, caller).story

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        happened = runner.run(on_the_engine(rules, caller, foretold.cues))

    assert happened == foretold
