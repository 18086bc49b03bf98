"""Why a call left a menu or a question as it did, and what a caller keyed there in vain."""

from __future__ import annotations

from typing import Self

import msgspec

from ivr.why.kind import Kind


class Chose(Kind, frozen=True):
    """An option was keyed (`key`), or said (`said`, the rules' own word); it may set another `language`."""

    menu: str
    to: str
    language: str | None = None
    key: str | None = None
    said: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None, said=None)


class OtherKey(Kind, frozen=True):
    """Passed over: the other keys of the menu."""

    to: str
    key: str


class ChoseNothing(Kind, frozen=True):
    """All tries of a menu were used up."""

    menu: str
    tries: int
    to: str


class NoSuchKey(Kind, frozen=True):
    """The menu does not have the key."""

    menu: str
    key: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None)


class NotUnderstood(Kind, frozen=True):
    """What was said means none of the keys, or several."""

    menu: str


class NotListenedTo(Kind, frozen=True):
    """Something was said in a menu without `speech`."""

    menu: str


class KeyedWrong(Kind, frozen=True):
    """A try in vain: what was keyed is no option. Only a simulator says this."""

    menu: str
    keyed: str


class KeyedNothing(Kind, frozen=True):
    """A try in vain: nothing was keyed. Only a simulator says this."""

    menu: str


class KeyedTooFew(Kind, frozen=True):
    """A try in vain: so many of so many digits. Only a simulator says this."""

    question: str
    keyed: int
    of: int


class QuestionAsked(Kind, frozen=True):
    """A question is asked."""

    question: str


class QuestionAnswered(Kind, frozen=True):
    """The question was answered."""

    question: str


class QuestionNotAnswered(Kind, frozen=True):
    """All tries of a question were used up."""

    question: str


class AfterQuestion(Kind, frozen=True):
    """The question's own way on."""

    question: str
    to: str


class OnToDepartment(Kind, frozen=True):
    """The department that waited for the answer."""

    department: str


class QuestionLeadsNowhere(Kind, frozen=True):
    """The question has no way on: the call ends."""

    question: str


Choosing = (
    Chose
    | OtherKey
    | ChoseNothing
    | NoSuchKey
    | NotUnderstood
    | NotListenedTo
    | KeyedWrong
    | KeyedNothing
    | KeyedTooFew
    | QuestionAsked
    | QuestionAnswered
    | QuestionNotAnswered
    | AfterQuestion
    | OnToDepartment
    | QuestionLeadsNowhere
)
