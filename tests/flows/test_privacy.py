"""Logs can be read aloud: no caller's number in clear, no key; and they say which rule sent a call where it went."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest

from ivr.observe import start_logging
from tests.flows.conftest import ASKING

BERGEN = "+47 55 30 10 00: {name: Bergen, site: bergen, to: menu main}"
ENGLISH = "9: {language: en, to: menu main}"


@pytest.fixture
def log_lines() -> io.StringIO:
    """What this test logs."""
    lines = io.StringIO()
    start_logging(lines, level=logging.DEBUG, as_json=True)
    return lines


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


async def test_the_log_names_the_rule_that_decided_and_its_line(
    log_lines: io.StringIO, switchboard: Any
) -> None:
    await switchboard.signs_in("kari", busy=True)
    caller = switchboard.asterisk.ring("+4798765432", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("9")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(150)  # past the overflow
    caller.hangs_up()
    await asyncio.sleep(5)

    lines = map(json.loads, log_lines.getvalue().splitlines())
    told = [
        (line["why"], line["facts"].get("menu"), line["rule"])
        for line in lines
        if line["event"] == "call routed"
    ]
    where = {text.strip(): number for number, text in enumerate(ASKING.splitlines(), 1)}
    migrated = "kundeservice: {local: queue bergen, migrated: 2025-03-01}"
    waits = "while_waiting: [{after: 2m, to: queue bergen}]"
    assert told[:4] == [
        ("dialled", None, f"rules.yaml:{where[BERGEN]}"),
        ("chose", "main", f"rules.yaml:{where[ENGLISH]}"),
        ("national_since", None, f"rules.yaml:{where[migrated]}"),
        ("waited_so_long", None, f"rules.yaml:{where[waits]}"),
    ]


def _without_digits_of_ours(line: str) -> str:
    """The line without its time and our ids, in which any four digits may come by chance."""
    ours = {"timestamp", "call_id", "channel"}
    kept = {name: value for name, value in json.loads(line).items() if name not in ours}
    return json.dumps(kept, ensure_ascii=False)
