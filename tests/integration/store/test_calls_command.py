from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.calls import calls
from ivr.errors import StoreFailed
from ivr.records.emergency import EmergencyRecord, EmergencyTry
from ivr.records.events import Arrived, Connected, Ended, Queued, Reason, Routed
from ivr.store.open import open_store

ARRIVED = Arrived(
    dialled="+4755301000", caller="+4790123456", call_time="", revision="r", channel="c"
)
ROUTED = Routed(to="queue q", language="nb", steps=(Reason(text="open", file="r.yaml", line=3),))


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    async with open_store(tmp_path).keeping() as kept:
        journal = kept.journal
        for number in range(3):
            journal.note(f"call-{number}", ARRIVED)
            journal.note(f"call-{number}", ROUTED)
            journal.note(f"call-{number}", Queued(queue="national"))
            journal.note(f"call-{number}", Connected(queue="national", agent="kari"))
            journal.note(f"call-{number}", Ended(by="caller"))
    return tmp_path


async def test_list_is_newest_first_with_callers_masked(home: Path) -> None:
    shown = CliRunner().invoke(calls, ["--home", str(home)], catch_exceptions=False)

    lines = shown.output.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["call-2", "call-1", "call-0"]
    assert "answered" in lines[1]
    assert "kari" in lines[1]
    assert "+47…456" in lines[1]
    assert "90123456" not in shown.output


async def test_json_has_everything_and_as_many_as_asked_for(home: Path) -> None:
    shown = CliRunner().invoke(
        calls, ["--home", str(home), "--json", "--last", "2"], catch_exceptions=False
    )

    newest, _ = json.loads(shown.output)
    assert newest["call_id"] == "call-2"
    assert newest["caller"] == "+4790123456"
    assert newest["visits"][0]["outcome"] == "answered"
    assert newest["decisions"][0]["steps"][0]["line"] == 3


def test_home_without_calls_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no server has taken calls"):
        CliRunner().invoke(calls, ["--home", str(tmp_path)], catch_exceptions=False)


async def test_journal_without_an_ended_call_is_told_as_such(tmp_path: Path) -> None:
    async with open_store(tmp_path).keeping():
        shown = CliRunner().invoke(calls, ["--home", str(tmp_path)], catch_exceptions=False)

    assert shown.output == "no call has ended yet\n"


async def test_the_list_is_told_in_norwegian_too(home: Path) -> None:
    argv = ["--home", str(home), "--language", "nb"]
    titles, *lines = CliRunner().invoke(calls, argv, catch_exceptions=False).output.splitlines()

    assert titles.split() == [
        "KOM",
        "INN",
        "INNRINGER",
        "RINGTE",
        "ENDTE",
        "SOM",
        "KØ",
        "HOS",
        "VENTET",
        "SNAKKET",
        "ID",
    ]
    assert all("  besvart  " in line for line in lines)
    assert all("0,0 s" in line for line in lines)


NOW = datetime.now(UTC) + timedelta(days=1)
EMERGENCY = EmergencyRecord(
    call="ivr-1.0",
    number="112",
    phone="kari",
    site="bergen",
    shown="+4755301000",
    began_at=NOW,
    answered_at=NOW + timedelta(seconds=2),
    ended_at=NOW + timedelta(seconds=32),
    trunk="lyse",
    outcome="answered",
    talk_seconds=30,
    tries=(
        EmergencyTry(trunk="telia", at=NOW, status=503),
        EmergencyTry(trunk="ice", at=NOW),
    ),
)


@pytest.fixture
async def with_emergency(home: Path) -> Path:
    async with open_store(home).keeping() as kept:
        await kept.ledger.put_emergencies(EMERGENCY)
    return home


def test_an_emergency_call_stands_below_the_calls_and_is_none_of_them(with_emergency: Path) -> None:
    shown = CliRunner().invoke(calls, ["--home", str(with_emergency)], catch_exceptions=False)
    facts = CliRunner().invoke(
        calls, ["--home", str(with_emergency), "--json"], catch_exceptions=False
    )

    above, below = shown.output.split("\nemergency calls\n")
    assert len(above.splitlines()) == 4
    assert "112 from phone kari, site bergen, shown as +4755301000, answered over lyse" in below
    assert "telia did not take it: 503\n" in below
    assert "ice did not take it: no answer\n" in below
    assert len(json.loads(facts.output)) == 3


def test_emergency_calls_alone_are_told_in_lines_and_as_facts(with_emergency: Path) -> None:
    argv = ["--home", str(with_emergency), "--emergency"]
    shown = CliRunner().invoke(calls, argv, catch_exceptions=False)
    facts = CliRunner().invoke(calls, [*argv, "--json"], catch_exceptions=False)

    assert len(shown.output.splitlines()) == 3
    (call,) = json.loads(facts.output)
    assert (call["outcome"], call["tries"][0]["status"]) == ("answered", 503)


def test_emergency_calls_are_told_in_norwegian_too(with_emergency: Path) -> None:
    argv = ["--home", str(with_emergency), "--language", "nb"]
    _, below = CliRunner().invoke(calls, argv).output.split("\nnødanrop\n")

    assert "112 fra telefonen kari, stedet bergen, vist som +4755301000, besvart over lyse" in below
    assert "telia tok det ikke: 503\n" in below
    assert "ice tok det ikke: uten svar\n" in below


def test_a_house_without_emergency_calls_says_so(home: Path) -> None:
    shown = CliRunner().invoke(calls, ["--home", str(home), "--emergency"])

    assert shown.output == "no phone has called an emergency number yet\n"
