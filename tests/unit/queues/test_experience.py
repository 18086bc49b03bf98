"""What is remembered of waits and talks."""

from __future__ import annotations

from random import Random

import pytest

from ivr.queues.experience import (
    LATEST_ERRORS,
    LATEST_TALKS,
    LATEST_WAITS,
    USUAL_TALK_SECONDS,
    Experience,
    MeasuredWait,
    QueueExperience,
    TalkLengths,
)


def test_a_queue_of_which_nothing_is_known_has_usual_talks_and_nobody_gives_up() -> None:
    known = Experience().of("main")

    assert known.lengths().draw(Random(1)) in USUAL_TALK_SECONDS
    assert known.ring_seconds == 5.0
    assert known.leaving_per_second == 0.0
    assert list(known.errors_seconds()) == []


def test_queues_are_known_apart() -> None:
    experience = Experience()

    experience.of("main").rang(50.0)

    assert experience.of("main").ring_seconds > experience.of("other").ring_seconds


def test_only_the_latest_talks_count() -> None:
    known = QueueExperience()
    for seconds in [1.0] * 5 + [300.0] * LATEST_TALKS:
        known.talked(seconds)

    assert set(known.talks) == {300.0}


@pytest.mark.parametrize(("estimated", "waited"), [(60.0, 90.0), (90.0, 60.0)])
def test_an_error_counts_in_either_direction(estimated: float, waited: float) -> None:
    assert MeasuredWait(estimated, waited).error_seconds == 30.0


def test_only_the_latest_errors_count() -> None:
    known = QueueExperience()
    for _ in range(LATEST_ERRORS):
        known.measure(100.0, 40.0)
    known.measure(100.0, 130.0)

    assert list(known.errors_seconds()) == [60.0] * (LATEST_ERRORS - 1) + [30.0]


def test_who_should_have_an_agent_by_now_is_an_error_already() -> None:
    known = QueueExperience()
    known.measure(100.0, 90.0)
    waiting = [MeasuredWait(60.0, 200.0), MeasuredWait(60.0, 30.0)]

    assert list(known.errors_seconds(waiting)) == [10.0, 140.0]
    assert list(known.errors_seconds()) == [10.0]


def test_who_gives_up_makes_it_likely_that_others_do() -> None:
    known = QueueExperience()
    known.waited("patient", 300.0, gave_up=False)
    none = known.leaving_per_second
    known.waited("tired", 60.0, gave_up=True)

    assert none == 0.0
    assert known.leaving_per_second == pytest.approx(1 / (300 + 60 + 120))


def test_who_waits_on_after_all_has_not_given_up() -> None:
    known = QueueExperience()
    known.waited("back", 60.0, gave_up=True)

    known.waits("back")

    assert known.leaving_per_second == 0.0


def test_only_the_latest_waits_count() -> None:
    known = QueueExperience()
    known.waited("first", 60.0, gave_up=True)
    for number in range(LATEST_WAITS):
        known.waited(f"call-{number}", 10.0, gave_up=False)

    assert known.leaving_per_second == 0.0


def test_a_talk_that_has_taken_so_long_is_like_those_that_took_longer() -> None:
    lengths, chance = TalkLengths((10.0, 20.0, 500.0)), Random(1)

    assert {lengths.draw(chance, 30.0) for _ in range(20)} == {470.0}


def test_a_talk_that_is_longer_than_all_before_goes_on_for_about_as_long_as_a_usual_one() -> None:
    lengths, chance = TalkLengths((100.0, 300.0)), Random(1)

    rest = [lengths.draw(chance, 1_000.0) for _ in range(2_000)]

    assert min(rest) > 0.0
    assert sum(rest) / len(rest) == pytest.approx(200.0, rel=0.1)
