"""Hours of numbers and menus, and breaks: who is let in, who goes elsewhere, and what is said to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decide import decide
from ivr.rules.decide.hours import opening
from ivr.rules.decision import Facts, OptionChosen
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk, walk
from ivr.why import ClosedForBreak, PlaceClosed, PlaceOpen

OSLO = ZoneInfo("Europe/Oslo")
TEXT = """
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 00: {language: en, to: menu day, hours: office, closed: {say: closed.number, to: menu night}}
  +47 55 30 10 00: {to: menu day}
  anything else: {to: department faktura, hours: office, breaks: {lunch: closed.lunch}, closed: hangup}
callers: {vip: {numbers: [+47 55 97 00 00], to: queue main}}
hours:
  office: {mon-fri: 08:00-16:00}
  late:   {mon-fri: 08:00-20:00}
  lunch:  {daily: 11:30-12:00, fri: 23:00-00:30}
  night:  {fri: 22:00-04:00}
holidays:
  public: Norway
  open: [{day: 2027-05-17, hours: 10:00-14:00}]
  closed: [{day: 2026-12-01, departments: [faktura], say: closed.course}, {day: 2026-12-02, say: closed.all}]
menus:
  day:
    say: day
    keys: {1: department faktura, 2: menu day, star: repeat}
    hours: late
    closed: {to: menu night}
    nothing_chosen: hangup
  night: {say: night, keys: {1: queue main, star: back}, nothing_chosen: hangup}
