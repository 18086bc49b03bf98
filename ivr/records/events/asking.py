"""What a caller was told and asked, and what they keyed and said."""

from __future__ import annotations

from typing import Literal

from ivr.records.events.event import Event


class Said(Event, tag="said", frozen=True):
    """Prompts that we began to say, as the rules name them; a key or a hang-up may have cut them short."""

    prompts: tuple[str, ...]


class PromptMissed(Event, tag="prompt_missed", frozen=True):
    """A prompt could not be played; `played` is what the caller heard instead."""

    prompt: str
    played: str


class MenuTry(Event, tag="menu_try", frozen=True):
    """What a caller did in a menu. `key` only for `chosen`: a wrong key may be a secret."""

    menu: str
    result: Literal["chosen", "no_input", "no_match"]
    key: str | None = None


class WordsHeard(Event, tag="words_heard", frozen=True):
    """A caller said something in a menu that listens: the words of `key`, and it could have been those of `other_keys`.

    `likelihood` is from 0 to 1, `after_ms` the time from the end of speech to the decision. `confirms` is the key that
    the caller was asked about: `key` is then that of yes or no. `word` and `others` are there where the rules keep
    words: the rules' own, never what else was said.
    """

    menu: str
    engine: str
    result: Literal["sure", "unsure", "not_understood"]
    likelihood: float
    after_ms: int
    word: str | None = None
    key: str | None = None
    others: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()
    confirms: str | None = None


class DigitsHeard(Event, tag="digits_heard", frozen=True):
    """A caller said something where a question listens. What it was is not kept: it may be a secret."""

    question: str
    engine: str
    result: Literal["heard", "not_understood"]
    after_ms: int


class SpeechGone(Event, tag="speech_gone", frozen=True):
    """What the caller says is not heard any more; the rest of the call has only keys."""

    why: str


class QuestionTry(Event, tag="question_try", frozen=True):
    """What a caller made of a question. The digits are not kept: they may be a secret.

    `corrected`: they were read back, and the caller said that they were wrong.
    """

    question: str
    result: Literal["answered", "no_input", "no_match", "corrected"]


class SurveyAsked(Event, tag="survey_asked", frozen=True):
    """The caller is asked how it was, after a talk, on a scale from `lowest` to `highest`.

    A call that was taken up again there is asked again, and this is told again: it counts once.
    """

    survey: str
    lowest: int
    highest: int


class SurveyTry(Event, tag="survey_try", frozen=True):
    """What a caller made of it. `score` only for `answered`: what else was keyed is not kept."""

    survey: str
    result: Literal["answered", "no_input", "no_match"]
    score: int | None = None
