"""What `/health` says of a PostgreSQL that takes nothing, and what the doctor makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.diagnosis.server import HealthTold, running
from ivr.records.journal import RelayState
from ivr.server.journal import relay_problems

SINCE = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mend", "said"),
    [
        ("start PostgreSQL, or put it right", "start PostgreSQL, or put it right"),
        (None, "do what it says"),
    ],
)
def test_what_is_not_sent_ends_with_its_mend_as_the_doctor_shows_it(
    mend: str | None, said: str
) -> None:
    relay = RelayState(
        to="postgresql://x", behind=7, failing_since=SINCE, last_error="it is away", mend=mend
    )

    (problem,) = relay_problems(relay)
    told = HealthTold(status="degraded", version="1", asterisk="22", problems=(problem,))
    (symptom,) = (one for one in running(told) if one.subject == "health")

    assert "7 changes wait" in symptom.says
    assert symptom.mend.startswith(said)


def test_a_store_that_takes_what_comes_is_no_problem() -> None:
    assert relay_problems(None) == []
    assert relay_problems(RelayState(to="postgresql://x", behind=3, behind_seconds=0.2)) == []
