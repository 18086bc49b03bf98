"""What happens, as the rest of the code reads it: small frozen types with exactly the fields that are used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

NORMAL_CLEARING = 16
USER_BUSY = 17
NO_ANSWER = 19

_LOST = frozenset({18, 27, 38, 41, 44, 102, 127})
"""Q.850 causes of an end that nobody wished: the other side did not respond, or something between broke."""

GONE_MEANWHILE = "gone when the link came back"
"""The text of an end that no event told: the channel was missing when the link came back."""

FREED = "freed to the floor"
"""The text of an end that the dialplan made, since nothing had come from us for so long."""


@dataclass(frozen=True, slots=True)
class ChannelEvent:
    """Something that happened to one channel; `Channel.listen` hands these out."""


@dataclass(frozen=True, slots=True)
class Entered(ChannelEvent):
    """The channel came under our control. For a leg that we rang: it was answered."""


@dataclass(frozen=True, slots=True)
class Sounding(ChannelEvent):
    """A leg that we rang rings, or its network says something of its own: it got there."""


@dataclass(frozen=True, slots=True)
class Redirected(ChannelEvent):
    """Whoever we rang names another address instead (SIP's 3xx), which nobody calls: the leg is about to end.

    Its LegEnded may have no status then: Asterisk lets the leg go on one thread while another keeps the answer.
    """


@dataclass(frozen=True, slots=True)
class Digit(ChannelEvent):
    """A key was pressed for `duration_ms` and let go of at `ended`, in seconds by Asterisk's own clock."""

    digit: str
    duration_ms: int
    ended: float

    @property
    def began(self) -> float:
        return self.ended - self.duration_ms / 1000


@dataclass(frozen=True, slots=True)
class PlaybackEnded(ChannelEvent):
    """A playback is over. Not `ok`: nothing of it was heard to its end (no such file, or the channel ended)."""

    playback_id: str
    ok: bool


@dataclass(frozen=True, slots=True)
class RecordingEnded(ChannelEvent):
    """A recording is over; `seconds` is its length."""

    name: str
    ok: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Relinked(ChannelEvent):
    """The link was lost and is made again, and the channel is there: what else happened to it meanwhile is not told."""


@dataclass(frozen=True, slots=True)
class LegEnded(ChannelEvent):
    """The channel is gone, or no longer ours. `cause` is Q.850's, where known.

    `heard_seconds`: how much speech came from the leg in all, where Asterisk counted it. `status`: SIP's, where that
    ended it; it tells apart what has one cause.
    """

    cause: int | None
    cause_text: str = ""
    heard_seconds: float | None = None
    status: int | None = None

    @property
    def was_lost(self) -> bool:
        """Nobody hung up: the phone, or the way to it, was gone."""
        return self.cause in _LOST

    @property
    def was_freed(self) -> bool:
        """The dialplan has it, on the floor: we had not answered for so long. Or its limit is over, which is rare."""
        return self.cause is None and self.cause_text == FREED

    @property
    def was_unseen(self) -> bool:
        """It is gone, or was, with nothing that told why: nobody can say who ended it."""
        return self.was_freed or (self.cause is None and self.cause_text == GONE_MEANWHILE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call came in at `node`, on a channel that nobody here named.

    `dialled` is what our dialplan says was dialled, else its extension; `endpoint` what the call came through
    (`PJSIP/trunk`). A number that was withheld is an empty text. `sip_call_id` is empty where the channel is not SIP.

    `sent_from` is the IP address that the call came from, `forwarded_by` the number that passed it on, `call_time`
    what a test says of the time: each empty where our dialplan does not tell. `waited_seconds`: for so long no server
    took the call, and Asterisk kept the caller company; None where one took it at once.
    """

    channel_id: str
    node: str
    args: tuple[str, ...]
    caller_number: str
    caller_name: str
    dialled: str
    endpoint: str
    sip_call_id: str
    sent_from: str = ""
    forwarded_by: str = ""
    call_time: str = ""
    waited_seconds: float | None = None

    @property
    def account(self) -> str:
        """The name of the phone or trunk that it came through."""
        return self.endpoint.partition("/")[2]


@dataclass(frozen=True, slots=True)
class PhoneState:
    """Whether a phone with an account can be rung; `name` is the account's.

    `is_in_own_call`: it is in a call that nobody here rang it for, one that it began or one from before this server.
    """

    name: str
    is_reachable: bool
    is_in_own_call: bool = False


ChannelState: TypeAlias = Literal["down", "ringing", "up", "other"]


@dataclass(frozen=True, slots=True)
class ChannelSnapshot:
    """A channel as Asterisk described it at one moment. `is_ours`: it is in our application.

    `waits_on_floor`: our dialplan has it, and offers it to a server.
    """

    channel_id: str
    state: ChannelState
    is_ours: bool
    caller_number: str
    caller_name: str
    dialled: str
    endpoint: str
    sip_call_id: str
    waits_on_floor: bool = False


@dataclass(frozen=True, slots=True)
class BridgeSnapshot:
    """A bridge as Asterisk described it at one moment."""

    bridge_id: str
    kind: str
    channel_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """The link stands: what is alive in this Asterisk. Events that came meanwhile follow after it.

    A call may be in `channels` and arrive too, when it came between the two.
    """

    channels: tuple[ChannelSnapshot, ...]
    bridges: tuple[BridgeSnapshot, ...]


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The link dropped; it is being made again."""

    reason: str
