"""Who is barred, for how long, and how much is said of it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.server.strangers import (
    BARRED_FOR,
    MOST_ADDRESSES,
    MOST_LINES_A_MINUTE,
    STRANGE_A_MINUTE,
    TOLD_FOR,
    WRONG_A_MINUTE,
    Strangers,
)
from tests.clocks import HandClock

HERE = "192.0.2.7"


def met() -> tuple[Strangers, HandClock]:
    clock = HandClock()
    return Strangers(clock), clock


def test_ten_wrong_passwords_within_a_minute_are_beyond_and_nine_are_not() -> None:
    strangers, _ = met()

    for _ in range(WRONG_A_MINUTE - 1):
        strangers.wrong_password(HERE)
    before = strangers.beyond()
    strangers.wrong_password(HERE)

    assert before == ()
    assert strangers.beyond() == (HERE,)


def test_a_phone_with_a_mistyped_password_that_tries_every_ten_seconds_is_never_beyond() -> None:
    strangers, clock = met()

    for _ in range(1000):
        strangers.wrong_password(HERE)
        clock.at += timedelta(seconds=10)
        assert strangers.beyond() == ()


def test_somebody_unknown_has_more_tries_than_somebody_who_guesses() -> None:
    strangers, _ = met()

    for _ in range(STRANGE_A_MINUTE - 1):
        strangers.refused(HERE)
    before = strangers.beyond()
    strangers.refused(HERE)

    assert before == ()
    assert strangers.beyond() == (HERE,)


def test_who_is_barred_is_let_in_after_a_while_however_much_is_tried_meanwhile() -> None:
    strangers, clock = met()
    strangers.bar(HERE)

    for _ in range(9):
        clock.at += BARRED_FOR / 10
        strangers.refused_while_barred(HERE)
        assert strangers.over() == ()
    clock.at += BARRED_FOR / 10

    assert strangers.over() == (HERE,)
    strangers.spare(HERE)
    assert (strangers.over(), strangers.barred(), strangers.beyond()) == ((), (), ())


def test_who_is_spared_begins_anew() -> None:
    strangers, _ = met()
    for _ in range(WRONG_A_MINUTE):
        strangers.wrong_password(HERE)

    strangers.spare(HERE)

    assert strangers.beyond() == ()


@given(st.lists(st.integers(min_value=0, max_value=3 * MOST_ADDRESSES), max_size=3000))
def test_no_flood_of_addresses_is_remembered_without_bound_and_none_stays_barred_unseen(
    numbers: list[int],
) -> None:
    strangers, _ = met()
    in_force: set[str] = set()
    for number in numbers:
        address = f"10.{number >> 8}.{number & 255}.1"
        strangers.bar(address)
        in_force.add(address)
        for over in strangers.over():
            strangers.spare(over)
            in_force.discard(over)

    assert {one.address for one in strangers.barred()} == in_force
    assert len(in_force) <= MOST_ADDRESSES


def test_the_quiet_are_forgotten_before_the_barred() -> None:
    strangers, _ = met()
    strangers.bar(HERE)

    for number in range(MOST_ADDRESSES + 5):
        strangers.refused(f"10.0.{number >> 8}.{number & 255}")

    assert [one.address for one in strangers.barred()] == [HERE]
    assert strangers.over() == ()


def test_a_line_a_minute_is_said_of_an_address_and_not_many_of_all() -> None:
    strangers, clock = met()

    first = [strangers.wrong_password(HERE) for _ in range(1000)]
    others = [strangers.refused(f"10.0.{one >> 8}.{one & 255}") for one in range(1000)]
    clock.at += timedelta(minutes=1)

    assert first.count(True) == 1
    assert others.count(True) == MOST_LINES_A_MINUTE - 1
    assert strangers.wrong_password(HERE)


def test_those_of_the_last_half_hour_are_told_the_latest_first() -> None:
    strangers, clock = met()
    strangers.refused("192.0.2.1")
    clock.at += TOLD_FOR + timedelta(seconds=1)
    strangers.refused("192.0.2.2")
    strangers.wrong_password("192.0.2.3")

    assert [one.address for one in strangers.lately()] == ["192.0.2.3", "192.0.2.2"]


def test_a_clock_that_is_set_back_makes_no_slow_tries_many_and_bars_nobody_for_longer() -> None:
    strangers, clock = met()
    for _ in range(WRONG_A_MINUTE - 1):
        strangers.wrong_password(HERE)
        clock.at += timedelta(seconds=10)
    strangers.wrong_password("192.0.2.8")
    strangers.bar("192.0.2.8")
    clock.at -= timedelta(hours=1)

    strangers.wrong_password(HERE)

    assert strangers.beyond() == ()
    assert strangers.over() == ("192.0.2.8",)


def test_after_a_clock_was_set_back_whoever_guesses_is_barred_and_told_as_ever() -> None:
    strangers, clock = met()
    assert strangers.wrong_password(HERE)
    clock.at -= timedelta(hours=1)

    told = [strangers.wrong_password(HERE) for _ in range(WRONG_A_MINUTE)]

    assert strangers.beyond() == (HERE,)
    assert told == [True] + [False] * (WRONG_A_MINUTE - 1)
