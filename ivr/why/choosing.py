"""Why a call left a menu or a question as it did, and what a caller keyed there in vain."""

from __future__ import annotations

from typing import Self

import msgspec

from ivr.why.kind import ReasonKind


class Greeted(ReasonKind, frozen=True):
    """The call comes to a menu for the first time, and its greeting is said."""

    menu: str
    prompts: tuple[str, ...]


class GreetedBefore(ReasonKind, frozen=True):
    """Passed over: the greeting of a menu, which has been said in this call."""

    menu: str
    prompts: tuple[str, ...]


class Chose(ReasonKind, frozen=True):
    """An option was keyed (`key`), or said (`said`, the rules' own word); it may set another `language`."""

    menu: str
    to: str
    language: str | None = None
    key: str | None = None
    said: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None, said=None)


class OtherKey(ReasonKind, frozen=True):
    """Passed over: the other keys of the menu."""

    to: str
    key: str


class ChoseNothing(ReasonKind, frozen=True):
    """All tries of a menu were used up."""

    menu: str
    tries: int
    to: str


class NoSuchKey(ReasonKind, frozen=True):
    """The menu does not have the key."""

    menu: str
    key: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None)


class NotUnderstood(ReasonKind, frozen=True):
    """What was said means none of the keys, or several."""

    menu: str


class NotListenedTo(ReasonKind, frozen=True):
    """Something was said in a menu without `speech`."""

    menu: str


class KeyedWrong(ReasonKind, frozen=True):
    """A try in vain: what was keyed is no option. Only a simulator says this."""

    menu: str
    keyed: str


class KeyedNothing(ReasonKind, frozen=True):
    """A try in vain: nothing was keyed. Only a simulator says this."""

    menu: str


class KeyedTooFew(ReasonKind, frozen=True):
    """A try in vain: so many of so many digits. Only a simulator says this."""

    question: str
    keyed: int
    of: int


class KeyedAnew(ReasonKind, frozen=True):
    """A try in vain: the answer was read back, and the caller said that it was wrong. Only a simulator says this."""

    question: str


class QuestionAsked(ReasonKind, frozen=True):
    """A question is asked."""

    question: str


class QuestionAnswered(ReasonKind, frozen=True):
    """The question was answered."""

    question: str


class QuestionNotAnswered(ReasonKind, frozen=True):
    """All tries of a question were used up."""

    question: str


class AfterQuestion(ReasonKind, frozen=True):
    """The question's own way on."""

    question: str
    to: str


class OnToDepartment(ReasonKind, frozen=True):
    """The department that waited for the answer."""

    department: str


class QuestionLeadsNowhere(ReasonKind, frozen=True):
    """The question has no way on: the call ends."""

    question: str


Choosing = (
    Greeted
    | GreetedBefore
    | Chose
    | OtherKey
    | ChoseNothing
    | NoSuchKey
    | NotUnderstood
    | NotListenedTo
    | KeyedWrong
    | KeyedNothing
    | KeyedTooFew
    | KeyedAnew
    | QuestionAsked
    | QuestionAnswered
    | QuestionNotAnswered
    | AfterQuestion
    | OnToDepartment
    | QuestionLeadsNowhere
)
