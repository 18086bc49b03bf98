"""Stories of callers of a queue that is split between sites: each call is one site's, and only its agents are rung."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AbstractAsyncContextManager

from ivr.ari.fake import Caller
from ivr.desk.place import AWAY_SECONDS
from ivr.records.events import Connected, GivenToSite, Offered, Queued, Routed
from ivr.rules.load import load_rules
from tests.flows.conftest import PROMPTS, Switchboard, prompts

RULES = """
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: queue national}
queues:
  national:
    answer: 80% within 20s
    split: {oslo: 50%, bergen: 30%, partner: 20%}
    nobody_logged_in: hangup
    ring_time: 60s
agents:
  kari: {name: Kari, phone: kari, site: oslo, queues: [national]}
  ola: {name: Ola, phone: ola, site: bergen, queues: [national]}
  tommy: {name: Tommy, phone: tommy, site: partner, queues: [national]}
"""
SITES = {"kari": "oslo", "ola": "bergen", "tommy": "partner"}


def house(
    after: Switchboard | None = None, rules: str = RULES
) -> AbstractAsyncContextManager[Switchboard]:
    loaded, _ = load_rules(rules.encode(), "rules.yaml")
    return Switchboard(loaded, prompts(PROMPTS), after=after).running()


def ring(board: Switchboard) -> Caller:
    return board.asterisk.ring("+4790000001", dialled="+4755301000")


def told(board: Switchboard, *kinds: type) -> list[object]:
    return [event for event in all_events(board) if isinstance(event, kinds)]


def all_events(board: Switchboard) -> list[object]:
    calls = [*board.journal.open_calls(), *board.records]
    ordered = sorted(calls, key=lambda call: call.call_id)
    return [entry.event for call in ordered for entry in board.journal.events(call.call_id)]


async def test_calls_are_given_as_agreed_and_only_that_sites_phone_rings() -> None:
    async with house() as board:
        for name in SITES:
            await board.signs_in(name, answers_after=1, hangs_up_after=1)
        for _ in range(10):
            caller = ring(board)
            await asyncio.sleep(20)
            caller.hangs_up()

        given = [event.site for event in told(board, GivenToSite)]  # type: ignore[attr-defined]
        took = [SITES[event.agent] for event in told(board, Connected)]  # type: ignore[attr-defined]
        assert Counter(given) == {"oslo": 5, "bergen": 3, "partner": 2}
        assert took == given
        kinds = [
            step.because.kind
            for event in told(board, Routed)
            for step in event.steps  # type: ignore[attr-defined]
            if step.because.kind.startswith("split")
        ]
        assert kinds == ["split_given"] * 10


async def test_a_call_waits_for_its_site_though_others_are_free() -> None:
    async with house() as board:
        await board.signs_in("ola", answers_after=1)
        await board.signs_in("tommy", answers_after=1)
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)

        caller = ring(board)  # the first call is Oslo's
        await asyncio.sleep(30)

        assert told(board, Offered) == []
        caller.hangs_up()


async def test_a_site_that_goes_away_gives_up_who_waits_for_it_and_is_owed_the_call() -> None:
    async with house() as board:
        await board.signs_in("ola", answers_after=1)
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        caller = ring(board)
        await asyncio.sleep(10)

        board.desk.phone_changed("kari", is_reachable=False)
        await asyncio.sleep(AWAY_SECONDS / 2)
        assert told(board, Offered) == []
        await caller.is_talking_to("ola")

        given = [(event.site, event.before) for event in told(board, GivenToSite)]  # type: ignore[attr-defined]
        assert given == [("oslo", None), ("bergen", "oslo")]
        assert len(told(board, Queued)) == 1
        had = {one.site: one.had for one in board.desk.sites.shares("national")}
        owed = {one.site: one.owed for one in board.desk.sites.shares("national")}
        assert had == {"oslo": 0, "bergen": 1, "partner": 0}
        assert owed["oslo"] > 0 > owed["bergen"]
        caller.hangs_up()


WITH_STEP = RULES.replace(
    "    ring_time: 60s",
    "    ring_time: 60s\n    while_waiting: [{after: 13s, also_ring: queue second}]\n"
    "  second: {answer: 80% within 20s}",
)


async def test_a_step_of_the_wait_does_not_hold_a_caller_at_a_site_that_is_away() -> None:
    """The rules are asked at each step, and the place is taken anew; the site's seconds go on."""
    async with house(rules=WITH_STEP) as board:
        await board.signs_in("ola", answers_after=1)
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        caller = ring(board)
        await asyncio.sleep(10)

        board.desk.phone_changed("kari", is_reachable=False)
        await asyncio.sleep(AWAY_SECONDS + 2)

        assert "ola" in caller.talking_to()
        assert len(told(board, Queued)) == 1
        caller.hangs_up()


