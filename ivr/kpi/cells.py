"""History folded by days, quarters of an hour and agents: a year is told from it without looking at its calls.

A call belongs to the day and the quarter of an hour in which it arrived, as the centre's clock showed then. What a call
adds here is only sums of whole numbers, so it does not matter in what order calls end, and it can be taken away again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec

from ivr.kpi.offers import WAITED, OfferSums
from ivr.kpi.repeats import CallerArrival, first_calls_among
from ivr.kpi.rows import quarter_name
from ivr.kpi.satisfaction import Scores, SurveyKey, surveys_by_key
from ivr.records.record import CallRecord, Disposition, VisitOutcome
from ivr.records.removals import PURGED

FOLD_VERSION = 5
"""Of what is counted below. What another version has folded is folded anew when a server opens it."""

Grain = Literal["day", "quarter", "agent"]
"""Offers of a day by queue, site and department; of a quarter of an hour by queue; of a day by agent and queue."""


Apart = Literal["day", "quarter", "site", "department", "agent"]
"""What offers may be told apart by, beside the month and the queue."""

APART: tuple[Apart, ...] = get_args(Apart)


class OfferKey(NamedTuple):
    """Where an offer is counted. What a grain does not tell apart, or a call has none of, is empty."""

    day: str
    quarter: str = ""
    queue: str = ""
    site: str = ""
    department: str = ""
    agent: str = ""


class FoldedOffers(msgspec.Struct, frozen=True, gc=False):
    """What is kept of the offers of one key. `waits_…` are texts of waits_text; `abandoned` has the short ones."""

    day: str
    quarter: str
    queue: str
    site: str
    department: str
    agent: str
    answered: int
    abandoned: int
    overflowed: int
    callback: int
    exit_key: int
    system_dropped: int
    blocked: int
    closed: int
    wait_ms: int
    talks: int
    talk_ms: int
    waits_answered: str
    waits_abandoned: str
    waits_overflowed: str
    waits_callback: str
    waits_exit_key: str
    waits_system_dropped: str
    waits_blocked: str


class FoldedCalls(msgspec.Struct, frozen=True, gc=False):
    """Calls of one day, site and department that ended alike. No site, or no department, is empty."""

    day: str
    site: str
    department: str
    disposition: Disposition
    calls: int


class FoldedPath(msgspec.Struct, frozen=True, gc=False):
    """Calls of one day that took the same way (see PathTaken) and ended alike."""

    day: str
    path: str
    disposition: Disposition
    calls: int


class FoldedFirstCalls(msgspec.Struct, frozen=True, gc=False):
    """First calls of one day, site and department, and how many of them were followed by another. See Repeats."""

    day: str
    site: str
    department: str
    first_calls: int
    repeated: int


COUNTED: tuple[VisitOutcome, ...] = (*WAITED, "closed")


def local_arrival(record: CallRecord) -> datetime:
    """When the call arrived by the centre's own clock, as it was set then; UTC where that is not known."""
    return by_the_clock(record.arrived_at, record.call_time)


def by_the_clock(arrived_at: datetime, call_time: str) -> datetime:
    """The same, of the two as they are kept."""
    try:
        zone = datetime.fromisoformat(call_time).tzinfo
    except ValueError:
        zone = None
    return arrived_at if zone is None else arrived_at.astimezone(zone)


def offers_by_key(
    record: CallRecord, times: int = 1
) -> Iterator[tuple[Grain, OfferKey, OfferSums]]:
    """What an ended call adds to the folded offers; `times` is -1 to take it away. Of a test: nothing."""
    if record.test or not record.visits:
        return
    arrived = local_arrival(record)
    day, quarter = arrived.date().isoformat(), quarter_name(arrived)
    site, department = record.site or "", record.department or ""
    for visit in record.visits:
        if visit.outcome is None:
            continue
        sums = OfferSums()
        sums.count(visit, times)
        yield "day", OfferKey(day, queue=visit.queue, site=site, department=department), sums
        yield "quarter", OfferKey(day, quarter, visit.queue), sums
        if visit.agent is not None:
            yield "agent", OfferKey(day, queue=visit.queue, agent=visit.agent), sums


