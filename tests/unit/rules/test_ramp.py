"""A migration that moves callers bit by bit: each caller on one side, always, and the share as written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random

import pytest

from ivr.numbers import PhoneNumber
from ivr.rules.decide.sites import is_national, weigh
from ivr.rules.model import LocalDepartment, Location, Ramp, Target, ToQueue
from ivr.why import OnTheRamp

HERE = Location("rules.yaml", 1, 1, "sites.bergen.departments.faktura")
BEGINS = date(2027, 2, 1)
WEEKLY = Ramp(25, 7)
STEPS = (1, 10, 37, 7919)


@lru_cache
def callers(step: int) -> tuple[PhoneNumber, ...]:
    """10,000 numbers, so far from one to the next."""
    return tuple(PhoneNumber(f"+47{20000000 + n * step}") for n in range(10_000))


def local(ramp: Ramp | None = WEEKLY, path: str = HERE.path) -> LocalDepartment:
    at = replace(HERE, path=path)
    return LocalDepartment(Target(ToQueue("bergen"), HERE), BEGINS, at, HERE, ramp)


def national(day: date, caller: PhoneNumber | None, path: str = HERE.path) -> bool:
    return is_national(local(path=path), day, caller)


@pytest.mark.parametrize(("days", "share"), [(-1, 0), (0, 25), (7, 50), (20, 75), (21, 100)])
@pytest.mark.parametrize("step", STEPS)
def test_the_share_is_right_within_one_per_cent(days: int, share: int, step: int) -> None:
    day = BEGINS + timedelta(days=days)

    moved = sum(national(day, caller) for caller in callers(step))

    assert abs(moved / 10_000 - share / 100) < 0.01


def test_the_share_is_right_among_numbers_drawn_by_lot() -> None:
    drawn = Random(4)
    some = [PhoneNumber(f"+47{drawn.randrange(20000000, 99999999)}") for _ in range(10_000)]

    for days, share in ((0, 25), (7, 50), (14, 75)):
        moved = sum(national(BEGINS + timedelta(days=days), caller) for caller in some)
        assert abs(moved / 10_000 - share / 100) < 0.01


def test_another_department_moves_other_callers_first() -> None:
    sides = {
        (national(BEGINS, one), national(BEGINS, one, "sites.x.departments.y"))
        for one in callers(1)
    }

    assert {(True, False), (False, True)} <= sides


def test_who_has_moved_stays_moved() -> None:
    for caller in callers(37)[:500]:
        sides = [national(BEGINS + timedelta(days=days), caller) for days in range(-2, 25)]
        assert sides == sorted(sides)
        assert sides[-1]


def test_a_caller_without_a_number_moves_last() -> None:
    assert not national(BEGINS + timedelta(days=20), None)
    assert national(BEGINS + timedelta(days=21), None)


def test_the_reason_names_the_share_and_since_when() -> None:
    weighed = weigh("faktura", "Bergen", local(), date(2027, 2, 10), None)

    assert weighed.because == OnTheRamp(
        "faktura", "Bergen", percent=50, since=date(2027, 2, 8), moved=False, withheld=True
    )


@pytest.mark.parametrize(
    ("ramp", "days", "share"),
    [(Ramp(100, 7), 0, 100), (Ramp(5, 1), 18, 95), (Ramp(5, 1), 19, 100), (Ramp(33, 7), 21, 100)],
)
def test_a_ramp_ends_at_all(ramp: Ramp, days: int, share: int) -> None:
    assert ramp.share(days) == share
    assert ramp.share(-1) == 0
