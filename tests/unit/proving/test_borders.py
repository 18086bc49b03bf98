"""What a rule set's borders in time are, wherever in the model they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from ivr.proving.borders import borders
from ivr.rules.values.days import KindOfDay, PublicHolidays, YearDay
from tests.unit.proving.conftest import WHOLE_LANGUAGE, load


def test_borders_are_those_that_stand_in_the_rules() -> None:
    found = borders(load(WHOLE_LANGUAGE))

    assert found.clocks == (time(6), time(8), time(12), time(16), time(22))
    assert found.dates == (date(2027, 2, 1),)
    assert found.moments == (datetime(2026, 12, 1, 8), datetime(2026, 12, 20))  # noqa: DTZ001 - the wall's
    assert set(found.kinds) == {PublicHolidays("NO"), YearDay(easter=-4)}


@dataclass(frozen=True)
class Payday(KindOfDay):
    """A kind of day that no module of ours knows."""

    def falls_on(self, day: date) -> bool:
        return day.day == 20


@dataclass(frozen=True)
class Wages:
    """A word that the language does not have."""

    when: tuple[Payday, ...]
    until: time


def test_a_word_that_is_new_is_found_too() -> None:
    found = borders({"wages": [Wages((Payday(), Payday()), time(9))], "again": Wages((), time(9))})

    assert (found.clocks, found.kinds) == ((time(9),), (Payday(),))
