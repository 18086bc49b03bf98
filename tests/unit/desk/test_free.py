"""Who is free for a caller who has no place yet, as the rules ask where a queue is full."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ivr.desk import Desk
from ivr.rules.decision import Facts, WaitedBefore
from ivr.rules.load import load_rules

RULES = load_rules(
    b"""
version: 1
languages: [nb, en]
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, widen_after: 30s, while_waiting: [{after: 5m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [a], languages: [nb]}
  ola: {phone: ola, queues: [a], languages: [en]}
""",
    "rules.yaml",
)[0]
NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)


async def test_who_comes_back_after_a_long_wait_is_asked_for_as_one_who_has_waited_so_long() -> (
    None
):
    desk, queue = Desk(RULES), RULES.queues["a"]
    for name in ("kari", "ola"):
        desk.phone_changed(name, is_reachable=True)
    desk.phone_changed("ola", is_reachable=True, is_in_own_call=True)
    free, new = desk.free_for("1"), Facts(NOON, None, language="en")
    assert not free.would_take(queue, new), "ola is there, who speaks it"

    early, late = (
        replace(new, waited_before={"a": WaitedBefore(NOON - timedelta(seconds=seconds))})
        for seconds in (29, 31)
    )

    assert (free.would_take(queue, early), free.would_take(queue, late)) == (False, True)
