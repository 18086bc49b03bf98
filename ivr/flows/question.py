"""The story of a question: digits asked for, one try after another."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, Digits, NoInput, NoMatch
from ivr.records.events import QuestionTry
from ivr.rules.decision import Answered, NothingAnswered
from ivr.rules.model import Question


async def run_question(
    call: Call, question: Question, first: tuple[str, ...] = ()
) -> Answered | NothingAnswered:
    """Ask until the caller has keyed as many digits as are wanted; nothing and too few are told apart.

    `first` is said before the question; a key during it counts.
    """
    for _ in range(question.tries):
        match await call.ask(question, say=(*first, *question.say)):
            case Digits(digits):
                call.note(QuestionTry(question=question.name, result="answered"))
                return Answered(question.name, digits)
            case NoInput():
                call.note(QuestionTry(question=question.name, result="no_input"))
                first = (question.no_input,)
            case NoMatch():
                call.note(QuestionTry(question=question.name, result="no_match"))
                first = (question.no_match,)
            case unknown:
                assert_never(unknown)
    return NothingAnswered(question.name)
