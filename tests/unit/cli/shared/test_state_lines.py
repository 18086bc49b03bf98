"""The screen of `ivr status`: what stands there, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from ivr.cli.shared.state_lines import state_lines
from ivr.control import PresentAgent, PresentQueue, PresentState
from ivr.records.present import PresentCall

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
CALLER = "+4790123456"
AGO = NOW - timedelta(minutes=2, seconds=5)
STATE = PresentState(
    at=NOW,
    queues=(
        PresentQueue(
            name="bergen", waiting=1, talking=2, signed_in=4, available=3, longest_since=AGO
        ),
        PresentQueue(name="oslo", waiting=0, talking=0, signed_in=0, available=0),
    ),
    agents=(
        PresentAgent(
            name="kari", title="Kari", state="offered", queues=(), call_id="1-call", since=AGO
        ),
    ),
    calls=(
        PresentCall(
            call_id="1-call",
            dialled="+4721000000",
            caller=CALLER,
            trunk=None,
            test=False,
            arrived_at=AGO,
            doing="ringing",
            since=NOW,
            at="queue bergen",
            queue="bergen",
            waiting_since=AGO,
            agent="kari",
        ),
    ),
)


def test_each_thing_has_a_line() -> None:
    lines = state_lines(STATE, ["the disk is full"])

    assert lines[0] == "!! the disk is full"
    assert any(line.split() == ["bergen", "1", "2:05", "2", "3", "4"] for line in lines)
    assert any(line.split() == ["oslo", "0", "-", "0", "0", "0"] for line in lines)
    assert any(line.split() == ["kari", "offered", "2:05", "+47…456"] for line in lines)
    call = next(line for line in lines if line.startswith("+47…456"))
    assert call.split()[1:] == ["+4721000000", "ringing", "2:05", "queue", "bergen", "kari"]


def test_a_callers_number_is_on_no_screen() -> None:
    assert CALLER not in "\n".join(state_lines(STATE))


def test_an_empty_house_says_so() -> None:
    empty = PresentState(at=NOW, queues=(), agents=(), calls=())

    assert state_lines(empty)[-1] == "no call is under way"


def test_whom_an_agent_calls_outside_is_masked() -> None:
    own = msgspec.structs.replace(STATE.calls[0], dialled=CALLER, caller=None, own_call=True)
    by_kari = msgspec.structs.replace(own, made_by="kari")

    shown = state_lines(msgspec.structs.replace(STATE, calls=(own, by_kari)))

    assert CALLER not in "\n".join(shown)
    assert shown[-2].startswith("one of ours  +47…456")
    assert shown[-1].startswith("kari         +47…456")


def test_what_is_to_come_is_told_from_what_is() -> None:
    closed = msgspec.structs.replace(STATE.queues[0], closed_until=NOW + timedelta(hours=1))
    talking = msgspec.structs.replace(STATE.agents[0], state="talking", reason="lunch")
    leaving = msgspec.structs.replace(talking, name="ola", signed_in=False)
    state = msgspec.structs.replace(STATE, queues=(closed,), agents=(talking, leaving))

    shown = [" ".join(line.split()) for line in state_lines(state)]

    assert "bergen (closed by hand) 1 2:05 2 3 4" in shown
    assert "kari talking (lunch next) 2:05 +47…456" in shown
    assert "ola talking (signs out next) 2:05 +47…456" in shown
