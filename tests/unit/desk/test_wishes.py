"""What agents want is done at once, or refused with what to do instead; the next server goes on with it."""

from __future__ import annotations

import asyncio

import pytest

from ivr.desk import AgentFree, Desk, Seat, Wish
from ivr.desk.desk import MISSED_PAUSE_SECONDS
from ivr.errors import ChangeRefused
from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.rules.visit import WaitInQueue
from ivr.store.memory_ledger import MemoryHistory
from tests.unit.desk.test_desk import RULES
from tests.unit.desk.test_logbook import desk_of, told_of

DUTY = "duty: {pause_reasons: [lunch, training], missed: pause after 2}\n"
ANNA = Wish("anna", "she asked for it")


def rules_with(duty: str = DUTY) -> RuleSet:
    return load_rules((RULES + duty).encode(), "rules.yaml")[0]


@pytest.fixture
async def desk() -> Desk:
    desk = Desk(rules_with())
    desk.phone_changed("kari", is_reachable=True)
    return desk


def waits_in(desk_rules: RuleSet, queue: str = "kundeservice") -> WaitInQueue:
    return WaitInQueue(desk_rules.queues[queue], leaves_when_deserted=False)


def shown(seat: Seat) -> tuple[AgentState, str | None]:
    return seat.duty.state, seat.duty.reason


