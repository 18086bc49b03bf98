"""What the acceptance tests share: real programs, found or fetched once."""

from __future__ import annotations

import pytest

from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp


@pytest.fixture(scope="session")
def sipp_argv() -> tuple[str, ...]:
    """How to start SIPp."""
    return find_sipp(cache_folder(), print)
