"""What is written after `ivr agent NAME`, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from ivr.cli import ivr
from ivr.cli.agent import asked_for
from ivr.cli.shared.agent_lines import agent_lines
from ivr.control import AgentAsked, PresentAgent, PresentState

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("sign-in", AgentAsked(agent="kari", act="sign_in")),
        ("sign-out", AgentAsked(agent="kari", act="sign_out")),
        ("pause", AgentAsked(agent="kari", act="pause")),
        ("pause lunch", AgentAsked(agent="kari", act="pause", reason="lunch")),
        ("resume", AgentAsked(agent="kari", act="resume")),
        ("take bergen", AgentAsked(agent="kari", act="take", queue="bergen")),
        ("leave bergen", AgentAsked(agent="kari", act="leave", queue="bergen")),
        ("wrap-up end", AgentAsked(agent="kari", act="end_wrap_up")),
        ("wrap-up longer", AgentAsked(agent="kari", act="longer_wrap_up")),
        ("wrap-up longer 2m", AgentAsked(agent="kari", act="longer_wrap_up", seconds=120)),
    ],
)
def test_words_are_what_is_asked(words: str, asked: AgentAsked) -> None:
    assert asked_for("kari", tuple(words.split()), "") == asked


@pytest.mark.parametrize("words", ["lunch", "pause lunch now", "take", "wrap-up", "sign-in now"])
def test_other_words_are_answered_with_those_that_can_be_written(words: str) -> None:
    with pytest.raises(click.UsageError, match="write one of: sign-in, sign-out, pause REASON"):
        asked_for("kari", tuple(words.split()), "")


def test_a_wrap_up_cannot_be_made_longer_by_a_week() -> None:
    told = CliRunner().invoke(ivr, ["agent", "kari", "wrap-up", "longer", "7d", "--home", "."])

    assert told.exit_code == 2
    assert "1s to 1h" in told.output


def test_a_line_says_what_each_agent_does_for_how_long_and_why() -> None:
    agents = (
        PresentAgent(
            name="kari",
            title="Kari",
            state="paused",
            queues=("bergen", "faktura"),
            since=NOW - timedelta(minutes=5),
            reason="lunch",
            phone="kari",
        ),
        PresentAgent(
            name="ola", title="Ola", state="talking", queues=(), since=NOW, reason="training"
        ),
        PresentAgent(
            name="siri", title="Siri", state="offered", queues=(), since=NOW, signed_in=False
        ),
        PresentAgent(
            name="per", title="Per", state="signed out", queues=(), phone="per", phone_there=False
        ),
    )

    lines = agent_lines(PresentState(at=NOW, queues=(), agents=agents, calls=()))

    assert [" ".join(line.split()) for line in lines] == [
        "agent does for why phone queues",
        "kari paused 5:00 lunch kari bergen, faktura",
        "ola talking 0:00 training next - -",
        "siri offered 0:00 signs out next - -",
        "per signed out - no phone per -",
    ]
