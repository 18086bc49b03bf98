"""A call as a conversation: what happens is yielded, and what the caller does is sent back.

The same decisions as in a real call, made of the same turns; only nobody hears anything.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from ivr.menus.digits import PAUSE, take_option
from ivr.numerals import read_back
from ivr.rules.decide.speech import digits_said
from ivr.rules.decision import Decision, ExitKeyed, Facts, Finished, NotTaken, Spoken, WaitedLong
from ivr.rules.model import (
    Agent,
    Menu,
    Phone,
    Question,
    Queue,
    RuleSet,
    Survey,
    Voicemail,
    WaitStep,
)
from ivr.rules.visit import (
    Act,
    AskQuestion,
    AskSurvey,
    HangUp,
    Happened,
    InVain,
    OfferMenu,
    Present,
    PromptsSaid,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
    after,
    begin,
)
from ivr.rules.visit.row import key_in_menu, key_in_question, key_in_survey


@dataclass(frozen=True, slots=True)
class Decided:
    """The rules have decided. Nothing is sent back."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Hears:
    """The caller hears these prompts. Nothing is sent back."""

    prompts: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class MayKey:
    """The caller is asked. Sent back: what is keyed or said; an empty text is silence, None hangs up."""

    place: Menu | Question | Survey


@dataclass(frozen=True, slots=True)
class MayAgree:
    """The answer has been read back. Sent back: a key, or an empty text for silence; None hangs up."""

    question: Question


@dataclass(frozen=True, slots=True)
class Waits:
    """The caller waits in a queue. Sent back: True to be answered, False to wait on, a key to leave, None to hang up.

    `agents` are those whose phones can ring, in the order of the file; `next_step` is what happens to who waits on.
    """

    queue: Queue
    agents: tuple[Agent, ...]
    next_step: WaitStep | None


@dataclass(frozen=True, slots=True)
class HearsRinging:
    """A phone outside the queues rings. Sent back: True to be answered, False if nobody takes it, None to hang up."""

    phone: Phone


@dataclass(frozen=True, slots=True)
class LeavesMessage:
    """The tone has sounded. Sent back: anything for a message left, None for a hang-up."""

    box: Voicemail


@dataclass(frozen=True, slots=True)
class CallOver:
    """The call is over."""

    by_caller: bool
    talked_with: Agent | Phone | None = None


Scene = Decided | Hears | MayKey | MayAgree | Waits | HearsRinging | LeavesMessage | CallOver
Reply = str | bool | None
Course = Generator[Scene, Reply, None]
_Part = Generator[Scene, Reply, Happened | None]


def conversation(rules: RuleSet, facts: Facts) -> Course:
    """A call from its first ring. After `CallOver` there is nothing more."""
    return _Conversation(rules).run(facts)


