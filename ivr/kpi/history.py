"""Figures of folded history: the same rows that the calls would give, to the last digit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from ivr.kpi.cells import APART, Apart, FoldedCalls, FoldedFirstCalls, FoldedOffers, Grain, sums_in
from ivr.kpi.offers import WAITED, OfferSums
from ivr.kpi.repeats import Repeats, last_ripe_day
from ivr.kpi.rows import EVERYTHING, By, Figures, Only, Terms, week_name
from ivr.kpi.tally import Tally
from ivr.records.record import VisitOutcome


def grain_for(by: By, only: Only) -> Grain | None:
    """Where such figures are kept; None where only the calls themselves know them."""
    is_placed = only.site is not None or only.department is not None or by in {"site", "department"}
    is_timed = by in {"hour", "quarter"}
    if by == "agent" or only.agent is not None:
        return None if is_placed or is_timed else "agent"
    if is_timed:
        return None if is_placed else "quarter"
    return "day"


def apart_for(by: By) -> tuple[Apart, ...]:
    """What has to be told apart for such rows."""
    if by in {"day", "week"}:
        return ("day",)
    if by in {"hour", "quarter"}:
        return ("quarter",)
    return tuple(name for name in APART if name == by)


def figures_of_history(
    offers: Iterable[FoldedOffers],
    calls: Iterable[FoldedCalls],
    by: By,
    terms: Terms,
    only: Only = EVERYTHING,
) -> Figures:
    """What `figures` says of the calls, from what is kept of them by the grain of `grain_for`.

    `offers` hold no others than those of `only`, its outcome aside.
    """
    found = Figures({}, Tally(terms.short_seconds), Counter())
    for one in calls if only == EVERYTHING else ():
        found.calls[one.disposition] += one.calls
    groups: dict[tuple[str | None, str, str], list[FoldedOffers]] = defaultdict(list)
    name_of, closed = _NAMES[by], terms.closed
    for offer in offers:
        month = offer.day[:7]
        groups[name_of(offer), offer.queue, month if month in closed else ""].append(offer)
    for (name, queue, month), kept in groups.items():
        sums = sums_in(*kept)
        if only.outcome is not None:
            sums = _of_outcome(sums, only.outcome, terms.short(month))
        if not sums.is_nothing:
            row = found.rows.setdefault(name, Tally(terms.short_seconds))
            terms.count(sums, queue, month, row, found.total)
    return found


def repeats_of_history(kept: Iterable[FoldedFirstCalls], today: date) -> Repeats:
    """What `repeats` says of the calls."""
    ripe = last_ripe_day(today).isoformat()
    first_calls = repeated = not_ripe = 0
    for one in kept:
        if one.day > ripe:
            not_ripe += one.first_calls
        else:
            first_calls += one.first_calls
            repeated += one.repeated
    return Repeats(first_calls, repeated, not_ripe)


def _of_outcome(sums: OfferSums, outcome: VisitOutcome, short_seconds: float) -> OfferSums:
    """Only those that ended so."""
    if outcome == "answered":
        return OfferSums(
            Counter({outcome: sums.outcomes[outcome]}),
            {outcome: sums.waits[outcome]} if outcome in sums.waits else {},
            sums.wait_ms,
            sums.talks,
            sums.talk_ms,
        )
    kind: VisitOutcome = "abandoned" if outcome == "abandoned_short" else outcome
    count, waits = sums.outcomes[kind], sums.waits.get(kind, Counter())
    if kind == "abandoned":
        short = Counter({wait: n for wait, n in waits.items() if wait <= short_seconds})
        is_short = outcome == "abandoned_short"
        count = short.total() if is_short else count - short.total()
        waits = short if is_short else waits - short
    return OfferSums(Counter({kind: count}), {kind: waits} if kind in WAITED else {})


_NAMES: Mapping[By, Callable[[FoldedOffers], str | None]] = {
    "queue": lambda one: one.queue,
    "site": lambda one: one.site or None,
    "department": lambda one: one.department or None,
    "agent": lambda one: one.agent,
    "day": lambda one: one.day,
    "week": lambda one: week_name(date.fromisoformat(one.day)),
    "month": lambda one: one.day[:7],
    "hour": lambda one: one.quarter[:2],
    "quarter": lambda one: one.quarter,
}
