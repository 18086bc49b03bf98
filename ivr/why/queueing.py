"""Why a call waited in a queue, was led on from it, or came to its end."""

from __future__ import annotations

from typing import Literal, Self

import msgspec

from ivr.why.kind import ByHand, ReasonKind


class CameTo(ReasonKind, frozen=True):
    """Where the call is now."""

    to: str


class LanguageChanged(ReasonKind, frozen=True):
    """From here on the voice speaks another language."""

    language: str


class CallRefused(ReasonKind, frozen=True):
    """The call is not answered at all."""


class HungUp(ReasonKind, frozen=True):
    """A rule says `hangup`."""


class NoMenuToGo(ReasonKind, frozen=True):
    """`repeat` or `back` (`to`) where the caller has been in no menu: the call ends."""

    to: str


class NobodyTookPhone(ReasonKind, frozen=True, tag="phone_not_rung"):
    """Nobody took this phone: the call goes on to `to`, or (None) ends. Earlier versions rang none, and said so."""

    phone: str
    to: str | None = None


class PriorityOfCallers(ReasonKind, frozen=True):
    """The caller is among `callers`, who have this priority in every queue."""

    callers: str
    priority: str


class PriorityOfDepartment(ReasonKind, frozen=True):
    """The callers of this department have this priority."""

    department: str
    priority: str


class MatchWanted(ReasonKind, frozen=True):
    """Whom the queue looks for first: somebody with the `skills` (level by name), who speaks the `language`.

    Each `widen_seconds` less is asked for; None: never.
    """

    queue: str
    language: str | None = None
    skills: tuple[tuple[str, int], ...] = ()
    widen_seconds: float | None = None


class WhisperFirst(ReasonKind, frozen=True):
    """An agent of the queue who answers hears this of the call before the caller: `queue`, `site`, `waited`."""

    queue: str
    pieces: tuple[str, ...]


class LastAgentFirst(ReasonKind, frozen=True):
    """This agent talked with the caller so many days ago, and is rung first, if free."""

    queue: str
    agent: str
    days: float


class LastTalkTooLongAgo(ReasonKind, frozen=True):
    """The agent who talked with the caller last did so longer ago than the queue goes by."""

    queue: str
    agent: str
    days: float
    within_seconds: float


class PlaceOffered(ReasonKind, frozen=True):
    """The caller left this queue a moment ago, in the call `of_call`, after so long a wait: the place is offered."""

    queue: str
    of_call: str
    waited_seconds: float


class PlaceHadAgain(ReasonKind, frozen=True):
    """The caller wanted the place back: so long a wait counts."""

    queue: str
    waited_seconds: float


class QueueSplit(ReasonKind, frozen=True):
    """The shares (0 to 1) of the queue by place."""

    queue: str
    shares: tuple[tuple[str, float], ...]


class SplitGiven(ReasonKind, frozen=True):
    """The call is given to `site`, whose `share` (0 to 1) was agreed, and which had `had` of the `of` calls before it.

    `because`: its turn, a call is owed to it (`owed`: so many before this one), or other sites can take none.
    """

    queue: str
    site: str
    because: Literal["turn", "owed", "others_away"]
    share: float
    had: int
    of: int
    owed: float = 0.0


class SiteOnPhone(ReasonKind, frozen=True):
    """The calls of this site are taken by a phone of the rules."""

    site: str
    phone: str


class SplitKept(ReasonKind, frozen=True):
    """The call is the site's already, and stays so."""

    queue: str
    site: str


class SplitMoved(ReasonKind, frozen=True):
    """The site cannot take the call that it was given; it is given `to` another."""

    queue: str
    site: str
    to: str


class SplitNobody(ReasonKind, frozen=True):
    """No site of the split can take calls now: whoever can first takes the call."""

    queue: str


class QueueClosedByHand(ReasonKind, frozen=True):
    """The queue was closed by hand."""

    queue: str
    by_hand: ByHand


class ClosedLeadsOn(ReasonKind, frozen=True):
    """A queue closed by hand leads to where it would lead if nobody were logged in."""

    to: str


class ClosedLeadsNowhere(ReasonKind, frozen=True):
    """A queue closed by hand that names no other way: the call ends."""

    queue: str


class QueueFull(ReasonKind, frozen=True):
    """So many wait that no more may."""

    queue: str
    waiting: int
    to: str


