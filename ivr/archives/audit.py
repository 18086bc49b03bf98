"""Two ledgers of the same calls, compared: the journal's, and Asterisk's own of its channels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from ivr.archives.cel_line import CelLine
from ivr.ids import is_one
from ivr.records.record import CallRecord

MOST_OFF = timedelta(seconds=1)
"""So far the length of a call may differ between the two."""

SETTLED_AFTER = timedelta(seconds=3)
"""So long after its end a call is in both."""

_OF_OURS = re.compile(r"[0-9a-z]{26}-[a-z]+\Z")
"""How the channels are called that we make: phones that we ring, sound, those who listen."""

OddKind = Literal["missing", "doubled", "unknown", "duration", "cause"]


class Oddity(msgspec.Struct, frozen=True, kw_only=True):
    """Where the two do not agree.

    `missing`: Asterisk had the caller, and the journal has no ended call of it. `doubled`: several calls of one
    channel. `unknown`: a call of which Asterisk knows nothing. `duration`, `cause`: they say different things of it.
    """

    kind: OddKind
    channel: str
    call_id: str | None = None
    journal: str | None = None
    asterisk: str | None = None


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls were compared, and what is odd. `since`: what was before is in no ledger of Asterisk's."""

    since: datetime | None
    compared: int
    odd: tuple[Oddity, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Of each kind, also of those that there are none of."""
        found = Counter(one.kind for one in self.odd)
        return {kind: found[kind] for kind in get_args(OddKind)}


class CelChannel(msgspec.Struct):
    """A channel as Asterisk tells of it, so far; `is_caller` once it came to us by itself."""

    began: datetime
    ended: datetime | None = None
    cause: int | None = None
    is_caller: bool = False


def channels_in(lines: Iterable[CelLine]) -> dict[str, CelChannel]:
    """By their unique ids."""
    found: dict[str, CelChannel] = {}
    for line in lines:
        channel = found.get(line.unique_id)
        if channel is None:
            channel = found[line.unique_id] = CelChannel(line.at)
        if line.event == "APP_START" and line.app.lower() == "stasis":
            channel.is_caller = _OF_OURS.match(line.unique_id) is None
        elif line.event in {"HANGUP", "CHAN_END"}:
            channel.ended = channel.ended or line.at
            channel.cause = channel.cause or line.cause
    return found


def audited(
    calls: Sequence[CallRecord],
    channels: Mapping[str, CelChannel],
    first: datetime,
    last: datetime,
    now: datetime,
) -> Audit:
    """Compare the calls that arrived from `first` until before `last` (aware), as far as Asterisk's ledger goes.

    Calls of the last seconds before `now` may be in one only, and are not looked at; nor are those of another
    switchboard, which were taken in. `calls` may be more than those: of a channel that began just before `last`, the
    call arrives just after it.
    """
    since = min((one.began for one in channels.values()), default=None)
    if since is None:
        return Audit(since=None, compared=0, odd=())
    by_channel: dict[str, list[CallRecord]] = {}
    for call in calls:
        by_channel.setdefault(call.channel, []).append(call)
    odd: list[Oddity] = []
    compared = 0
    for name, channel in channels.items():
        is_asked = channel.is_caller and first <= channel.began < last
        if not is_asked or channel.ended is None or channel.ended > now - SETTLED_AFTER:
            continue
        compared += 1
        odd += _of_channel(name, channel, by_channel.get(name, []))
    odd += (
        Oddity(kind="unknown", channel=call.channel, call_id=call.call_id)
        for call in calls
        if is_one(call.call_id, "call")
        and call.channel not in channels
        and max(first, since + MOST_OFF) <= call.arrived_at < last
    )
    return Audit(since=since, compared=compared, odd=tuple(odd))


def _of_channel(name: str, channel: CelChannel, calls: Sequence[CallRecord]) -> Iterable[Oddity]:
    if not calls:
        yield Oddity(kind="missing", channel=name, asterisk=_seconds(_lasted(channel)))
        return
    if len(calls) > 1:
        ids = ", ".join(call.call_id for call in calls)
        yield Oddity(kind="doubled", channel=name, journal=ids)
    for call in calls:
        if call.ended_at is None:
            continue
        lasted = call.ended_at - call.arrived_at
        if abs(lasted - _lasted(channel)) > MOST_OFF:
            yield Oddity(
                kind="duration",
                channel=name,
                call_id=call.call_id,
                journal=_seconds(lasted),
                asterisk=_seconds(_lasted(channel)),
            )
        if call.hangup_cause and channel.cause and call.hangup_cause != channel.cause:
            yield Oddity(
                kind="cause",
                channel=name,
                call_id=call.call_id,
                journal=str(call.hangup_cause),
                asterisk=str(channel.cause),
            )


def _lasted(channel: CelChannel) -> timedelta:
    return (channel.ended or channel.began) - channel.began


def _seconds(lasted: timedelta) -> str:
    return f"{lasted.total_seconds():.1f} s"
