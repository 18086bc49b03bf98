"""`ivr agents log`: what a change is called there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.cli.agents_log import happened
from ivr.records.agents import AgentChange, AgentChangeKind


@pytest.mark.parametrize(
    ("kind", "phone", "told"),
    [
        ("sat_down", "kitchen", "sat down at kitchen"),
        ("sat_down", None, "back at their own phone"),
        ("phone_came", "kitchen", "phone came"),
    ],
)
def test_who_goes_back_has_not_sat_down(
    kind: AgentChangeKind, phone: str | None, told: str
) -> None:
    change = AgentChange(
        agent="kari",
        seq=1,
        at=datetime(2026, 11, 27, tzinfo=UTC),
        kind=kind,
        before="available",
        state="available",
        phone=phone,
    )
    assert happened(change) == told
