"""Logs can be read aloud: no caller's number in clear, no key that was no choice."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ivr.observe import start_logging


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    start_logging(lines, level=logging.DEBUG, as_json=True)
    yield lines
    structlog.reset_defaults()


async def test_no_line_of_the_log_holds_a_number_or_a_key(
    log_lines: io.StringIO, switchboard: Any
) -> None:
    await switchboard.signs_in("kari", busy=True)
    caller = switchboard.asterisk.ring("+4798765432", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("8642")
    await caller.hears("no_match")
    caller.keys("1")
    await asyncio.sleep(150)  # past the overflow
    caller.hangs_up()
    await asyncio.sleep(5)
    hidden = switchboard.asterisk.ring("98765432", dialled="+4755301000")
    await hidden.hears("welcome")
    hidden.hangs_up()
    await asyncio.sleep(5)

    told = "".join(map(_without_digits_of_ours, log_lines.getvalue().splitlines()))
    assert "call arrived" in told
    assert "call routed" in told
    assert "call ended" in told
    assert "98765432" not in told
    assert "8642" not in told
    assert "+47…432" in told, "masked, so that two calls of one caller can still be told to be so"


def _without_digits_of_ours(line: str) -> str:
    """The line without its time and our ids, in which any four digits may come by chance."""
    ours = {"timestamp", "call_id", "channel"}
    kept = {name: value for name, value in json.loads(line).items() if name not in ours}
    return json.dumps(kept, ensure_ascii=False)
