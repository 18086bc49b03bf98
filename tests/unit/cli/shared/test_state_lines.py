"""The screen of `ivr status`: what stands there, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