async def test_a_pause_keeps_callers_away_until_it_ends(desk: Desk) -> None:
    with desk.place_in(waits_in(rules_with()), "caller") as place:
        assert isinstance(await place.next(), AgentFree)
        desk.wishes.pause("kari", "lunch", ANNA)
        place.missed()

        seat = desk.wishes.pause("kari", "lunch", ANNA)
        assert shown(seat) == (AgentState.PAUSED, "lunch")
        waiting = asyncio.ensure_future(place.next())
        await asyncio.sleep(600)
        assert not waiting.done()

        desk.wishes.resume("kari", ANNA)

        assert isinstance(await waiting, AgentFree)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("lunsj", "there is no reason 'lunsj'; the rules have: lunch, training"),
        (None, "why? A pause has a reason; the rules have: lunch, training"),
        ("missed", "there is no reason 'missed'; the rules have: lunch, training"),
    ],
)
async def test_a_reason_that_the_rules_do_not_have_is_refused_with_those_that_they_have(
    desk: Desk, reason: str | None, told: str
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        desk.wishes.pause("kari", reason, ANNA)

    assert str(refused.value).startswith(told)


async def test_where_there_is_one_reason_none_need_be_given() -> None:
    desk = Desk(rules_with(""))
    desk.phone_changed("kari", is_reachable=True)

    assert shown(desk.wishes.pause("kari", None, ANNA)) == (AgentState.PAUSED, "pause")


async def test_who_is_not_paused_or_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(ChangeRefused, match="kari is not paused, but available"):
        desk.wishes.resume("kari", ANNA)
    with pytest.raises(ChangeRefused, match="no agent called 'karl'; did you mean 'kari'"):
        desk.wishes.sign_out("karl", ANNA)
    with pytest.raises(ChangeRefused, match="kari is not wrapping up, but available"):
        desk.wishes.end_wrap_up("kari", ANNA)


async def test_who_signed_out_is_not_rung_though_the_phone_is_there(desk: Desk) -> None:
    desk.wishes.sign_out("kari", ANNA)

    assert desk.signed_in()["kundeservice"] == 0
    assert shown(desk.wishes.sign_in("kari", ANNA)) == (AgentState.AVAILABLE, None)
    assert desk.signed_in()["kundeservice"] == 1


async def test_where_signing_in_is_by_code_a_phone_that_comes_signs_nobody_in() -> None:
    desk = Desk(rules_with("duty: {sign_in: by code}\n"))
    desk.phone_changed("kari", is_reachable=True)
    assert desk.signed_in()["kundeservice"] == 0

    desk.wishes.sign_in("kari", ANNA)

    assert desk.signed_in()["kundeservice"] == 1


async def test_a_queue_is_taken_and_left_whatever_the_rules_say(desk: Desk) -> None:
    rules = rules_with()
    with desk.place_in(waits_in(rules, "bergen"), "caller") as place:
        waiting = asyncio.ensure_future(place.next())
        await asyncio.sleep(1)
        assert not waiting.done()

        seat = desk.wishes.take_queue("kari", "bergen", ANNA)

        assert isinstance(await waiting, AgentFree)
    assert desk.signed_in() == {"kundeservice": 1, "bergen": 1}

    desk.wishes.leave_queue("kari", "kundeservice", ANNA)
    desk.take_agents(rules)

    assert seat.on_duty.queues == ("bergen",)
    assert desk.signed_in() == {"kundeservice": 0, "bergen": 1}
    with pytest.raises(ChangeRefused, match="kari has bergen; their queues: bergen"):
        desk.wishes.take_queue("kari", "bergen", ANNA)
    with pytest.raises(ChangeRefused, match="there is no queue called 'bergn'; did you mean"):
        desk.wishes.take_queue("kari", "bergn", ANNA)


async def test_a_wrap_up_is_made_longer_and_ended(desk: Desk) -> None:
    with desk.place_in(waits_in(rules_with()), "caller") as place:
        await place.next()
        place.took()
    for refused in (-1.0, 0.0, 0.9, 3600.1):
        with pytest.raises(ChangeRefused, match="longer by 1 s to 1 h at once"):
            desk.wishes.longer_wrap_up("kari", refused, ANNA)
    seat = desk.wishes.longer_wrap_up("kari", 60, ANNA)
    await asyncio.sleep(79)
    assert shown(seat) == (AgentState.WRAPPING_UP, None)
    await asyncio.sleep(2)
    assert shown(seat) == (AgentState.AVAILABLE, None)

    with desk.place_in(waits_in(rules_with()), "caller") as place:
        await place.next()
        place.took()
    assert shown(desk.wishes.end_wrap_up("kari", ANNA)) == (AgentState.AVAILABLE, None)


async def test_who_wants_no_pause_after_all_wraps_up_to_the_end(desk: Desk) -> None:
    with desk.place_in(waits_in(rules_with()), "caller") as place:
        await place.next()
        place.took()
        seat = desk.wishes.pause("kari", "lunch", ANNA)
    assert shown(seat) == (AgentState.WRAPPING_UP, "lunch")
    await asyncio.sleep(5)

    desk.wishes.resume("kari", ANNA)

    await asyncio.sleep(14)
    assert shown(seat) == (AgentState.WRAPPING_UP, None)
    await asyncio.sleep(2)
    assert shown(seat) == (AgentState.AVAILABLE, None)


async def test_the_second_call_in_a_row_that_nobody_took_is_a_pause(desk: Desk) -> None:
    seat = desk.wishes.sign_in("kari", ANNA)
    with desk.place_in(waits_in(rules_with()), "caller") as place:
        for _ in range(2):
            await place.next()
            place.missed()
            assert shown(seat) == (AgentState.PAUSED, "missed")
            await asyncio.sleep(MISSED_PAUSE_SECONDS + 1)
        assert shown(seat) == (AgentState.PAUSED, "missed")
        await asyncio.sleep(3600)
        assert shown(seat) == (AgentState.PAUSED, "missed")

        desk.wishes.resume("kari", ANNA)
        assert isinstance(await place.next(), AgentFree)


async def test_who_declines_is_left_in_peace_and_not_paused_for_it(desk: Desk) -> None:
    seat = desk.wishes.sign_in("kari", ANNA)
    with desk.place_in(waits_in(rules_with()), "caller") as place:
        for _ in range(4):
            await place.next()
            place.missed(is_declined=True)
            assert shown(seat) == (AgentState.PAUSED, "missed")
            await asyncio.sleep(MISSED_PAUSE_SECONDS + 1)

        assert isinstance(await place.next(), AgentFree)


async def test_a_call_that_was_taken_forgives_those_that_were_not(desk: Desk) -> None:
    seat = desk.wishes.sign_in("kari", ANNA)
    for is_taken in (False, True, False):
        with desk.place_in(waits_in(rules_with()), "caller") as place:
            await place.next()
            if is_taken:
                place.took()
            else:
                place.missed()
        await asyncio.sleep(60)

    assert shown(seat) == (AgentState.AVAILABLE, None)


async def test_a_restart_keeps_pauses_sign_ins_and_queues_with_who_and_why() -> None:
    history = MemoryHistory()
    async with desk_of(history, is_killed=True) as desk:
        desk.phone_changed("kari", is_reachable=True)
        desk.wishes.pause("kari", "pause", ANNA)
        desk.wishes.take_queue("kari", "bergen", ANNA)
        desk.wishes.sign_out("ola", Wish("ola"))

    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)
        desk.phone_changed("ola", is_reachable=True)
        kari, ola = desk.agents()

    assert (kari.state, kari.reason) == (AgentState.PAUSED, "pause")
    assert kari.queues == ("kundeservice", "bergen")
    assert ola.state is AgentState.SIGNED_OUT
    paused = next(one for one in told_of(history, "kari") if one.kind == "paused")
    assert (paused.author, paused.why, paused.reason) == ("anna", "she asked for it", "pause")
    took = next(one for one in told_of(history, "kari") if one.kind == "took_queue")
    assert (took.queue, took.taken) == ("bergen", ("bergen",))
