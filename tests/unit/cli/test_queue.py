"""What is written after `ivr queue NAME`, and what it means."""

from __future__ import annotations

import click
import pytest

from ivr.cli.queue import asked_for
from ivr.control import QueueAsked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("move 01m8 oslo", QueueAsked(act="move", call="01m8", queue="bergen", to="oslo", why="x")),
        ("pull 01m8", QueueAsked(act="move", call="01m8", to="bergen", why="x")),
        ("front 01m8", QueueAsked(act="front", call="01m8", queue="bergen", why="x")),
    ],
)
def test_words_are_what_is_asked(words: str, asked: QueueAsked) -> None:
    assert asked_for("bergen", tuple(words.split()), "x") == asked


@pytest.mark.parametrize("words", ["move 01m8", "front", "close", "pull 01m8 oslo"])
def test_other_words_are_answered_with_those_that_can_be_written(words: str) -> None:
    with pytest.raises(click.UsageError, match="write one of: move CALL QUEUE, pull CALL"):
        asked_for("bergen", tuple(words.split()), "")
