"""Agents of whom a third refuse, do not answer, hang up at once or vanish: no call and no agent is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.misbehaving import Ports, Size, misbehave
from tests.acceptance.serving import addresses
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.long]


async def test_every_call_ends_in_one_outcome_and_nobody_is_stuck(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    size, ports = Size(agents=12, rate=2.0, seconds=15.0), Ports((SIP, MEDIA), (SIP, MEDIA))

    with addresses() as at:
        found = await misbehave(sipp_argv, tmp_path, size, at, ports)

    assert found.faults == []
    assert found.outcomes.total() == 30
    assert found.outcomes["answered"] >= 20
