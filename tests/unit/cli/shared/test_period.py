from __future__ import annotations

from datetime import UTC

import click
import pytest

from ivr.cli.shared.period import period_given


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("23.11.2026", "2026-11-23"),
        ("mandag 23. november 2026", "2026-11-23"),
        ("i dag", "today"),
        ("I går", "yesterday"),
        ("last week", "2026-11-23, or today, or yesterday"),
    ],
)
def test_a_day_as_people_say_it_is_answered_with_that_day(written: str, meant: str) -> None:
    with pytest.raises(click.ClickException) as refused:
        period_given(written, None, UTC)

    assert refused.value.message == f"--from {written!r} is not a day; write it as {meant}"