class FullButFree(ReasonKind, frozen=True):
    """Why the call does not go where the queue sends those for whom it is full: somebody there is free for it."""

    queue: str
    waiting: int


class MayNotWait(ReasonKind, frozen=True):
    """Passed over: a full queue."""

    queue: str
    at_most: int


class NobodyThere(ReasonKind, frozen=True):
    """Nobody is logged in to the queue: the call goes on to `to`, or (None) waits all the same."""

    queue: str
    to: str | None = None


class DesertedThere(ReasonKind, frozen=True):
    """Passed over: a queue that nobody is logged in to."""

    queue: str


class WaitedSoLong(ReasonKind, frozen=True):
    """A step of `while_waiting`: it leads to `to`, rings another queue's agents too, or offers something."""

    queue: str
    seconds: float
    to: str | None = None
    also_ring: str | None = None
    offer: str | None = None


class LeftByKey(ReasonKind, frozen=True):
    """The caller pressed one of the keys that lead out of the queue, to `to`."""

    queue: str
    to: str
    key: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None)


class NoSuchExit(ReasonKind, frozen=True):
    """The queue has no such key: the caller waits on."""

    queue: str
    key: str | None = None

    def unsaid(self) -> Self:
        return msgspec.structs.replace(self, key=None)


class StepNotDone(ReasonKind, frozen=True):
    """This version does not do that step yet: what it offers, or (None) that others are rung too."""

    offer: str | None = None


class NoSuchStep(ReasonKind, frozen=True):
    """The queue has no step for so long a wait."""

    queue: str


class ServedAfterClosing(ReasonKind, frozen=True):
    """Closing time; who waits is served."""

    queue: str


class MovedByHand(ReasonKind, frozen=True):
    """Somebody (`by`) took the caller out of a queue, to another."""

    queue: str
    to: str
    by: str
    why: str = ""


class ClosingTimeCame(ReasonKind, frozen=True):
    """Closing time; who waits goes to `to`."""

    queue: str
    to: str


class StoryFinished(ReasonKind, frozen=True):
    """They have talked, or a message was left."""


class SurveyNotAsked(ReasonKind, frozen=True):
    """The survey that would be asked, of a share (0 to 1) of the callers: this version asks none this way."""

    survey: str
    by: str
    share: float


class SurveyBegins(ReasonKind, frozen=True):
    """The agent has hung up, and the caller is asked; `share` (0 to 1) of the callers are."""

    survey: str
    queue: str
    share: float


class NotAskedAgain(ReasonKind, frozen=True):
    """The survey leaves this caller in peace, who was asked one less than `seconds` ago."""

    survey: str
    seconds: float


class NotInShare(ReasonKind, frozen=True):
    """This caller is not of the `share` (0 to 1) that is asked: it is drawn by lot."""

    survey: str
    share: float


class SurveyOver(ReasonKind, frozen=True):
    """The caller has answered, or did not in all tries."""

    survey: str
    answered: bool


class LeadsBack(ReasonKind, frozen=True):
    """One decision comes to a place again: the call ends. `ivr check` refuses such rules."""

    to: str


class PlaceGone(ReasonKind, frozen=True):
    """The call is at a place that the rules do not have."""

    place: str


class GoesRound(ReasonKind, frozen=True):
    """A simulated call comes round and round: its walk ends here."""


Queueing = (
    CameTo
    | LanguageChanged
    | CallRefused
    | HungUp
    | NoMenuToGo
    | NobodyTookPhone
    | PriorityOfCallers
    | PriorityOfDepartment
    | MatchWanted
    | WhisperFirst
    | LastAgentFirst
    | LastTalkTooLongAgo
    | PlaceOffered
    | PlaceHadAgain
    | QueueSplit
    | SplitGiven
    | SplitKept
    | SiteOnPhone
    | SplitMoved
    | SplitNobody
    | QueueClosedByHand
    | ClosedLeadsOn
    | ClosedLeadsNowhere
    | QueueFull
    | FullButFree
    | MayNotWait
    | NobodyThere
    | DesertedThere
    | WaitedSoLong
    | LeftByKey
    | NoSuchExit
    | StepNotDone
    | NoSuchStep
    | ServedAfterClosing
    | MovedByHand
    | ClosingTimeCame
    | StoryFinished
    | SurveyNotAsked
    | SurveyBegins
    | NotAskedAgain
    | NotInShare
    | SurveyOver
    | LeadsBack
    | PlaceGone
    | GoesRound
)
