"""What a call does next."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.menus.words import Phrase
from ivr.numbers import PhoneNumber
from ivr.rules.decision import KeptPlace
from ivr.rules.model import Menu, Phone, Question, Queue, Survey, Voicemail


@dataclass(frozen=True, slots=True)
class Say:
    """These prompts are said before the call goes on; what is said before a menu or a question belongs to its try."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferMenu:
    """One try of a menu: `say` begins with what led there, or with what was wrong with the try before.

    `phrases` may be said in place of keys; none where the menu does not listen.
    """

    menu: Menu
    say: tuple[str, ...]
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """One try of a question: `say` begins with what led there, or with what was wrong with the try before.

    `phrases` are the words of digits that may be said in place of keys.
    """

    question: Question
    say: tuple[str, ...]
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitInQueue:
    """The caller waits, and has waited here for `waited_seconds` already (0.0: comes here for the first time).

    Step number `step` of `while_waiting` falls due in `step_in_seconds`; None: none is to come. `goes_on`: the caller
    stands here already, and no place is taken anew. `leaves_when_deserted`: the rules name another way for callers
    whom nobody can answer any more. The highest `priority` is served first, by agents who speak the `language`, of this
    queue or of those `also_rung`. `closes_in_seconds`: how long until those who wait are led elsewhere; None: never.
    `site` is whose call it is, where the queue is split; None: whoever's. The `first_agent` is rung first, if free.
    `own` is the number that a site's phone outside sees; None: what the trunk says.
    `kept` is the place that the caller left before, and is asked about.
    """

    queue: Queue
    waited_seconds: float = 0.0
    step: int | None = None
    step_in_seconds: float | None = None
    goes_on: bool = False
    leaves_when_deserted: bool = False
    priority: int = 0
    language: str | None = None
    also_rung: tuple[str, ...] = ()
    closes_in_seconds: float | None = None
    site: str | None = None
    own: PhoneNumber | None = None
    first_agent: str | None = None
    kept: KeptPlace | None = None

    @property
    def leads_away(self) -> bool:
        """Whether the step that falls due takes the caller from the queue."""
        return self.step is not None and self.queue.while_waiting[self.step].target is not None


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """The caller may leave a message in this box."""

    box: Voicemail


@dataclass(frozen=True, slots=True)
class RingPhone:
    """A phone outside the queues is rung, and whoever takes it talks with the caller.

    `own` is the number that the call's site shows outside; None: what the trunk says.
    """

    phone: Phone
    own: PhoneNumber | None = None


@dataclass(frozen=True, slots=True)
class AskSurvey:
    """One try of a survey: `say` begins with what was wrong with the try before; `is_first`: there was none."""

    survey: Survey
    say: tuple[str, ...]
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class HangUp:
    """The call ends."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call ends before it was answered."""


Act = (
    Say
    | OfferMenu
    | AskQuestion
    | WaitInQueue
    | TakeMessage
    | RingPhone
    | AskSurvey
    | HangUp
    | Refuse
)
