"""What a soak finds to be well, and what not."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from bench.run import Measured
from bench.soak import Look, Soaked, verdicts

MEASURED = Measured(
    side="ivr",
    rate=20.0,
    seconds=600.0,
    calls=12_000,
    failed=0,
    faults=(),
    asterisk_ms=1.0,
    server_ms=1.0,
    set_up=(),
    key_to_sound=(),
    answer_to_bridged=(),
    at_once=70.0,
    server_rest_bytes=0,
    server_most_bytes=0,
    asterisk_rest_bytes=0,
    asterisk_most_bytes=0,
    others_cores=0.0,
    generator_cores=0.0,
)
WELL = Soaked(looks=[Look(120.0, 34)] * 8, commit_p99=0.004, events=200_000)


def holds(measured: Measured, soaked: Soaked) -> bool:
    return all(verdicts(measured, soaked).values())


def test_nothing_lost_and_nothing_grown_is_well() -> None:
    assert holds(MEASURED, WELL)


@pytest.mark.parametrize(
    "ill",
    [
        replace(WELL, missing=1),
        replace(WELL, doubled=1),
        replace(WELL, open_calls=1),
        replace(WELL, commit_p99=0.006),
        replace(WELL, commit_p99=float("nan")),
        replace(WELL, looks=[Look(120.0 + 10 * n, 34) for n in range(8)]),
        replace(WELL, looks=[Look(120.0, 34 + 4 * n) for n in range(8)]),
    ],
)
def test_each_thing_that_does_not_hold_is_found(ill: Soaked) -> None:
    assert not holds(MEASURED, ill)


def test_a_failed_call_is_found() -> None:
    assert not holds(msgspec.structs.replace(MEASURED, failed=1), WELL)


def test_a_spike_is_no_growth() -> None:
    assert holds(MEASURED, replace(WELL, looks=[*WELL.looks, Look(400.0, 90), *WELL.looks]))
