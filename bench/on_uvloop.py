"""What is measured runs on the loop that the server runs on, and ends what it started also when it is interrupted."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import click
import uvloop

from ivr.ending import run_and_clear_up

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises. Raises KeyboardInterrupt."""
    return run_and_clear_up(
        work,
        stopping=lambda: click.echo("stopping what was started; some seconds more"),
        loop_factory=uvloop.new_event_loop,
    )
