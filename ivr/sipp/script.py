"""What a played caller does, and what a played agent does: values, in the words of the telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from ivr.errors import ConfigRefused

KEYS = "0123456789*#"

_NUMBER = re.compile(r"[0-9a-zA-Z+*#._-]{1,64}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
# SIPp reads [words] and backslashes in a message as its own; a line break would begin another header.
_HEADER_VALUE = re.compile(r"[^\x00-\x1f\x7f\[\]\\]{0,512}")
_ACCOUNT_PART = re.compile(r"[A-Za-z0-9_.-]{1,128}")


@dataclass(frozen=True, slots=True)
class Pause:
    """Speak (a tone) for `seconds`."""

    seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= 3600:
            raise ConfigRefused("pause", self.seconds, "seconds from 0 to 3600")


@dataclass(frozen=True, slots=True)
class Speak:
    """Say what is recorded in a file: A-law, 8,000 bytes a second, whose path has no comma."""

    recording: Path

    def __post_init__(self) -> None:
        if not self.recording.is_absolute() or set(str(self.recording)) & set(',<>"&[]'):
            raise ConfigRefused("recording", str(self.recording), "an absolute path without signs")

    @property
    def seconds(self) -> float:
        return self.recording.stat().st_size / 8000


@dataclass(frozen=True, slots=True)
class Press:
    """Press one key."""

    key: str

    def __post_init__(self) -> None:
        if len(self.key) != 1 or self.key not in KEYS:
            raise ConfigRefused("key", self.key, f"one of {KEYS}")


@dataclass(frozen=True, slots=True)
class PutDown:
    """End the call."""


@dataclass(frozen=True, slots=True)
class AwaitHangUp:
    """Stay until the other side ends the call."""


ScriptStep = Pause | Speak | Press | PutDown | AwaitHangUp


@dataclass(frozen=True, slots=True)
class CallerScript:
    """A caller: dials, is answered, does the `steps` in order; the last one, and only the last, ends the call.

    `headers` are SIP headers of the first INVITE, such as `X-Sim-Now`. Who is `quiet` sends silence, no tone, between
    the steps.
    """

    dialled: str
    caller_number: str
    steps: tuple[ScriptStep, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False

    def __post_init__(self) -> None:
        for key, number in (("dialled", self.dialled), ("caller_number", self.caller_number)):
            if not _NUMBER.fullmatch(number):
                raise ConfigRefused(key, number, "1 to 64 of 0-9 A-Z a-z + * # . _ -")
        ends = [isinstance(step, PutDown | AwaitHangUp) for step in self.steps]
        if not ends or not ends[-1] or any(ends[:-1]):
            wanted = "HangUp() or AwaitHangUp() as the last step, and only there"
            raise ConfigRefused("steps", self.steps, wanted)
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
                wanted = "a SIP header's name, and one line of text without [ ] and backslash"
                raise ConfigRefused("headers", f"{name}: {value}", wanted)

    @property
    def longest_seconds(self) -> float:
        """How long the steps take when nobody else ends the call."""
        return sum(
            step.seconds
            if isinstance(step, Pause | Speak)
            else PRESS_SECONDS * isinstance(step, Press)
            for step in self.steps
        )


PRESS_SECONDS = 0.2
"""A key is down for 150 ms; then the caller's tone goes on."""


class Behaviour(Enum):
    """What an agent's phone does with a call."""

    ANSWERS = "answers"
    BUSY = "busy"
    DECLINES = "declines"
    NEVER_ANSWERS = "never answers"


@dataclass(frozen=True, slots=True)
class AgentScript:
    """An agent: the phone rings `answers_after` seconds, then does what `behaviour` says.

    An agent who answers echoes what is heard, and hangs up `hangs_up_after` seconds later, or never (None).
    """

    answers_after: float = 0.5
    behaviour: Behaviour = Behaviour.ANSWERS
    hangs_up_after: float | None = None

    def __post_init__(self) -> None:
        for key, seconds in (
            ("answers_after", self.answers_after),
            ("hangs_up_after", self.hangs_up_after or 0.0),
        ):
            if not 0 <= seconds <= 3600:
                raise ConfigRefused(key, seconds, "seconds from 0 to 3600")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an agent types into a softphone: name, password, and the server (its IP address and SIP port)."""

    name: str
    password: str = field(repr=False)
    server: tuple[str, int]

    def __post_init__(self) -> None:
        if not _ACCOUNT_PART.fullmatch(self.name):
            raise ConfigRefused("account", self.name, "1 to 128 of A-Z a-z 0-9 _ . -")
        if not _ACCOUNT_PART.fullmatch(self.password):
            raise ConfigRefused("password", "(not shown)", "1 to 128 of A-Z a-z 0-9 _ . -")
