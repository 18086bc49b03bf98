"""What the journal says of a call: one frozen event per thing that happened, in order.

The journal is the truth; the call record, the figures and the pages are folds of it. Field names
are stored: they may be added to, never renamed. Numbers are stored in full here (the store is
access-controlled) and masked wherever shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ivr.records.standing import Standing
from ivr.why import BarredBy, Because


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Something that happened to a call."""


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a decision, as stored: why, and where that stands in the rules. `taken` False is a why-not.

    Rows of earlier versions have an English sentence instead: `text`, and no `because`.
    """

    because: Because | None = None
    text: str | None = None
    file: str | None = None
    line: int | None = None
    path: str | None = None
    taken: bool = True


class Arrived(Event, tag="arrived", frozen=True):
    """The call came in. `call_time` is the time that the rules were asked about, ISO 8601.

    `trunk` is what it came over, where that is one of `ivr.toml`'s; `forwarded_by` the number that passed it on to us.
    `agent` is who made it, where it is no caller's call: a code, a colleague or a number outside was dialled.
    `waited_seconds`: for so long no server took it, and Asterisk kept the caller company with music.
    A test may set that time. `test` marks a call whose facts were set by a test; it is in no
    figure unless asked for.
    """

    dialled: str
    caller: str | None
    call_time: str
    revision: str
    channel: str
    node: str = ""
    sip_call_id: str | None = None
    trunk: str | None = None
    forwarded_by: str | None = None
    test: bool = False
    agent: str | None = None
    waited_seconds: int | None = None


class Answered(Event, tag="answered", frozen=True):
    """We answered the call: the caller hears us from here."""


class TakenUp(Event, tag="taken_up", frozen=True):
    """The server before this one is gone, and this one goes on with the call at this `place` of the rules."""

    place: str


class Routed(Event, tag="routed", frozen=True):
    """A decision: where the call goes next, and why. `standing`: all that is needed to take the call up there again.

    `blocked`: queues on the way that did not take the call, full or with nobody signed in. `refused`: by a list of
    callers, or a number that is not answered. Rows of earlier versions have none of them.
    """

    to: str
    language: str
    site: str | None = None
    department: str | None = None
    closed: bool = False
    blocked: tuple[str, ...] = ()
    refused: bool = False
    steps: tuple[Reason, ...] = ()
    standing: Standing | None = None


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


class Queued(Event, tag="queued", frozen=True):
    """The caller began to wait."""

    queue: str


class Offered(Event, tag="offered", frozen=True):
    """An agent's phone was rung for the caller."""

    queue: str
    agent: str


class OfferFailed(Event, tag="offer_failed", frozen=True):
    """The agent did not take the call; the caller kept the place.

    `declined`: somebody pressed the key for it. `other_answered`: phones rang at once, and another was faster.
    `silent`: after they were connected, no sound came from the agent's phone; that was no talk. A site outside
    (`agent` is `site partner`): `not_confirmed`, whoever answered pressed no key for it; `barred`, it was not called.
    """

    queue: str
    agent: str
    result: Literal[
        "no_answer",
        "busy",
        "declined",
        "gone",
        "other_answered",
        "silent",
        "wrong_number",
        "not_confirmed",
        "barred",
    ]


class PlaceKept(Event, tag="place_kept", frozen=True):
    """The caller has the place again that they left in the call `of_call`."""

    queue: str
    of_call: str


class PlacePassedOn(Event, tag="place_passed_on", frozen=True):
    """After its end: the place of this call is had by the same caller, who called again, in the call `to_call`."""

    queue: str
    to_call: str


class Whispered(Event, tag="whispered", frozen=True):
    """The agent who took the phone hears this of the call, before the two are connected."""

    agent: str
    prompts: tuple[str, ...]


class Connected(Event, tag="connected", frozen=True):
    """Caller and agent hear each other, the agent on this `leg` (a channel), in this `bridge`."""

    queue: str
    agent: str
    leg: str | None = None
    bridge: str | None = None


SITE_AGENT = "site "
"""How a site's phone is called where an agent's name stands: `site partner`."""


