"""Places in line, and which of them are told."""

from __future__ import annotations

from ivr.queues.line import ToldPlaces, place_among
from ivr.queues.offers import WaitingCaller

LINE = [
    WaitingCaller("late", "bergen", since=30.0),
    WaitingCaller("early", "bergen", since=10.0),
    WaitingCaller("hospital", "bergen", since=40.0, priority=1),
    WaitingCaller("elsewhere", "oslo", since=1.0),
]


def test_who_is_first_in_line_stands_before_who_has_waited_longest() -> None:
    assert [place_among(LINE, one) for one in ("hospital", "early", "late")] == [1, 2, 3]


def test_who_waits_in_another_queue_is_in_nobodys_way() -> None:
    assert place_among(LINE, "elsewhere") == 1


def test_who_does_not_wait_is_next() -> None:
    assert place_among(LINE, "nobody") == place_among([], "nobody") == 1


def test_of_two_who_came_at_once_only_one_is_first() -> None:
    twins = [WaitingCaller(name, "bergen", since=5.0) for name in ("b", "a")]

    assert sorted(place_among(twins, name) for name in ("a", "b")) == [1, 2]


def test_the_place_that_is_told_only_ever_goes_down() -> None:
    told = ToldPlaces()

    heard = [told.next("bergen", place) for place in (3, 3, 4, 5, 3, 2, 3, 1)]

    assert heard == [3, 3, None, None, 3, 2, None, 1]


def test_another_queue_is_another_line() -> None:
    told = ToldPlaces()

    assert told.next("bergen", 1) == 1
    assert told.next("oslo", 7) == 7
