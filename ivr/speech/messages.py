"""What server and speech worker tell each other: JSON texts over one WebSocket, for any number of calls."""

from __future__ import annotations

import msgspec

from ivr.speech.recogniser import SpokenPhrase

CONTROL_PATH = "/control"
"""Where a worker takes orders from a server, who shows the shared secret as a bearer token."""

MEDIA_PATH = "/media"
"""Where a worker takes the speech of a call from Asterisk, as `?call=…`; only of calls that are expected."""

ALIVE_SECONDS = 0.5
"""How often a worker says that it is there."""


class SpeechMessage(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"
):
    """One message, in either direction."""


class OfCall(SpeechMessage, frozen=True):
    """A message about one call."""

    call: str


class Prepare(SpeechMessage, tag="prepare", frozen=True):
    """A menu has these phrases: callers will say them, so learn them now."""

    language: str
    phrases: tuple[SpokenPhrase, ...]


class Expect(OfCall, tag="expect", frozen=True):
    """Asterisk is about to bring this call's speech."""


class Attend(OfCall, tag="attend", frozen=True):
    """From here on, listen for these phrases. `turn` counts the menus and questions of the call that listen.

    `most_in_a_row`: so many of them may be said one after another, digits; 0: one of them is wanted.
    """

    turn: int
    language: str
    phrases: tuple[SpokenPhrase, ...]
    most_in_a_row: int = 0


class Ignore(OfCall, tag="ignore", frozen=True):
    """Listen no more, until told to attend again."""


class LetGo(OfCall, tag="let_go", frozen=True):
    """Nothing more of this call is wanted: close its socket."""


class Alive(SpeechMessage, tag="alive", frozen=True):
    """The worker is there, and has room for so many more calls. `learning`: phrases that it is still learning."""

    places_free: int
    learning: int = 0
    languages: tuple[str, ...] = ()


class PlaceGiven(OfCall, tag="place_given", frozen=True):
    """The call's speech may come; not `has_place`: the worker is full."""

    has_place: bool = True


class FirstSound(OfCall, tag="first_sound", frozen=True):
    """Speech of the call has begun to come: silence, as a rule."""


class Speaks(OfCall, tag="speaks", frozen=True):
    """Somebody began to speak."""

    turn: int


class Utterance(OfCall, tag="utterance", frozen=True):
    """Something was said: how likely each phrase of that turn was, 0 to 1, in their order.

    `sure`, `unsure` and `apart` are the engine's thresholds. `seconds` is its length, `after_ms` how long after its end
    this was known.
    """

    turn: int
    engine: str
    likelihoods: tuple[float, ...]
    sure: float
    unsure: float
    apart: float
    seconds: float
    after_ms: int
    row: tuple[int, ...] = ()


class SoundLost(OfCall, tag="sound_lost", frozen=True):
    """The speech of the call comes no more, or cannot be heard; `why` in a few words."""

    why: str


SpeechOrder = Prepare | Expect | Attend | Ignore | LetGo
WorkerReport = Alive | PlaceGiven | FirstSound | Speaks | Utterance | SoundLost

orders = msgspec.json.Decoder(SpeechOrder)
reports = msgspec.json.Decoder(WorkerReport)
encode = msgspec.json.encode