class _Conversation:
    """`_row` holds keys that are typed ahead."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._row = ""
        self._talked_with: Agent | Phone | None = None

    def run(self, facts: Facts) -> Course:
        move = begin(self._rules, facts)
        present = Present.of(facts)
        while True:
            if move.decision is not None:
                yield Decided(move.decision)
            happened = yield from self._does(move.act, move.visit.facts)
            if happened is None:
                return
            if isinstance(happened, WaitedLong) and isinstance(move.act, WaitInQueue):
                present = present.later(move.act.step_in_seconds or 0.0)
            if isinstance(happened, NotTaken) and isinstance(move.act, RingPhone):
                present = present.later(move.act.phone.ring_seconds)
            move = after(self._rules, move.visit, happened, present)

    def _does(self, act: Act, facts: Facts) -> _Part:  # noqa: PLR0911 - a case for each
        match act:
            case Say(prompts):
                yield Hears(prompts, facts)
                return PromptsSaid()
            case OfferMenu() as offer:
                return (yield from self._in_menu(offer, facts))
            case AskQuestion() as asked:
                return (yield from self._in_question(asked, facts))
            case WaitInQueue() as wait:
                return (yield from self._in_queue(wait, facts))
            case TakeMessage(box):
                return (yield from self._in_voicemail(box, facts))
            case RingPhone(phone):
                return (yield from self._at_phone(phone))
            case AskSurvey(survey, say):
                yield Hears(say, facts)
                if not self._row and (yield from self._asked(survey)) is None:
                    return None
                happened, self._row = key_in_survey(survey, self._row)
                return happened
            case HangUp() | Refuse():
                yield CallOver(by_caller=False, talked_with=self._talked_with)
                return None

    def _in_menu(self, offer: OfferMenu, facts: Facts) -> _Part:
        menu = offer.menu
        yield Hears(offer.say, facts)
        if not self._row:
            said = yield from self._asked(menu)
            if said is None:
                return None
            if menu.speech and any(char.isalpha() for char in said):
                return Spoken(menu.name, said)
        happened, self._row = key_in_menu(menu, self._row, take_option)
        return happened

    def _in_question(self, asked: AskQuestion, facts: Facts) -> _Part:
        yield Hears(asked.say, facts)
        question = asked.question
        is_spoken = False
        if not self._row:
            said = yield from self._asked(question)
            if said is None:
                return None
            is_spoken = question.speech and any(char.isalpha() for char in said)
            if is_spoken:
                self._row = digits_said(facts.language, said) or "*"
        if (
            (question.confirm or is_spoken)
            and len(self._row) == question.digits
            and self._row.isdecimal()
        ):
            yield Hears(read_back(self._row), facts)
            agreed = yield MayAgree(question)
            if agreed is None:
                yield CallOver(by_caller=True)
                return None
            if is_spoken and str(agreed)[:1] not in {"1"}:
                self._row = ""
                return InVain("corrected")
            self._row += str(agreed) if question.confirm else ""
        happened, self._row = key_in_question(question, self._row)
        return happened

    def _asked(self, place: Menu | Question | Survey) -> Generator[Scene, Reply, str | None]:
        """What the caller does there; keys go to the row, and a row may hold those for what comes next."""
        reply = yield MayKey(place)
        if reply is None:
            yield CallOver(by_caller=True)
            return None
        said = str(reply)
        if not any(char.isalpha() for char in said):
            self._row = said or PAUSE
        return said

    def _in_queue(self, wait: WaitInQueue, facts: Facts) -> _Part:
        queue = wait.queue
        next_step = queue.while_waiting[wait.step] if wait.step is not None else None
        agents = self._agents(queue, facts)
        while True:
            reply = yield Waits(queue, agents, next_step)
            if reply is None:
                yield CallOver(by_caller=True)
                return None
            if isinstance(reply, str) and reply in queue.exits:
                self._row = ""
                return ExitKeyed(queue.name, reply)
            if reply is True and agents:
                self._talked_with = agents[0]
                self._row = ""
                return Finished(queue.name)
            if wait.step is not None:
                return WaitedLong(queue.name, wait.step)

    def _agents(self, queue: Queue, facts: Facts) -> tuple[Agent, ...]:
        """Those who work there; as many as are said to be signed in, where that is said."""
        all_of_them = tuple(a for a in self._rules.agents.values() if queue.name in a.queues)
        return all_of_them[: facts.signed_in.get(queue.name, len(all_of_them))]

    def _at_phone(self, phone: Phone) -> _Part:
        reply = yield HearsRinging(phone)
        if reply is None:
            yield CallOver(by_caller=True)
            return None
        if reply is True:
            self._talked_with = phone
            return Finished()
        return NotTaken(phone.name)

    def _in_voicemail(self, box: Voicemail, facts: Facts) -> _Part:
        yield Hears((box.say, "beep"), facts)
        if (yield LeavesMessage(box)) is None:
            yield CallOver(by_caller=True)
            return None
        yield Hears(("message_saved",), facts)
        return Finished()