def folded_offers(key: OfferKey, sums: OfferSums) -> FoldedOffers:
    """As it is kept."""
    outcomes, waits = sums.outcomes, sums.waits
    return FoldedOffers(
        *key,
        outcomes["answered"],
        outcomes["abandoned"],
        outcomes["overflowed"],
        outcomes["callback"],
        outcomes["exit_key"],
        outcomes["system_dropped"],
        outcomes["blocked"],
        outcomes["closed"],
        sums.wait_ms,
        sums.talks,
        sums.talk_ms,
        waits_text(waits.get("answered", {})),
        waits_text(waits.get("abandoned", {})),
        waits_text(waits.get("overflowed", {})),
        waits_text(waits.get("callback", {})),
        waits_text(waits.get("exit_key", {})),
        waits_text(waits.get("system_dropped", {})),
        waits_text(waits.get("blocked", {})),
    )


def sums_in(*kept: FoldedOffers) -> OfferSums:
    """What they have together."""
    sums = OfferSums()
    for one in kept:
        for outcome in COUNTED:
            sums.outcomes[outcome] += getattr(one, outcome)
        sums.wait_ms += one.wait_ms
        sums.talks += one.talks
        sums.talk_ms += one.talk_ms
    for outcome in WAITED:
        waits = waits_in(getattr(one, f"waits_{outcome}") for one in kept)
        if waits:
            sums.waits[outcome] = waits
    return sums


def waits_text(waits: Mapping[int, int]) -> str:
    """`0:12 7:1`: twelve waited 0 s and one up to 7 s. In order, so that the same waits are the same text."""
    return " ".join(f"{seconds}:{waits[seconds]}" for seconds in sorted(waits) if waits[seconds])


def waits_in(texts: Iterable[str]) -> Counter[int]:
    """The waits of all these texts together."""
    found: Counter[int] = Counter()
    for part, times in Counter(" ".join(texts).split()).items():
        seconds, _, count = part.partition(":")
        found[int(seconds)] += int(count) * times
    return found


class Folded:
    """Calls folded in memory: what a store is to keep of them."""

    def __init__(self, records: Iterable[CallRecord] = ()) -> None:
        self.offers: dict[Grain, dict[OfferKey, OfferSums]] = {
            "day": {},
            "quarter": {},
            "agent": {},
        }
        self.calls: Counter[tuple[str, str, str, Disposition]] = Counter()
        self.paths: Counter[tuple[str, str, Disposition]] = Counter()
        self.first_calls: Counter[tuple[str, str, str]] = Counter()
        self.repeated: Counter[tuple[str, str, str]] = Counter()
        self.surveys: dict[SurveyKey, Scores] = {}
        arrivals: dict[tuple[str, str], list[CallerArrival]] = {}
        for record in records:
            self.take(record)
            if (who := caller_of(record)) is not None:
                arrivals.setdefault(who, []).append(arrival_of(record))
        for several in arrivals.values():
            several.sort()
            for arrival, is_repeated in first_calls_among(several):
                self.first_calls[arrival.place] += 1
                self.repeated[arrival.place] += is_repeated

    def take(self, record: CallRecord, times: int = 1) -> None:
        """Add an ended call, but for whether its caller called before; `times` is -1 to take it away."""
        if record.test or record.disposition in {None, "own_call"}:
            return
        for grain, key, sums in offers_by_key(record, times):
            self.offers[grain].setdefault(key, OfferSums()).add(sums)
        day = local_arrival(record).date().isoformat()
        place = (day, record.site or "", record.department or "")
        self.calls[*place, record.disposition] += times
        if record.path is not None:
            self.paths[day, record.path, record.disposition] += times
        self.take_surveys(record, times)

    def take_surveys(self, record: CallRecord, times: int = 1) -> None:
        """Of a call, only what its caller was asked after talks."""
        if record.surveys:
            day = local_arrival(record).date().isoformat()
            for key, scores in surveys_by_key(record, day, times):
                self.surveys.setdefault(key, Scores()).add(scores)


def caller_of(record: CallRecord) -> tuple[str, str] | None:
    """Who called which department; None where that cannot be told, or the call is a test's."""
    if record.department is None or record.test or record.caller in {None, PURGED}:
        return None
    return str(record.caller), record.department


def arrival_of(record: CallRecord) -> CallerArrival:
    """When and where it counts as a first call."""
    day = local_arrival(record).date().isoformat()
    return CallerArrival(
        record.arrived_at, record.call_id, (day, record.site or "", record.department or "")
    )
