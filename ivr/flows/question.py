"""The story of a question: digits asked for."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, Digits, NoInput, NoMatch
from ivr.records.events import QuestionTry
from ivr.rules.decision import AnswerKeyed
from ivr.rules.visit import AskQuestion, InVain


async def run_question(call: Call, asked: AskQuestion) -> AnswerKeyed | InVain:
    """Ask once for as many digits as are wanted; nothing and too few are told apart. The answer may be read back."""
    question = asked.question
    match await call.ask(question, say=asked.say, phrases=asked.phrases):
        case Digits(digits, are_said) if (question.confirm or are_said) and not await call.agrees(
            question, digits, must_say_yes=are_said
        ):
            call.note(QuestionTry(question=question.name, result="corrected"))
            return InVain("corrected")
        case Digits(digits):
            call.note(QuestionTry(question=question.name, result="answered"))
            return AnswerKeyed(question.name, digits)
        case NoInput():
            call.note(QuestionTry(question=question.name, result="no_input"))
            return InVain("no_input")
        case NoMatch():
            call.note(QuestionTry(question=question.name, result="no_match"))
            return InVain("no_match")
        case unknown:
            assert_never(unknown)
