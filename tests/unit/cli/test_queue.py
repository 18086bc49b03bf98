"""What is written after `ivr queue NAME`, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from ivr.cli.queue import asked_for, estimate_told, present_told
from ivr.control import PresentEstimate, PresentQueue, QueueAsked


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


@pytest.mark.parametrize(
    ("estimate", "told"),
    [
        (
            PresentEstimate(),
            "0 measured, too few to say what they are worth; no say_wait, callers hear none",
        ),
        (
            PresentEstimate(measured=3, allowed_error_seconds=60.0),
            "3 measured, too few to say what they are worth; right_within is 60 s, callers hear none for now",
        ),
        (
            PresentEstimate(measured=20, mean_error_seconds=74.4, allowed_error_seconds=60.0),
            "wrong by 74 s in the mean of the last 20; right_within is 60 s, callers hear none for now",
        ),
        (
            PresentEstimate(
                measured=20, mean_error_seconds=34.4, allowed_error_seconds=60.0, told=True
            ),
            "wrong by 34 s in the mean of the last 20; right_within is 60 s, callers hear them",
        ),
    ],
)
def test_it_is_told_what_the_estimates_are_worth(estimate: PresentEstimate, told: str) -> None:
    queue = PresentQueue(
        name="main", waiting=0, talking=0, signed_in=0, available=0, estimate=estimate
    )

    assert estimate_told(queue) == f"wait estimates: {told}"


def test_a_queue_that_is_closed_by_hand_is_opened_as_a_queue() -> None:
    closed = PresentQueue(
        name="bergen",
        waiting=1,
        talking=0,
        signed_in=2,
        available=1,
        closed_until=datetime(2026, 11, 23, 14, tzinfo=UTC),
    )

    assert present_told(closed) == (
        "bergen: 1 waiting, 0 talking, 1 of 2 agents free; "
        "closed by hand, `ivr open queue bergen` opens it"
    )