departments:
  faktura:
    hours: office
    breaks: {lunch: {say: closed.lunch, to: queue main}}
    national: queue faktura
    closed: {say: closed, to: voicemail faktura}
  vakt: {hours: night, breaks: {lunch: closed.lunch}, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main:    {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
  faktura: {answer: 80% within 20s, while_waiting: [{after: 5m, to: department vakt}]}
"""
BERGEN, NATIONAL, OTHER = "+47 55 30 10 00", "+47 21 00 00 00", "+47 99 99 99 99"
Called = Callable[..., Walk]


@pytest.fixture(scope="module")
def rules(rules_of: Callable[[str], RuleSet]) -> RuleSet:
    return rules_of(TEXT)


@pytest.fixture(scope="module")
def called(rules: RuleSet) -> Called:
    def call(number: str, moment: str, row: str = "", caller: str | None = None) -> Walk:
        at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)
        number_of_caller = parse_number(caller) if caller else None
        return walk(rules, Facts(at, parse_number(number), number_of_caller), row, take_option)

    return call


@pytest.mark.parametrize(
    ("number", "moment", "row", "ends", "said"),
    [
        (NATIONAL, "2026-11-24 08:00", "1", "queue faktura", ("day",)),
        (NATIONAL, "2026-11-24 07:59", "1", "queue main", ("closed.number", "night")),
        (NATIONAL, "2026-11-24 16:00", "1", "queue main", ("closed.number", "night")),
        (NATIONAL, "2027-05-17 09:59", "1", "queue main", ("closed.number", "night")),
        (NATIONAL, "2027-05-17 10:00", "1", "queue faktura", ("day",)),
        (BERGEN, "2026-11-24 19:59", "1", "voicemail faktura", ("day", "closed", "voicemail")),
        (BERGEN, "2026-11-24 20:00", "1", "queue main", ("night",)),
        (OTHER, "2026-11-24 11:29", "", "queue faktura", ()),
        (OTHER, "2026-11-24 11:30", "", "hangup", ("closed.lunch",)),
        (OTHER, "2026-11-24 12:00", "", "queue faktura", ()),
        (BERGEN, "2026-11-24 11:45", "1", "queue main", ("day", "closed.lunch")),
        # A day that is opened has no break.
        (OTHER, "2027-05-17 11:45", "", "queue faktura", ()),
        # What closes some departments does not concern numbers and menus; what closes all does.
        (
            BERGEN,
            "2026-12-01 09:00",
            "1",
            "voicemail faktura",
            ("day", "closed.course", "voicemail"),
        ),
        (BERGEN, "2026-12-02 09:00", "1", "queue main", ("closed.all", "night")),
    ],
)
def test_who_comes_outside_the_hours_goes_elsewhere(
    called: Called, number: str, moment: str, row: str, ends: str, said: tuple[str, ...]
) -> None:
    found = called(number, moment, row)

    assert (found.ends, found.said) == (ends, said)


def test_the_number_speaks_its_language_outside_its_hours_too(called: Called) -> None:
    assert called(NATIONAL, "2026-11-24 23:00").language == "en"
    assert called(BERGEN, "2026-11-24 23:00").language == "nb"


def test_a_list_of_callers_wins_over_the_hours_of_the_number(called: Called) -> None:
    assert called(NATIONAL, "2026-11-24 23:00", "", "+47 55 97 00 00").ends == "queue main"


def test_who_is_in_a_menu_stays_there_when_its_hours_end(rules: RuleSet) -> None:
    at = datetime(2026, 11, 24, 20, 1, tzinfo=OSLO)
    inside = Facts(at, parse_number(BERGEN), menus=("day",))

    assert decide(rules, inside, OptionChosen("day", "*")).to == "menu day"
    assert decide(rules, inside, OptionChosen("day", "2")).to == "menu night"
    assert decide(rules, inside, OptionChosen("day", "5")).to == "menu day"


def test_a_menu_that_was_closed_is_none_to_go_back_to(called: Called) -> None:
    assert called(BERGEN, "2026-11-24 23:00", "*1").facts.menus == ("night",)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-27 22:59", True),
        ("2026-11-27 23:00", False),
        ("2026-11-28 00:29", False),
        ("2026-11-28 00:30", True),
        ("2026-11-28 11:45", False),
    ],
)
def test_a_break_may_cross_midnight(rules: RuleSet, moment: str, is_open: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)

    assert opening(rules, rules.departments["vakt"], at).is_open is is_open


def test_the_reasons_name_the_place_the_break_and_when_it_is_over(called: Called) -> None:
    at_night = [step.because for step in called(NATIONAL, "2026-11-24 23:00").steps]
    by_day = [step.because for step in called(BERGEN, "2026-11-24 11:45", "1").steps]

    closed = next(one for one in at_night if isinstance(one, PlaceClosed))
    opened = next(one for one in by_day if isinstance(one, PlaceOpen))
    lunch = next(one for one in by_day if isinstance(one, ClosedForBreak))
    assert (closed.place, closed.to) == ("+4721000000", "menu night")
    assert opened.place == "menu day"
    assert (lunch.department, lunch.hours, f"{lunch.until:%H:%M}") == ("faktura", "lunch", "12:00")


DAY_AND_NIGHT = """
version: 1
numbers: {anything else: {to: menu day}}
hours:
  day: {daily: 07:00-22:00}
  night: {daily: %s}
menus:
  day: {say: x, keys: {1: queue main}, nothing_chosen: %s, hours: day, closed: menu night}
  night: {say: x, keys: {1: queue main}, nothing_chosen: hangup, hours: night, closed: menu day}
queues:
  main: {answer: 80%% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest.mark.parametrize(
    ("night", "nothing", "errors"),
    [
        ("22:00-07:00", "hangup", set()),
        ("21:00-08:00", "hangup", set()),
        ("22:00-06:59", "hangup", {"IVR403"}),
        ("22:00-07:00", "menu night", {"IVR403"}),
    ],
)
def test_two_menus_may_be_closed_to_one_another_where_one_is_always_open(
    night: str, nothing: str, errors: set[str]
) -> None:
    _, faults = read_rules((DAY_AND_NIGHT % (night, nothing)).encode(), "rules.yaml")

    assert {one.code for one in faults if one.severity == "error"} == errors
