"""The present, gathered: which queues are closed by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.desk import Desk
from ivr.rules.decision import Override
from ivr.rules.load import load_rules
from ivr.server.present import Gatherer
from ivr.server.under_way import CallsUnderWay
from ivr.store.memory_journal import MemoryJournal
from tests.unit.desk.test_desk import RULES

NOW = datetime(2026, 11, 27, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class StoppedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


async def test_a_queue_that_is_closed_by_hand_says_until_when() -> None:
    rules = load_rules(RULES.encode(), "rules.yaml")[0]
    closed = (
        Override("queue", "bergen", LATER),
        Override("queue", "kundeservice", NOW),  # over
        Override("site", "bergen", LATER),
    )
    clock = StoppedClock()
    gatherer = Gatherer(
        Desk(rules),
        CallsUnderWay(MemoryJournal(clock=clock), clock),
        lambda: rules,
        clock,
        lambda: closed,
    )

    assert {one.name: one.closed_until for one in gatherer.present().queues} == {
        "kundeservice": None,
        "bergen": LATER,
    }
