"""Looks that are shared: never older than they may be, and taken once for all."""

from __future__ import annotations

from ivr.control import PresentState
from ivr.web.looks import Looks, SharedLook
from tests.unit.web.waiting import CALL, CALLER, NOW


class House:
    """Counts how often it is looked at."""

    def __init__(self) -> None:
        self.looks = 0

    def present(self) -> PresentState:
        self.looks += 1
        return PresentState(at=NOW, queues=(), agents=(), calls=(CALL,))


def test_a_shared_look_is_taken_again_when_it_is_old_and_not_before() -> None:
    house, seconds = House(), [100.0]
    look = SharedLook(house.present, 0.25, lambda: seconds[0])

    taken = []
    for now in (100.0, 100.24, 100.25, 100.4, 100.5):
        seconds[0] = now
        look()
        taken.append(house.looks)

    assert taken == [1, 1, 2, 2, 3]


def test_many_who_look_at_once_cost_as_much_as_one_of_each_kind() -> None:
    house = House()
    looks = Looks.at(house.present).shared(3600)

    for _ in range(24):
        (call,) = looks.masked().calls
        assert call.caller == "+47…456"
        (call,) = looks.whole().calls
        assert call.caller == CALLER
    assert house.looks == 2


def test_who_asks_once_sees_what_is_so_at_that_moment() -> None:
    house = House()
    looks = Looks.at(house.present)

    for _ in range(3):
        looks.whole()
        looks.masked()
    assert house.looks == 6
