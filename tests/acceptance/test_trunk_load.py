"""Load over a trunk that registers, as `python -m bench.trunk` places it, but short."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.trunk import load_over_trunk

pytestmark = [pytest.mark.real, pytest.mark.alone]

CALLS = 60


async def test_no_call_fails_at_ten_a_second_over_a_trunk_that_registers(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    load = await load_over_trunk(tmp_path, sipp_argv, calls=CALLS, rate_per_second=10)

    assert (load.successful, load.failed) == (CALLS, 0), load.failures
    assert load.dispositions == {"answered": CALLS}
    assert load.over_trunk == CALLS
