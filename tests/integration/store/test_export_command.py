"""`ivr export` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.export import export
from ivr.errors import NumberRefused, StoreFailed
from ivr.records.changes import FollowUp
from ivr.records.events import Arrived, Ended, MessageLeft, RecordingStarted
from ivr.store.open import open_store
from tests.integration.store.calls_kept import DAY, TO_BERGEN, Story, abandoned, kept

CALLER = "+4790000000"
OTHER = "+4790000001"
ODD = "+999123"
"""No numbering plan knows it; calls with such numbers come all the same."""
LEFT, CUT, LOST, ELSEWHERE = "rec/left.wav", "rec/cut.wav", "rec/lost.wav", "../outside.wav"


def leaves_messages() -> Story:
    return (
        (0, TO_BERGEN),
        (1, RecordingStarted(voicemail="box", file=LEFT)),
        (9, MessageLeft(voicemail="box", file=LEFT, seconds=8.0)),
        (10, RecordingStarted(voicemail="box", file=CUT)),
        (11, RecordingStarted(voicemail="box", file="rec/never.wav")),
        (12, MessageLeft(voicemail="box", file=LOST, seconds=2.0)),
        (13, MessageLeft(voicemail="box", file=ELSEWHERE, seconds=2.0)),
        (20, Ended(by="caller")),
    )


def arrives(caller: str) -> Arrived:
    return Arrived(dialled="+4755301000", caller=caller, call_time="", revision="r", channel="c")


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """Of CALLER: a call with messages, a later one, one under way, and a follow-up; of others much the same."""
    home = tmp_path / "home"
    (home / "rec").mkdir(parents=True)
    (home / LEFT).write_bytes(b"hello")
    (home / CUT).write_bytes(b"hel")
    (tmp_path / "outside.wav").write_bytes(b"not of this home")
    await kept(home, [leaves_messages(), abandoned(60.0)])
    await kept(home, [abandoned(90.0)], begins=DAY + timedelta(hours=2))
    async with open_store(home).keeping() as keeping:
        keeping.journal.note("under-way", arrives(CALLER))
        keeping.journal.note("under-way-other", arrives(OTHER))
        keeping.journal.note("odd", arrives(ODD))
        keeping.journal.note("odd", Ended(by="caller"))
        for caller, why in ((CALLER, "called back"), (OTHER, "another's")):
            told = FollowUp(follow_up_id=caller, caller=caller, at=DAY, author="kari", why=why)
            await keeping.ledger.put_follow_up(told)
    return home


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(export, ["--home", str(home), *arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    "spelling", [CALLER, "90 00 00 00", "0047 90000000", "+47 (900) 00-000", "90\u00a0000\u00a0000"]
)
def test_any_spelling_finds_every_call_and_nobody_elses(home: Path, spelling: str) -> None:
    found = json.loads(run(home, spelling, "--json").output)

    ids = [call["call_id"] for call in found["calls"]]
    assert ids == ["230900-00000", "231100-00000", "under-way"]
    assert {call["caller"] for call in found["calls"]} == {CALLER}
    assert [told["why"] for told in found["follow_ups"]] == ["called back"]
    assert OTHER not in json.dumps(found)


def test_calls_come_with_their_events_and_reasons(home: Path) -> None:
    calls = json.loads(run(home, CALLER, "--json").output)["calls"]

    types = [[entry["event"]["type"] for entry in call["events"]] for call in calls]
    assert types[0][0] == "arrived"
    assert types[0][-1] == "ended"
    assert len(types[0]) == 1 + len(leaves_messages())
    assert types[2] == ["arrived"]
    assert [decision["to"] for decision in calls[0]["decisions"]] == ["queue bergen"]


def test_sound_that_was_left_is_there_also_of_a_message_that_was_lost(home: Path) -> None:
    found = json.loads(run(home, CALLER, "--json").output)

    assert found["recordings"] == [LEFT, CUT]
    assert found["missing"] == [LOST, ELSEWHERE]


def test_the_folder_has_all_of_it_for_this_users_eyes_only(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "given"

    result = run(home, CALLER, "-o", str(folder))

    assert "3 calls, 4 recordings, 1 follow-up" in result.output
    assert json.loads((folder / "caller.json").read_bytes()) == json.loads(
        run(home, CALLER, "--json").output
    )
    assert (folder / "caller.txt").read_text("utf-8") == run(home, CALLER).output
    sounds = {one.name: one.read_bytes() for one in (folder / "recordings").iterdir()}
    assert sounds == {"left.wav": b"hello", "cut.wav": b"hel"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


def test_text_has_the_number_the_story_and_the_files(home: Path) -> None:
    text = run(home, CALLER).output

    assert text.startswith("+47 90 00 00 00: 3 calls, 4 recordings, 1 follow-up\n")
    for part in ("230900-00000", "under-way", "by kari: called back", LEFT, f"{LOST} (is not"):
        assert part in text
    assert "another's" not in text


def test_the_text_is_norwegian_from_the_first_line_to_the_last(home: Path) -> None:
    text = run(home, CALLER, "--language", "nb").output

    assert text.startswith("+47 90 00 00 00: 3 samtaler, 4 opptak, 1 oppfølging\n")
    for part in (
        "av kari: called back",
        f"opptak  {LOST} (er ikke der)",
        "slutt: innringeren la på",
    ):
        assert part in text
    assert not re.search(r"\b(call|recording|by|ended|caller|queue:|said)\b", text)


def test_a_number_that_no_plan_knows_is_found_as_it_came(home: Path) -> None:
    found = json.loads(run(home, "+999 123", "--json").output)

    assert [call["call_id"] for call in found["calls"]] == ["odd"]


def test_of_somebody_unknown_nothing_is_kept(home: Path) -> None:
    result = run(home, "+47 55 99 99 99")

    assert result.output == "+47 55 99 99 99: nothing is kept of this caller\n"


@pytest.mark.parametrize("text", ["kari", "+47 900", "withheld", "+999 124", ""])
def test_what_is_no_number_is_refused(home: Path, text: str) -> None:
    with pytest.raises(NumberRefused):
        run(home, text)


def test_a_folder_with_something_in_it_is_left_alone(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "mine").write_text("mine")

    result = run(home, CALLER, "-o", str(folder))

    assert result.exit_code == 1
    assert "name a new folder" in result.output
    assert [one.name for one in folder.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_made_is_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = run(home, CALLER, "-o", str(tmp_path / "file" / "below"))

    assert result.exit_code == 1
    assert "cannot write all of" in result.output


def test_one_form_at_a_time(home: Path, tmp_path: Path) -> None:
    assert run(home, CALLER, "--json", "-o", str(tmp_path / "new")).exit_code == 2
    assert not (tmp_path / "new").exists()


async def test_it_changes_nothing_and_works_while_a_server_has_the_lease(home: Path) -> None:
    def bytes_kept() -> str:
        return hashlib.sha256((home / "journal.sqlite").read_bytes()).hexdigest()

    async with open_store(home).keeping():
        before = bytes_kept()
        assert len(json.loads(run(home, CALLER, "--json").output)["calls"]) == 3
        assert bytes_kept() == before


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no server has taken calls"):
        run(tmp_path, CALLER)
