"""A caller written down as a row of keys: what such a caller does in one try of a menu or a question.

A `,` in the row is a pause as long as the patience of whoever asks; so is the end of the row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from ivr.rules.decision import AnswerKeyed, ExitKeyed, OptionChosen, SurveyDone
from ivr.rules.model import Menu, Question, Queue, Survey
from ivr.rules.visit.moves import InVain

_DIGITS = "0123456789"
PAUSE = ","

RIGHT = "1#"
"""The keys that say that an answer was read back right; all others say that it was not."""


KEEP_KEY = "1"
"""The key by which a caller takes back the place that they left in a queue."""


class TakeOption(Protocol):
    """How keys are matched: the option at the head of a row of keys (None: no option), and the rest of the row."""

    def __call__(self, keys: Collection[str], row: str) -> tuple[str | None, str]: ...


def key_in_menu(menu: Menu, row: str, take_option: TakeOption) -> tuple[OptionChosen | InVain, str]:
    """What comes of one try of a menu, and the rest of the row."""
    key, rest = take_option(menu.options.keys(), row)
    if key is not None:
        return OptionChosen(menu.name, key), rest
    keyed = row[: len(row) - len(rest)].rstrip(PAUSE)
    return InVain("no_match" if keyed else "no_input"), rest


def key_in_question(question: Question, row: str) -> tuple[AnswerKeyed | InVain, str]:
    """What comes of one try of a question, and the rest of the row: a star, a hash or a pause ends the try."""
    head = row[: question.digits]
    digits = head[: len(head) - len(head.lstrip(_DIGITS))]
    if len(digits) == question.digits:
        return _read_back(question, digits, row[len(digits) :])
    # What ended the try belongs to it; what follows is the next try's.
    rest = row[len(digits) + 1 :]
    is_silent = not digits and row[:1] in {"", PAUSE}
    return InVain("no_input" if is_silent else "no_match"), rest


def _read_back(question: Question, digits: str, rest: str) -> tuple[AnswerKeyed | InVain, str]:
    """Where the answer is read back, the next key says whether it is right; who keys none has nothing against it."""
    answered = AnswerKeyed(question.name, digits)
    if not question.confirm:
        return answered, rest
    rest = rest.removeprefix("#")  # many end every entry with one
    return (answered if rest[:1] in {"", PAUSE, *RIGHT} else InVain("corrected")), rest[1:]


def key_in_queue(queue: Queue, row: str) -> tuple[ExitKeyed | None, str]:
    """The first key of the row that leads out of the queue, and what follows it; the keys before it mean nothing.

    Where no key does, the row is for whatever comes after the wait.
    """
    if not queue.exits:
        return None, row
    for place, key in enumerate(row, 1):
        if key in queue.exits:
            return ExitKeyed(queue.name, key), row[place:]
    return None, ""


def key_for_place(row: str) -> tuple[bool, str]:
    """Whether the caller who is offered the old place takes it, and the rest of the row: one key or a pause answers."""
    return row[:1] == KEEP_KEY, row[1:]


def key_in_survey(survey: Survey, row: str) -> tuple[SurveyDone | InVain, str]:
    """What comes of one try of a survey, and the rest of the row: a pause or a hash ends a number."""
    keyed = ""
    for place, key in enumerate(row, 1):
        rest = row[place:]
        if key in {PAUSE, "#"}:
            if keyed in survey.answers:
                return SurveyDone(survey.name, answered=True), rest
            return InVain("no_input" if key == PAUSE and not keyed else "no_match"), rest
        keyed += key
        if any(answer != keyed and answer.startswith(keyed) for answer in survey.answers):
            continue
        if keyed in survey.answers:
            return SurveyDone(survey.name, answered=True), rest
        return InVain("no_match"), rest
    if keyed in survey.answers:
        return SurveyDone(survey.name, answered=True), ""
    return InVain("no_match" if keyed else "no_input"), ""
