"""The table of an agent's states: what holds after any moves whatever, and what each move does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.agents import (
    AT_REST,
    BUSY,
    MISSED_REASON,
    SILENT_REASON,
    AgentEvent,
    AgentState,
    Duty,
    move,
)

Moves = list[tuple[AgentEvent, str | None]]


def one_move() -> st.SearchStrategy[tuple[AgentEvent, str | None]]:
    others = st.sampled_from([one for one in AgentEvent if one is not AgentEvent.PAUSED])
    pauses = st.sampled_from(["lunch", "training"])
    return others.map(lambda event: (event, None)) | pauses.map(
        lambda reason: (AgentEvent.PAUSED, reason)
    )


def duty_after(moves: Moves) -> Duty:
    duty = Duty()
    for event, reason in moves:
        duty = move(duty, event, reason)
    return duty


AT_WORK: Moves = [(AgentEvent.PHONE_CAME, None), (AgentEvent.SIGNED_IN, None)]


def at_work(*events: AgentEvent) -> Duty:
    return duty_after([*AT_WORK, *((event, None) for event in events)])


@given(st.lists(one_move()))
def test_who_is_not_busy_does_what_they_want_and_their_phone_lets_them(moves: Moves) -> None:
    duty = duty_after(moves)

    if duty.state in AT_REST:
        assert duty.state is duty.at_rest


@given(st.lists(one_move()))
def test_an_available_agent_is_signed_in_not_paused_and_has_a_phone_that_is_free(
    moves: Moves,
) -> None:
    duty = duty_after(moves)

    if duty.state is AgentState.AVAILABLE:
        assert duty.is_signed_in
        assert duty.has_phone
        assert duty.reason is None
        assert not duty.is_in_own_call


@given(st.lists(one_move()), one_move())
def test_only_an_available_agent_is_offered_a_call_and_only_an_offer_is_taken(
    moves: Moves, last: tuple[AgentEvent, str | None]
) -> None:
    before = duty_after(moves)
    after = move(before, *last)

    if after.state is not before.state and after.state is AgentState.OFFERED:
        assert (before.state, last[0]) == (AgentState.AVAILABLE, AgentEvent.WAS_OFFERED)
    if after.state is not before.state and after.state is AgentState.TALKING:
        is_offer_taken = (before.state, last[0]) == (AgentState.OFFERED, AgentEvent.TOOK)
        assert is_offer_taken or last[0] is AgentEvent.TAKEN_UP
    if after.state is not before.state and after.state is AgentState.WRAPPING_UP:
        assert (before.state, last[0]) == (AgentState.TALKING, AgentEvent.TALK_ENDED)


@given(st.lists(one_move()), one_move())
def test_nothing_that_is_wanted_ends_a_talk_or_an_offer(
    moves: Moves, last: tuple[AgentEvent, str | None]
) -> None:
    before = duty_after(moves)
    after = move(before, *last)

    ends_a_talk = {AgentEvent.TALK_ENDED, AgentEvent.SILENT}
    if before.state is AgentState.TALKING and last[0] not in ends_a_talk:
        assert after.state is AgentState.TALKING
    ends_an_offer = {AgentEvent.WITHDRAWN, AgentEvent.MISSED, AgentEvent.DECLINED, AgentEvent.TOOK}
    if before.state is AgentState.OFFERED and last[0] not in ends_an_offer:
        assert after.state is AgentState.OFFERED


@given(st.lists(one_move()))
def test_what_was_asked_for_last_holds_when_all_else_is_over(moves: Moves) -> None:
    over = [AgentEvent.PHONE_CAME, AgentEvent.CALL_ENDED, AgentEvent.WITHDRAWN]
    over += [AgentEvent.TALK_ENDED, AgentEvent.READY]

    duty = duty_after([*moves, *((event, None) for event in over)])
    if duty.reason == SILENT_REASON:  # nobody asked for that
        duty = move(duty, AgentEvent.RESUMED)

    asked = [
        event
        for event, _ in moves
        if event in {AgentEvent.SIGNED_IN, AgentEvent.SIGNED_OUT}
        or (event in {AgentEvent.PAUSED, AgentEvent.RESUMED})
    ]
    wants_in = [e for e in asked if e in {AgentEvent.SIGNED_IN, AgentEvent.SIGNED_OUT}]
    if wants_in[-1:] != [AgentEvent.SIGNED_IN]:
        assert duty.state is AgentState.SIGNED_OUT
    else:
        wants_pause = [e for e in asked if e is not AgentEvent.SIGNED_IN]
        is_paused = wants_pause[-1:] == [AgentEvent.PAUSED]
        assert duty.state is (AgentState.PAUSED if is_paused else AgentState.AVAILABLE)


@pytest.mark.parametrize("state", BUSY)
def test_a_busy_agent_can_always_come_to_rest(state: AgentState) -> None:
    duty = Duty(state, is_signed_in=True, has_phone=True)

    for event in (AgentEvent.WITHDRAWN, AgentEvent.TALK_ENDED, AgentEvent.READY):
        duty = move(duty, event)

    assert duty.state is AgentState.AVAILABLE


def test_an_agent_who_talks_and_whose_phone_flaps_goes_on_talking() -> None:
    talking = at_work(AgentEvent.WAS_OFFERED, AgentEvent.TOOK, AgentEvent.PHONE_WENT)

    assert talking.state is AgentState.TALKING
    assert not talking.has_phone


def test_an_agent_who_missed_a_call_is_paused_and_comes_back() -> None:
    missed = at_work(AgentEvent.WAS_OFFERED, AgentEvent.MISSED)

    assert (missed.state, missed.reason) == (AgentState.PAUSED, MISSED_REASON)
    assert move(missed, AgentEvent.READY).state is AgentState.AVAILABLE


def test_an_agent_whose_phone_is_silent_is_paused_until_the_phone_is_another() -> None:
    silent = at_work(AgentEvent.WAS_OFFERED, AgentEvent.TOOK, AgentEvent.SILENT)

    assert (silent.state, silent.reason) == (AgentState.PAUSED, SILENT_REASON)
    assert move(silent, AgentEvent.READY) == silent
    assert move(silent, AgentEvent.RESUMED).state is AgentState.AVAILABLE
    gone = move(silent, AgentEvent.PHONE_WENT)
    assert move(gone, AgentEvent.PHONE_CAME).state is AgentState.AVAILABLE


def test_lunch_that_was_asked_for_while_the_phone_rang_in_vain_is_no_missed_call() -> None:
    rung = move(at_work(AgentEvent.WAS_OFFERED), AgentEvent.PAUSED, "lunch")
    missed = move(rung, AgentEvent.MISSED)

    assert move(missed, AgentEvent.READY) == missed
    assert (missed.state, missed.reason) == (AgentState.PAUSED, "lunch")


def test_a_pause_that_is_asked_for_in_a_talk_begins_after_the_wrap_up() -> None:
    talking = move(at_work(AgentEvent.WAS_OFFERED, AgentEvent.TOOK), AgentEvent.PAUSED, "lunch")
    wrapping_up = move(talking, AgentEvent.TALK_ENDED)

    assert talking.state is AgentState.TALKING
    assert wrapping_up.state is AgentState.WRAPPING_UP
    assert move(wrapping_up, AgentEvent.READY).state is AgentState.PAUSED


def test_a_pause_ends_the_wrap_up_and_outlasts_a_phone_that_goes() -> None:
    wrapping_up = at_work(AgentEvent.WAS_OFFERED, AgentEvent.TOOK, AgentEvent.TALK_ENDED)

    paused = move(wrapping_up, AgentEvent.PAUSED, "lunch")

    assert paused.state is AgentState.PAUSED
    gone = move(paused, AgentEvent.PHONE_WENT)
    assert gone.state is AgentState.SIGNED_OUT
    assert move(gone, AgentEvent.PHONE_CAME).state is AgentState.PAUSED


def test_who_signed_out_stays_so_though_the_phone_comes_back() -> None:
    out = at_work(AgentEvent.SIGNED_OUT, AgentEvent.PHONE_WENT, AgentEvent.PHONE_CAME)

    assert out.state is AgentState.SIGNED_OUT
