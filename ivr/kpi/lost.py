"""Callers who gave up, or whom we lost, and who have not reached anybody since: a work list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ivr.kpi.tally import SHORT_SECONDS
from ivr.records.record import CallRecord, Disposition
from ivr.records.removals import PURGED

LOST_DISPOSITIONS: tuple[Disposition, ...] = ("abandoned", "blocked", "failed")


class LostCaller(msgspec.Struct, frozen=True, kw_only=True):
    """One caller (E.164), and what is known of the tries since the last talk with us, or since somebody saw to it.

    `department`, `site` and `queue` are those of the last try, `longest_wait_seconds` of all of them; None where there
    is none. `left_message`: there is one in a box; whether anybody has heard it is not known.
    """

    caller: str
    tries: int
    first_at: datetime
    last_at: datetime
    longest_wait_seconds: float | None
    department: str | None
    site: str | None
    queue: str | None
    left_message: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """`callers` with the one who has waited longest for us first; `withheld` calls cannot be called back.

    Nor can those whose number was `purged`, of whom nobody knows whether they have reached anybody since.
    A caller who was forgotten since is one of them, under a mark in the number's place.
    """

    callers: tuple[LostCaller, ...]
    withheld: int
    purged: int = 0


def lost_callers(
    calls: Iterable[CallRecord],
    seen_to: Mapping[str, datetime],
    *,
    short_seconds: float = SHORT_SECONDS,
) -> Lost:
    """Who is still to be called back.

    `calls` in the order of their arrival; `seen_to` says of a caller until when all is seen to. Who hung up after
    waiting at most `short_seconds` hardly meant to wait and is not on the list for that. Tests' calls are left out.
    """
    found: dict[str, LostCaller] = {}
    withheld = purged = 0
    for call in calls:
        if call.test or call.disposition is None:
            continue
        caller = call.caller
        if caller is None:
            withheld += _is_lost(call, short_seconds)
        elif caller == PURGED:
            purged += _is_lost(call, short_seconds)
        elif call.disposition == "answered":
            found.pop(caller, None)
        elif caller in seen_to and call.arrived_at <= seen_to[caller]:
            continue
        elif _is_lost(call, short_seconds):
            found[caller] = _once_more(found.get(caller), caller, call)
        elif call.disposition == "voicemail" and caller in found:
            found[caller] = msgspec.structs.replace(found[caller], left_message=True)
    return Lost(tuple(sorted(found.values(), key=lambda one: one.first_at)), withheld, purged)


def _is_lost(call: CallRecord, short_seconds: float) -> bool:
    was_hurried = (
        call.disposition == "abandoned"
        and call.wait_seconds is not None
        and call.wait_seconds <= short_seconds
    )
    return call.disposition in LOST_DISPOSITIONS and not was_hurried


def _once_more(before: LostCaller | None, caller: str, call: CallRecord) -> LostCaller:
    waits = [call.wait_seconds, before.longest_wait_seconds if before else None]
    return LostCaller(
        caller=caller,
        tries=1 + (before.tries if before else 0),
        first_at=before.first_at if before else call.arrived_at,
        last_at=call.arrived_at,
        longest_wait_seconds=max((wait for wait in waits if wait is not None), default=None),
        department=call.department,
        site=call.site,
        queue=call.queue,
        left_message=before.left_message if before else False,
    )
