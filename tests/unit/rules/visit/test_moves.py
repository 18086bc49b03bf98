from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.rules.decision import Facts, NobodyLoggedIn, OptionChosen, WaitedLong
from ivr.rules.model import RuleSet
from ivr.rules.visit import (
    HangUp,
    InVain,
    OfferMenu,
    Present,
    PromptsSaid,
    Say,
    TakeMessage,
    WaitInQueue,
    after,
    again,
    begin,
)
from ivr.rules.walk import walk

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Oslo"))
FACTS = Facts(at=MONDAY, dialled=None)
NOW = Present.of(FACTS)

RULES = """
version: 1
timezone: Europe/Oslo
numbers: {anything else: menu main}
hours: {office: {mon-fri: 08:00-16:00}}
menus:
  main:
    say: welcome
    tries: 2
    keys: {1: queue long, 2: department sales, 3: queue loyal}
    nothing_chosen: voicemail box
  wait: {say: wait, tries: 1, keys: {1: queue long}, nothing_chosen: hangup}
departments:
  sales: {hours: office, national: queue long, closed: {say: closed, to: voicemail box}}
queues:
  long:
    answer: 80% within 20s
    nobody_logged_in: menu wait
    while_waiting: [{after: 1m, also_ring: queue loyal}, {after: 3m, to: voicemail box}]
  loyal:
    answer: 80% within 20s
    nobody_logged_in: queue loyal
    while_waiting: [{after: 1h, to: hangup}]
voicemails: {box: {say: greeting}}
"""


@pytest.fixture
def rules(rules_of: Callable[[str], RuleSet]) -> RuleSet:
    return rules_of(RULES)


def test_a_menu_is_offered_again_with_what_was_wrong_and_then_given_up(rules: RuleSet) -> None:
    first = begin(rules, FACTS)
    second = after(rules, first.visit, InVain("no_match"), NOW)
    given_up = after(rules, second.visit, InVain("no_input"), NOW)

    assert first.act == OfferMenu(rules.menus["main"], ("welcome",))
    assert second.act == OfferMenu(rules.menus["main"], ("no_match", "welcome"))
    assert second.decision is None
    assert given_up.act == TakeMessage(rules.voicemails["box"])


def test_what_is_said_before_a_message_is_said_first(rules: RuleSet) -> None:
    sunday = Present(MONDAY - timedelta(days=1))

    closed = after(rules, begin(rules, FACTS).visit, OptionChosen("main", "2"), sunday)
    greeted = after(rules, closed.visit, PromptsSaid(), sunday)

    assert closed.act == Say(("closed",))
    assert greeted.act == TakeMessage(rules.voicemails["box"])
    assert greeted.decision is None


def test_a_step_that_keeps_the_caller_is_told_and_the_wait_goes_on(rules: RuleSet) -> None:
    waits = after(rules, begin(rules, FACTS).visit, OptionChosen("main", "1"), NOW)
    a_minute_later = after(rules, waits.visit, WaitedLong("long", 0), NOW.later(60))

    assert waits.act == WaitInQueue(
        rules.queues["long"], step=0, step_in_seconds=60.0, leaves_when_deserted=True, language="nb"
    )
    assert a_minute_later.act == WaitInQueue(
        rules.queues["long"],
        waited_seconds=60.0,
        step=1,
        step_in_seconds=120.0,
        goes_on=True,
        leaves_when_deserted=True,
        language="nb",
        also_rung=("loyal",),
    )
    assert a_minute_later.decision is not None


def test_who_comes_back_to_a_queue_has_kept_the_place_and_takes_the_steps_that_are_left(
    rules: RuleSet,
) -> None:
    visit = after(rules, begin(rules, FACTS).visit, OptionChosen("main", "1"), NOW).visit
    visit = after(rules, visit, WaitedLong("long", 0), NOW.later(60)).visit
    away = after(rules, visit, NobodyLoggedIn("long"), NOW.later(90))
    back = after(rules, away.visit, OptionChosen("wait", "1"), NOW.later(100)).act
    late = after(rules, away.visit, OptionChosen("wait", "1"), NOW.later(500)).act

    assert isinstance(back, WaitInQueue)
    assert isinstance(late, WaitInQueue)
    assert (back.waited_seconds, back.step, back.step_in_seconds) == (100.0, 1, 80.0)
    assert not back.goes_on
    assert late.step_in_seconds == 0.0


def test_a_queue_that_names_itself_for_when_nobody_is_there_is_waited_in(rules: RuleSet) -> None:
    nobody = Present(MONDAY, signed_in={"loyal": 0})

    waits = after(rules, begin(rules, FACTS).visit, OptionChosen("main", "3"), nobody)

    assert isinstance(waits.act, WaitInQueue)
    assert not waits.act.leaves_when_deserted


def test_a_wait_is_as_long_in_the_night_when_the_clocks_change(rules: RuleSet) -> None:
    before = Present(datetime(2026, 10, 25, 2, 59, 30, tzinfo=ZoneInfo("Europe/Oslo")))

    waits = after(rules, begin(rules, FACTS).visit, OptionChosen("main", "1"), before)
    later = after(rules, waits.visit, WaitedLong("long", 0), before.later(60)).act

    assert isinstance(later, WaitInQueue)
    assert later.waited_seconds == 60.0


def test_a_call_is_taken_up_where_it_stood(rules: RuleSet) -> None:
    second_try = after(rules, begin(rules, FACTS).visit, InVain("no_input"), NOW)

    assert again(rules, second_try.visit) == second_try.act
    assert again(rules, replace(second_try.visit, place="menu gone")) == HangUp()


def test_a_walk_is_patient_in_a_staffed_queue_only_as_long_as_it_is_told(rules: RuleSet) -> None:
    ends = [
        walk(rules, FACTS, "1", take_option, patience_seconds=seconds).ends
        for seconds in (0.0, 59.0, 60.0, 179.0, 180.0)
    ]

    assert ends == [*["queue long"] * 4, "voicemail box"]
