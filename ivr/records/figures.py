"""A line of figures for each queue, from call records. Pure.

The outcomes are counted apart, one for each visit. Sums are divided by counts, never means of
means, and where nothing was counted there is no figure: an empty queue has no service level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from ivr.records.record import CallRecord, QueueVisit


class QueueFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in one queue.

    `offered` counts the callers who were to be answered here: all but the blocked ones. Those whom
    we or the network lost are among them, because they were not served. `within_target` counts
    those answered within `target_seconds`, and `service_level` is their share of the offered (0 to
    1; COPC-style); both are None for a queue without a target. `mean_wait_seconds` is of those who
    were answered, `longest_wait_seconds` of all who waited.
    """

    queue: str
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    abandoned_short: int = 0
    overflowed: int = 0
    system_dropped: int = 0
    blocked: int = 0
    target_seconds: float | None = None
    within_target: int | None = None
    service_level: float | None = None
    mean_wait_seconds: float | None = None
    longest_wait_seconds: float | None = None


def queue_figures(
    records: Iterable[CallRecord],
    targets: Mapping[str, float],
    *,
    with_tests: bool = False,
) -> tuple[QueueFigures, ...]:
    """Figures for each queue that is visited or has a target, by name.

    `targets` are the seconds within which each queue is to answer. Calls whose facts were set by a
    test are counted only where `with_tests`; waits that are not over, not at all.
    """
    visits: dict[str, list[QueueVisit]] = {queue: [] for queue in targets}
    for record in records:
        if record.test and not with_tests:
            continue
        for visit in record.visits:
            if visit.outcome is not None:
                visits.setdefault(visit.queue, []).append(visit)
    return tuple(_of_queue(queue, visits[queue], targets.get(queue)) for queue in sorted(visits))


def _of_queue(queue: str, visits: list[QueueVisit], target: float | None) -> QueueFigures:
    outcomes = [visit.outcome for visit in visits]
    blocked = outcomes.count("blocked")
    offered = len(outcomes) - blocked
    waits = [visit.wait_seconds for visit in visits if visit.wait_seconds is not None]
    answered_waits = [
        visit.wait_seconds
        for visit in visits
        if visit.outcome == "answered" and visit.wait_seconds is not None
    ]
    within = None if target is None else sum(wait <= target for wait in answered_waits)
    return QueueFigures(
        queue=queue,
        offered=offered,
        answered=outcomes.count("answered"),
        abandoned=outcomes.count("abandoned"),
        abandoned_short=outcomes.count("abandoned_short"),
        overflowed=outcomes.count("overflowed"),
        system_dropped=outcomes.count("system_dropped"),
        blocked=blocked,
        target_seconds=target,
        within_target=within,
        service_level=within / offered if within is not None and offered else None,
        mean_wait_seconds=sum(answered_waits) / len(answered_waits) if answered_waits else None,
        longest_wait_seconds=max(waits, default=None),
    )