async def test_a_site_that_was_back_after_a_step_has_all_its_seconds_again() -> None:
    async with house(rules=WITH_STEP) as board:
        await board.signs_in("ola", answers_after=1)
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        caller = ring(board)
        await asyncio.sleep(10)

        board.desk.phone_changed("kari", is_reachable=False)
        await asyncio.sleep(AWAY_SECONDS - 1)
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        await asyncio.sleep(1)
        board.desk.phone_changed("kari", is_reachable=False)
        await asyncio.sleep(AWAY_SECONDS - 1)

        assert told(board, Offered) == []
        await caller.is_talking_to("ola")
        caller.hangs_up()


async def test_who_came_when_no_site_could_is_given_to_the_first_that_can() -> None:
    async with house() as board:
        rules, _ = load_rules(RULES.replace("    nobody_logged_in: hangup\n", "").encode(), "r")
        board.rules = rules
        board.desk.take_agents(rules)
        caller = ring(board)
        await asyncio.sleep(10)
        assert told(board, GivenToSite) == []

        await board.signs_in("tommy", answers_after=1)
        await caller.is_talking_to("tommy")

        (given,) = told(board, GivenToSite)
        assert (given.site, given.because) == ("partner", "others_away")  # type: ignore[attr-defined]
        caller.hangs_up()


async def test_the_account_outlives_the_server_and_who_waits_is_counted_once() -> None:
    async with house() as board:
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        board.desk.phone_changed("ola", is_reachable=True, is_in_own_call=True)
        for _ in range(3):
            gone = ring(board)
            await asyncio.sleep(1)
            gone.hangs_up()
        waiting = ring(board)
        await asyncio.sleep(5)
        before = board.desk.sites.shares("national")
        last: GivenToSite = told(board, GivenToSite)[-1]  # type: ignore[assignment]

    async with house(after=board) as later:
        later.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        later.desk.phone_changed("ola", is_reachable=True, is_in_own_call=True)
        await asyncio.sleep(10)
        assert later.desk.sites.shares("national") == before
        assert [event.number for event in told(later, GivenToSite)] == [1, 2, 3, 4]  # type: ignore[attr-defined]

        agent = {"oslo": "kari", "bergen": "ola"}[last.site]
        later.asterisk.phone(f"PJSIP/{agent}", answers_after=1)
        later.desk.phone_changed(agent, is_reachable=True)
        await waiting.is_talking_to(agent)
        waiting.hangs_up()
        await asyncio.sleep(1)
        assert later.desk.sites.shares("national") == before


async def test_other_shares_begin_a_new_account() -> None:
    async with house() as board:
        await board.signs_in("kari")
        caller = ring(board)
        await asyncio.sleep(1)
        assert [one.had for one in board.desk.sites.shares("national")] == [1, 0, 0]

        more = RULES.replace("oslo: 50%, bergen: 30%", "oslo: 40%, bergen: 40%")
        board.desk.take_agents(load_rules(more.encode(), "rules.yaml")[0])

        assert [(one.had, one.owed) for one in board.desk.sites.shares("national")] == [(0, 0)] * 3
        caller.hangs_up()
