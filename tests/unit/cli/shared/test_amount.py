"""How many of something is said as people say it."""

from __future__ import annotations

import pytest

from ivr.cli.shared.amount import counted


@pytest.mark.parametrize(("count", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_one_is_not_many(count: int, said: str) -> None:
    assert counted(count, "call") == said
