"""The third ledger of a call: the messages that SIPp sent and got, with its own times. It knows nothing of ours.

`TRACED` behind SIPp's argv has it written, into the folder in which SIPp works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.records.record import CallRecord

FILE = "messages.log"
TRACED = ("-trace_shortmsg", "-shortmessage_file", FILE)

MOST_OFF = timedelta(seconds=1)
"""So far the length of a call may differ."""


@dataclass(frozen=True, slots=True)
class SippCall:
    """From the first INVITE to the first BYE, or to the final response where it never came to a talk.

    `ended_by_caller`: SIPp sent the BYE. `status` is the INVITE's final one.
    """

    began: datetime
    ended: datetime | None = None
    ended_by_caller: bool = False
    status: int | None = None


def calls_in(lines: Iterable[str]) -> dict[str, SippCall]:
    """By Call-ID."""
    found: dict[str, SippCall] = {}
    for line in lines:
        _, _, seconds, way, call_id, cseq, start = line.rstrip("\n").split("\t")[:7]
        at, method = datetime.fromtimestamp(float(seconds), UTC), cseq.split()[-1]
        before = found.get(call_id)
        if before is None:
            if way == "S" and start.startswith("INVITE "):
                found[call_id] = SippCall(at)
        elif start.startswith("BYE ") and before.ended is None:
            found[call_id] = SippCall(before.began, at, way == "S", before.status)
        elif way == "R" and method == "INVITE" and start.startswith("SIP/2.0 "):
            status = int(start.split()[1])
            if status >= 200 and before.status is None:
                ended = at if status >= 300 else None
                found[call_id] = SippCall(before.began, ended, ended_by_caller=False, status=status)
    return found


def oddities(calls: Sequence[CallRecord], ledger: Mapping[str, SippCall]) -> Iterator[str]:
    """Where the records and SIPp do not agree: missing, doubled, unknown, off by more than a second, another's end."""
    times = Counter(one.sip_call_id for one in calls)
    for call_id in ledger:
        if times[call_id] != 1:
            yield f"{'doubled' if times[call_id] else 'missing'} {call_id}"
    for call in calls:
        theirs = ledger.get(call.sip_call_id or "")
        if theirs is None:
            yield f"unknown {call.sip_call_id}"
            continue
        if call.ended_at is None or theirs.ended is None:
            yield f"open {call.sip_call_id}"
            continue
        ours, sipps = call.ended_at - call.arrived_at, theirs.ended - theirs.began
        if abs(ours - sipps) > MOST_OFF:
            yield f"duration {call.sip_call_id}: {ours} here, {sipps} there"
        if (call.ended_by == "caller") != theirs.ended_by_caller:
            whose = "caller" if theirs.ended_by_caller else "us"
            yield f"cause {call.sip_call_id}: by {call.ended_by} here, by {whose} there"