class GivenToSite(Event, tag="given_to_site", frozen=True):
    """A call of a queue that is split is this site's from now on, and no longer that of `before`.

    The rest is the queue's account after it, whose events are numbered by `number`: `shares` and `owed` in parts (as
    many as all shares together are one call), `had` and `in_turn` calls by site, `most_owed` calls. What these mean,
    and `here`, `since` and `made_up`, is in `docs/reference/records.md`.
    """

    queue: str
    site: str
    because: Literal["turn", "owed", "others_away"]
    number: int
    shares: dict[str, int]
    had: dict[str, int]
    in_turn: dict[str, int]
    owed: dict[str, int]
    most_owed: int
    before: str | None = None
    here: tuple[str, ...] = ()
    since: dict[str, int] | None = None
    made_up: tuple[str, ...] = ()


class PhoneRang(Event, tag="phone_rang", frozen=True):
    """A phone outside the queues was rung for the caller."""

    phone: str


class CalledOut(Event, tag="called_out", frozen=True):
    """A number outside was called over this trunk, at this address of the carrier's. `number` is masked."""

    phone: str
    trunk: str
    address: str
    number: str


class CallOutFailed(Event, tag="call_out_failed", frozen=True):
    """That call came to nothing. `status` is SIP's; None where none came: in time, or at all."""

    phone: str
    trunk: str
    result: Literal["no_answer", "busy", "wrong_number", "gone"]
    status: int | None = None


class PhoneNotTaken(Event, tag="phone_not_taken", frozen=True):
    """Nobody took it; the caller goes on.

    `barred`: it was not called at all. `not_confirmed`: whoever answered pressed no key for it.
    """

    phone: str
    result: Literal[
        "no_answer", "busy", "declined", "wrong_number", "gone", "not_confirmed", "barred"
    ]
    barred: BarredBy | None = None


class PhoneTaken(Event, tag="phone_taken", frozen=True):
    """Caller and whoever took the phone hear each other, the phone on this `leg` (a channel), in this `bridge`."""

    phone: str
    leg: str | None = None
    bridge: str | None = None
    trunk: str | None = None


class TakenToFront(Event, tag="taken_to_front", frozen=True):
    """Somebody took the caller to the front of the queue: before all who wait there."""

    queue: str
    author: str
    why: str = ""


class LeftQueue(Event, tag="left_queue", frozen=True):
    """The wait ended without an agent. `abandoned`: the caller hung up; `exit_key`: chose something else instead."""

    queue: str
    result: Literal[
        "abandoned", "overflowed", "callback", "exit_key", "nobody_logged_in", "dropped"
    ]


class TalkEnded(Event, tag="talk_ended", frozen=True):
    """The talk is over. `by` is who hung up first.

    `system`: nobody did, the agent's phone is gone, of which `heard_seconds` of speech had come. `limit`: we did, for
    it had lasted as long as a call outside may.
    """

    by: Literal["caller", "agent", "system", "limit"]
    heard_seconds: float | None = None


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


class RecordingStarted(Event, tag="recording_started", frozen=True):
    """A message is being recorded, to this file below the home folder."""

    voicemail: str
    file: str


class MessageLeft(Event, tag="message_left", frozen=True):
    """A message was recorded and stored; `seconds` is its length."""

    voicemail: str
    file: str
    seconds: float


class Ended(Event, tag="ended", frozen=True):
    """The call is over. `by`: who or what ended it; `cause`: the Q.850 hang-up cause, if known.

    `lost`: nobody did, the caller's phone is gone, of which `heard_seconds` of speech had come. `lost_while_down`: when
    a server started, the call was not there any more, or could not be gone on with; `last_seen` (aware) is the last
    that is known of the server before, and so of the call.
    """

    by: Literal[
        "caller", "agent", "rules", "failed", "drain", "link_lost", "lost", "lost_while_down"
    ]
    cause: int | None = None
    error: str | None = None
    heard_seconds: float | None = None
    last_seen: datetime | None = None


CallEvent = (
    Arrived
    | Answered
    | TakenUp
    | Routed
    | Said
    | PromptMissed
    | MenuTry
    | WordsHeard
    | SpeechGone
    | DigitsHeard
    | QuestionTry
    | Queued
    | Offered
    | OfferFailed
    | PlaceKept
    | PlacePassedOn
    | Whispered
    | Connected
    | GivenToSite
    | PhoneRang
    | CalledOut
    | CallOutFailed
    | PhoneNotTaken
    | PhoneTaken
    | LeftQueue
    | TakenToFront
    | TalkEnded
    | SurveyAsked
    | SurveyTry
    | RecordingStarted
    | MessageLeft
    | Ended
)
