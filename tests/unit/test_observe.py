"""What libraries log is a line of ours."""

from __future__ import annotations

import io
import json
import logging

import pytest

from ivr.observe import start_logging

SECRET = "+4799887766"


@pytest.fixture
def lines() -> io.StringIO:
    text = io.StringIO()
    start_logging(text, as_json=True)
    return text


def test_a_librarys_traceback_is_one_line_without_the_errors_text(lines: io.StringIO) -> None:
    try:
        int(SECRET + "x")
    except ValueError:
        logging.getLogger("asyncio").exception("Task failed\n%s", SECRET)
    logging.getLogger("aiohttp").info("nothing of importance")

    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert (told["library"], told["says"], told["error"]) == (
        "asyncio",
        "Task failed",
        "ValueError",
    )
    assert "test_observe.py" in told["where"]
    assert SECRET not in line
