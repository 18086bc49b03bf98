"""The golden set: 1,000 answered, 860 of them within 20 s; 60 hung up, 20 within 20 s and 10 of these within 5 s."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.service_level import DEFINITIONS
from ivr.kpi.tally import Tally
from ivr.records.record import QueueVisit, VisitOutcome

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def visit(outcome: VisitOutcome, wait: float | None) -> QueueVisit:
    return QueueVisit(queue="q", entered_at=AT, outcome=outcome, wait_seconds=wait)


def tally(*visits: QueueVisit, within: float = 20.0) -> Tally:
    counted = Tally()
    for one in visits:
        counted.count(one, within)
    return counted


GOLDEN = (
    [visit("answered", 20.0)] * 860
    + [visit("answered", 20.001)] * 140
    + [visit("abandoned", 30.0)] * 40
    + [visit("abandoned", 20.0)] * 10
    + [visit("abandoned_short", 5.0)] * 10
)


@pytest.mark.parametrize(
    ("name", "per_cent"),
    [
        ("answered_only", 86.00),
        ("asterisk_sl2", 83.02),
        ("copc", 81.13),
        ("late_abandons", 82.69),
        ("short_as_met", 82.08),
        ("short_out", 81.90),
        ("abandons_out", 86.00),
        ("connect", 83.02),
    ],
)
def test_golden_set_has_the_published_service_levels(name: str, per_cent: float) -> None:
    share = DEFINITIONS[name].share(tally(*GOLDEN))

    assert share is not None
    assert f"{100 * share:.2f}" == f"{per_cent:.2f}"


def test_those_whom_we_lost_count_in_one_definition_only() -> None:
    without, lost = tally(*GOLDEN), tally(*GOLDEN, *[visit("system_dropped", 1.0)] * 100)

    differ = {name for name, one in DEFINITIONS.items() if one.share(without) != one.share(lost)}

    assert differ == {"copc"}


@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.parametrize("outcome", [None, "blocked", "closed"])
def test_who_was_not_offered_makes_no_service_level(
    name: str, outcome: VisitOutcome | None
) -> None:
    assert DEFINITIONS[name].share(tally(*([visit(outcome, None)] if outcome else []))) is None


ENDED: tuple[VisitOutcome, ...] = (
    "answered",
    "abandoned",
    "abandoned_short",
    "overflowed",
    "system_dropped",
    "blocked",
    "closed",
)


@given(
    st.lists(
        st.builds(visit, st.sampled_from(ENDED), st.none() | st.floats(min_value=0, max_value=600))
    )
)
def test_every_definition_is_a_share_and_every_offer_is_counted_once(
    visits: list[QueueVisit],
) -> None:
    counted = tally(*visits)

    for one in DEFINITIONS.values():
        share = one.share(counted)
        assert share is None or 0.0 <= share <= 1.0, one.name
    apart = counted.outcomes["blocked"] + counted.outcomes["closed"]
    assert counted.offered + apart == len(visits)
