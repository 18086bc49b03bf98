"""Whom the desk counts on when a wait is estimated."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.desk import Desk, Place, Wish
from ivr.desk.estimates import CROWD, CROWD_SECONDS
from ivr.queues.agents import AgentState
from ivr.queues.estimate import ExpectedWait
from ivr.queues.experience import ENOUGH_ERRORS, LATEST_ERRORS
from ivr.records.record import QueueVisit
from ivr.rules.load import load_rules
from ivr.rules.model import SayWait
from ivr.rules.visit import WaitInQueue

RULES = """
version: 1
languages: [nb, en]
numbers: {anything else: queue main}
queues:
  main: {answer: 80% within 20s, wrap_up: 40s}
  strict: {answer: 80% within 20s, widen_after: never}
agents:
  kari: {phone: kari, languages: [nb], queues: [main, strict]}
  ola: {phone: ola, languages: [nb], queues: [main, strict]}
"""
RULE_SET = load_rules(RULES.encode(), "rules.yaml")[0]
MAIN, STRICT = RULE_SET.queues["main"], RULE_SET.queues["strict"]


@pytest.fixture
async def desk() -> Desk:
    return Desk(RULE_SET)


def agents_counted_on(desk: Desk, wait: WaitInQueue | None = None) -> int:
    """By one who comes now; none where nothing can be said."""
    with desk.place_in(wait or WaitInQueue(MAIN), "new-call") as place:
        estimate = place.estimate()
        return estimate.agents if estimate is not None else 0


def in_talk(desk: Desk, place: Place) -> None:
    assert len(place.claimed) == 1
    place.took()


async def test_those_who_talk_count_and_those_who_are_not_there_do_not(desk: Desk) -> None:
    assert agents_counted_on(desk) == 0
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(WaitInQueue(MAIN), "call-1") as place:
        in_talk(desk, place)

        assert agents_counted_on(desk) == 1

        desk.phone_changed("kari", is_reachable=False)
        assert agents_counted_on(desk) == 0


async def test_those_who_will_pause_or_go_after_the_talk_do_not_count(desk: Desk) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(WaitInQueue(MAIN), "call-1") as place:
        in_talk(desk, place)

        desk.wishes.pause("kari", RULE_SET.duty.pause_reasons[0], Wish())
        assert agents_counted_on(desk) == 0
        desk.wishes.resume("kari", Wish())
        assert agents_counted_on(desk) == 1
        desk.wishes.sign_out("kari", Wish())
        assert agents_counted_on(desk) == 0


async def test_the_time_after_a_talk_and_after_a_missed_call_is_known_to_the_second(
    desk: Desk,
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(WaitInQueue(MAIN), "call-1") as place:
        in_talk(desk, place)
    await asyncio.sleep(10)
    with desk.place_in(WaitInQueue(MAIN), "call-2") as place:
        estimate = place.estimate()
        assert estimate is not None
        assert estimate.seconds == pytest.approx(30.0 + 5.0, abs=1.0)

    await asyncio.sleep(31)
    with desk.place_in(WaitInQueue(MAIN), "call-3") as place:
        place.missed(place.claimed[0])
        estimate = place.estimate()
        assert estimate is not None
        assert estimate.seconds == pytest.approx(10.0 + 5.0, abs=1.0)


async def test_who_speaks_another_language_counts_where_callers_wait_for_no_better(
    desk: Desk,
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(WaitInQueue(MAIN), "call-1") as place:
        in_talk(desk, place)

        assert agents_counted_on(desk, WaitInQueue(MAIN, language="en")) == 1
        assert agents_counted_on(desk, WaitInQueue(STRICT, language="en")) == 0


async def test_callers_for_whom_a_phone_rings_are_not_ahead(desk: Desk) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with (
        desk.place_in(WaitInQueue(MAIN), "call-1") as rung,
        desk.place_in(WaitInQueue(MAIN), "call-2"),
        desk.place_in(WaitInQueue(MAIN), "call-3") as place,
    ):
        assert rung.claimed
        estimate = place.estimate()

    assert estimate is not None
    assert (estimate.ahead, estimate.agents) == (1, 1)


async def test_what_servers_before_measured_is_what_estimates_are_worth(desk: Desk) -> None:
    entered = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    visits = [
        QueueVisit(
            queue="main",
            entered_at=entered,
            outcome="answered",
            wait_seconds=90.0,
            agent="kari",
            talk_seconds=100.0,
            estimated_seconds=60.0,
            estimate_error_seconds=-20.0 if number % 2 else 20.0,
        )
        for number in range(ENOUGH_ERRORS)
    ]
    gave_up = QueueVisit(queue="main", entered_at=entered, outcome="abandoned", wait_seconds=9.0)

    desk.estimates.remember([(f"call-{number}", one) for number, one in enumerate(visits)])
    desk.estimates.remember([("gone", gave_up)])

    worth = desk.estimates.worth("main")
    assert worth.measured == ENOUGH_ERRORS
    assert worth.mean_error_seconds == pytest.approx(20.0)
    assert desk.estimates.worth("strict").mean_error_seconds is None


GOOD = QueueVisit(
    queue="main",
    entered_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    outcome="answered",
    wait_seconds=60.0,
    estimated_seconds=60.0,
    estimate_error_seconds=0.0,
)


async def test_of_phones_that_ring_at_once_one_is_taken_and_the_others_are_free_soon() -> None:
    text = RULES.replace("main: {answer", "main: {ring: all at once, answer")
    rules = load_rules(text.encode(), "rules.yaml")[0]
    desk, main = Desk(rules), rules.queues["main"]
    for name in ("kari", "ola"):
        desk.phone_changed(name, is_reachable=True)
    with (
        desk.place_in(WaitInQueue(main), "call-1") as rung,
        desk.place_in(WaitInQueue(main), "call-2") as place,
    ):
        assert len(rung.claimed) == 2
        estimate = place.estimate()

    assert estimate is not None
    assert estimate.seconds == pytest.approx(5.0)


async def test_a_crowd_is_looked_at_together_and_anew_when_that_is_old(desk: Desk) -> None:
    for name in ("kari", "ola"):
        desk.phone_changed(name, is_reachable=True)
    with ExitStack() as scopes:
        places = [
            scopes.enter_context(desk.place_in(WaitInQueue(MAIN), f"call-{number:03}"))
            for number in range(CROWD + 2)
        ]
        for place in places[:2]:
            in_talk(desk, place)
        waiting = places[2:]
        first, last = waiting[0].estimate(), waiting[-1].estimate()
        assert first is not None
        assert last is not None
        assert last.seconds > 20 * first.seconds
        assert (first.ahead, last.ahead, last.agents) == (0, CROWD - 1, 2)

        late = scopes.enter_context(desk.place_in(WaitInQueue(MAIN), "late"))
        estimate = late.estimate()
        assert estimate is not None
        assert estimate.ahead == CROWD  # all that were seen a moment ago
        await asyncio.sleep(CROWD_SECONDS + 1)
        for place in waiting[:50]:
            place.is_waiting = False
        later = late.estimate()
        assert later is not None
        assert later.ahead == CROWD - 50
        assert later.seconds < estimate.seconds - CROWD_SECONDS

        strict = scopes.enter_context(desk.place_in(WaitInQueue(STRICT), "alone-in-strict"))
        of_other = strict.estimate()
        assert of_other is not None
        assert of_other.agents == 2


async def test_callers_who_should_have_an_agent_by_now_silence_the_estimates(desk: Desk) -> None:
    say_wait = SayWait(every_seconds=90.0, right_within_seconds=60.0)
    main = replace(MAIN, say_wait=say_wait)
    desk.estimates.remember([(f"call-{number}", GOOD) for number in range(LATEST_ERRORS)])
    desk.phone_changed("kari", is_reachable=True)
    with ExitStack() as scopes:
        talking, *waiting = [
            scopes.enter_context(desk.place_in(WaitInQueue(main), f"call-{number}"))
            for number in range(6)
        ]
        in_talk(desk, talking)
        for place in waiting:
            place.expected = ExpectedWait(60.0, asyncio.get_running_loop().time())
        assert waiting[0].estimate_to_tell() is not None

        await asyncio.sleep(60 + 240 + 1)  # five of the latest twenty are wrong by four minutes
        assert desk.estimates.worth("main").mean_error_seconds == pytest.approx(60.2, abs=0.1)
        assert waiting[0].estimate_to_tell() is None
        assert desk.estimates.worth("main").measured == LATEST_ERRORS


async def test_a_talk_of_an_earlier_server_has_lasted_as_long_as_it_has(desk: Desk) -> None:
    desk.phone_changed("kari", is_reachable=True)
    now = desk.logbook.clock.now()
    with desk.talk_goes_on("kari", "earlier-call", "main", 0.0, 300.0):
        (kari,) = (one for one in desk.agents() if one.name == "kari")
        assert kari.state is AgentState.TALKING
        assert kari.since is not None
        assert timedelta(seconds=299) < now - kari.since < timedelta(seconds=301)
        await asyncio.sleep(60)

    assert [*desk.estimates._experience.of("main").talks] == [pytest.approx(360, abs=1)]


async def test_an_agent_in_two_calls_of_an_earlier_server_has_been_in_the_first_as_long_as_it_was(
    desk: Desk,
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    now = desk.logbook.clock.now()
    with (
        desk.talk_goes_on("kari", "earlier-call", "main", 0.0, 300.0),
        desk.talk_goes_on("kari", "another-call", "main", 0.0, 900.0),
    ):
        (kari,) = (one for one in desk.agents() if one.name == "kari")
        assert kari.since is not None
        assert now - kari.since < timedelta(seconds=301)
