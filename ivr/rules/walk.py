"""The pure simulator: a call from its first ring to where it ends, made of nothing but decisions.

What it says is what the engine does; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.numerals import READ_BACK_ASKS, READ_BACK_SAYS
from ivr.rules.decide.speech import digits_said
from ivr.rules.decision import (
    ClosingTime,
    ExitKeyed,
    Facts,
    Finished,
    NotTaken,
    PlaceTaken,
    Spoken,
    Step,
    WaitedLong,
)
from ivr.rules.lint.prompts import KEEP_PLACE
from ivr.rules.model import Menu, Phone, Queue, RuleSet
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
    begin,
)
from ivr.rules.visit.row import (
    PAUSE,
    RIGHT,
    TakeOption,
    key_for_place,
    key_in_menu,
    key_in_question,
    key_in_queue,
    key_in_survey,
)
from ivr.why import GoesRound, KeyedAnew, KeyedNothing, KeyedTooFew, KeyedWrong


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a call ends (`queue bergen`, `voicemail kundeservice`, `hangup`), and all that happened on the way.

    `said` are the prompts that begin to play, in their order; `facts` are the facts as they stand
    at the end. `unheard` are words that the caller would have said in the menu `deaf`, which does not listen.
    """

    ends: str
    said: tuple[str, ...]
    language: str
    site: str | None
    steps: tuple[Step, ...]
    facts: Facts
    unheard: str | None = None
    deaf: Menu | None = None


def walk(  # noqa: PLR0913, PLR0917 - what a caller may do; said once
    rules: RuleSet,
    facts: Facts,
    row: str,
    take_option: TakeOption,
    says: Sequence[str] = (),
    patience_seconds: float = 0.0,
    rates: str | None = None,
) -> Walk:
    """Walk a call through the rules; the caller keys `row`, then nothing more.

    With `says` the caller then says these words, one after another, in menus that listen.
    A `,` in the row is a pause as long as the menu's patience. A queue counts as staffed if `facts.signed_in` does not
    name it. In a staffed queue, where nobody answers here, the caller takes the steps that fall due within
    `patience_seconds` from then on, and the walk ends; in one without agents every step is waited for. With `rates` an
    agent takes the call there at last, they talk, the agent hangs up, and the caller keys this row in a survey.
    """
    walker = _Walker(row, take_option, says, patience_seconds, rates)
    present = Present.of(facts)
    move = walker.noted(begin(rules, facts))
    # Each decision takes a key or ends a menu for good, unless the rules lead round, which
    # `ivr check` refuses. Of thousands of queues a call meets few: each allows for its steps when it is met.
    left = (
        2 * (len(row) + len(says) + len(rules.menus) + len(rules.questions) + len(rules.phones)) + 4
    )
    met: set[str] = set()
    while (happened := walker.does(move)) is not None:
        if isinstance(move.act, WaitInQueue) and move.act.queue.name not in met:
            met.add(move.act.queue.name)
            left += 2 * (1 + len(move.act.queue.while_waiting))
        if left <= 0:
            walker.steps.append(Step(GoesRound(), None))
            break
        match move.act:
            case WaitInQueue() if isinstance(happened, ExitKeyed | PlaceTaken):
                pass  # at once
            case WaitInQueue(closes_in_seconds=seconds) if isinstance(happened, ClosingTime):
                present = present.later(seconds or 0.0)
            case WaitInQueue(step_in_seconds=seconds):
                present = present.later(seconds or 0.0)
            case RingPhone(phone):
                present = present.later(phone.ring_seconds)
            case _:
                pass
        move = walker.noted(after(rules, move.visit, happened, present))
        left -= move.decision is not None
    end = move.visit
    return Walk(
        ends=end.place,
        said=tuple(walker.said),
        language=end.facts.language,
        site=end.facts.site,
        steps=tuple(walker.steps),
        facts=end.facts,
        unheard=walker.unheard,
        deaf=walker.deaf,
    )


