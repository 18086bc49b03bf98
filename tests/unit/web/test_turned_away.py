"""A flood of refused requests is a line a minute."""

from __future__ import annotations

from structlog.testing import capture_logs

from ivr.observe import Counts
from ivr.web.turned_away import QUIET_SECONDS, TurnedAway


def test_a_kind_of_refusal_is_told_once_a_minute_with_how_many_there_were() -> None:
    now = 0.0
    turned_away = TurnedAway(counts := Counts(), lambda: now)

    with capture_logs() as lines:
        for _ in range(1000):
            turned_away.tell("bad-request")
        turned_away.tell("too-slow")
        now = QUIET_SECONDS
        turned_away.tell("bad-request")
        turned_away.tell("bad-request")

    assert [(line["code"], line["times"]) for line in lines] == [
        ("bad-request", 1),
        ("too-slow", 1),
        ("bad-request", 1000),
    ]
    assert counts["web_refused"] == 1003