class _Walker:
    """`said` and `steps` are what the caller has heard, and why."""

    def __init__(
        self,
        row: str,
        take_option: TakeOption,
        says: Sequence[str],
        patience_seconds: float,
        rates: str | None,
    ) -> None:
        self.said: list[str] = []
        self.steps: list[Step] = []
        self._row = row
        self._take_option = take_option
        self._says = list(says)
        self._patience_seconds = patience_seconds
        self._is_patient = False
        self._rates = rates
        self._was_offered = False
        self.deaf: Menu | None = None

    @property
    def unheard(self) -> str | None:
        """The words that the caller was left with at a menu that does not listen."""
        return self._says[0] if self._says and self.deaf else None

    def noted(self, move: Move) -> Move:
        if move.decision is not None:
            self.steps += move.decision.steps
        return move

    def does(self, move: Move) -> Happened | None:  # noqa: PLR0911 - a case for each
        """What the caller does there; None where the walk ends."""
        match move.act:
            case Say(prompts):
                self.said += prompts
                return PromptsSaid()
            case OfferMenu() as offer:
                return self._in_menu(offer)
            case AskQuestion() as asked:
                return self._in_question(asked, move.visit.facts)
            case WaitInQueue() as wait:
                return self._in_queue(wait, move.visit.facts)
            case TakeMessage(box):
                self.said.append(box.say)
                return None
            case RingPhone(phone):
                return self._at_phone(phone)
            case AskSurvey(survey, say):
                self.said += say
                happened, self._row = key_in_survey(survey, self._row)
                return happened
            case HangUp() | Refuse():
                return None

    def _in_menu(self, offer: OfferMenu) -> Happened:
        self.said += offer.say
        menu = offer.menu
        if not self._row and self._says and menu.speech:
            return Spoken(menu.name, self._says.pop(0))
        if not self._row and self._says:
            self.deaf = self.deaf or menu
        before = self._row
        happened, self._row = key_in_menu(menu, before, self._take_option)
        if isinstance(happened, InVain):
            keyed = before[: len(before) - len(self._row)].rstrip(PAUSE)
            because = KeyedWrong(menu.name, keyed) if keyed else KeyedNothing(menu.name)
            self.steps.append(Step(because, menu.at))
        return happened

    def _in_question(self, asked: AskQuestion, facts: Facts) -> Happened:
        self.said += asked.say
        question = asked.question
        if not self._row and self._says and question.speech:
            digits = digits_said(facts.language, self._says.pop(0))
            if not digits:
                self.steps.append(Step(KeyedTooFew(question.name, 0, question.digits), question.at))
                return InVain("no_match")
            self._row = f"{digits}{RIGHT[0] if question.confirm else ''}"
            if not question.confirm and len(digits) == question.digits:
                self.said += (READ_BACK_SAYS, READ_BACK_ASKS)
        before = self._row
        happened, self._row = key_in_question(question, before)
        if question.confirm and happened not in (InVain("no_input"), InVain("no_match")):
            self.said += (READ_BACK_SAYS, READ_BACK_ASKS)  # and between them what was keyed
        if isinstance(happened, InVain):
            if happened.missed == "corrected":
                self.steps.append(Step(KeyedAnew(question.name), question.at))
                return happened
            keyed = sum(key.isdecimal() for key in before[: len(before) - len(self._row)])
            because = KeyedTooFew(question.name, keyed, question.digits)
            self.steps.append(Step(because, question.at))
        return happened

    def _in_queue(self, wait: WaitInQueue, facts: Facts) -> Happened | None:
        """Without agents the caller takes every step of the wait; with agents, those that patience lasts for.

        Who left the queue a moment ago is asked first, whether they want that place. Keys that are left in the row are
        pressed as the wait begins; one that leads out of the queue is taken at once.
        """
        if wait.kept is not None and not wait.goes_on and not self._was_offered:
            self._was_offered = True
            self.said.append(KEEP_PLACE)
            takes_it, self._row = key_for_place(self._row)
            if takes_it:
                return PlaceTaken(wait.queue.name, wait.kept.since)
        left_by, self._row = key_in_queue(wait.queue, self._row)
        if left_by is not None:
            return left_by
        is_staffed = facts.signed_in.get(wait.queue.name, 1) > 0
        self._is_patient = self._is_patient or is_staffed
        seconds, closes_in = wait.step_in_seconds, wait.closes_in_seconds
        is_closing = closes_in is not None and (seconds is None or closes_in < seconds)
        left = closes_in if is_closing else seconds
        if left is None:
            return self._answered(wait.queue, is_staffed=is_staffed)
        if self._is_patient:
            self._patience_seconds -= left
            if self._patience_seconds < 0:
                return self._answered(wait.queue, is_staffed=is_staffed)
        if is_closing or wait.step is None:
            return ClosingTime(wait.queue.name)
        return WaitedLong(wait.queue.name, wait.step)

    def _answered(self, queue: Queue, *, is_staffed: bool) -> Happened | None:
        """They talk, and the agent hangs up, where the caller has something to key then."""
        if self._rates is None or not is_staffed:
            return None
        self._row = self._rates
        return Finished(queue.name)

    def _at_phone(self, phone: Phone) -> Happened | None:
        """Somebody takes it, unless the caller's patience lasts longer than it rings."""
        self._patience_seconds -= phone.ring_seconds
        return NotTaken(phone.name) if self._patience_seconds >= 0 else None
