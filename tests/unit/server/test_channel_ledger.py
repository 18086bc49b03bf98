"""Ends of channels are found in Asterisk's own ledger, however much stands in it, and whatever was cut off."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.server.channel_events import FOLDER
from ivr.server.channel_ledger import NEAR_BYTES, ChannelLedger

BEGAN = datetime(2026, 11, 27, 8, tzinfo=UTC)


def line(event: str, seconds: float, channel: str, extra: str = "{}") -> str:
    at = (BEGAN + timedelta(seconds=seconds)).timestamp()
    quoted = extra.replace('"', '""')
    return f'"{event}","{at:.6f}","PJSIP/{channel}","","{channel}","{channel}","{quoted}"\n'


def of_call(channel: str, seconds: float) -> str:
    """One that lasts for ten seconds."""
    cause = '{"hangupcause":16,"hangupsource":""}'
    return (
        line("CHAN_START", seconds, channel)
        + line("APP_START", seconds, channel)
        + line("HANGUP", seconds + 10, channel, cause)
        + line("CHAN_END", seconds + 10, channel)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    return folder


def write(file: Path, text: str, last_seconds: float) -> None:
    file.write_text(text)
    at = (BEGAN + timedelta(seconds=last_seconds)).timestamp()
    os.utime(file, (at, at))


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


async def test_the_end_of_each_channel_has_its_time_and_its_cause(
    folder: Path, tmp_path: Path
) -> None:
    write(folder / "cel.csv", of_call("a", 0) + of_call("b", 20) + of_call("c", 40), 50)

    found = await ChannelLedger(tmp_path).ends(["a", "c", "d"], after(5))

    assert {name: (one.ended, one.cause) for name, one in found.items()} == {
        "a": (after(10), 16),
        "c": (after(50), 16),
    }


@pytest.mark.parametrize("number", [0, 1, 700, 1500, 2998, 2999])
def test_one_call_is_found_in_a_file_of_thousands_from_anywhere_before_its_end(
    folder: Path, tmp_path: Path, number: int
) -> None:
    write(folder / "cel.csv", "".join(of_call(f"c{one}", one * 20) for one in range(3000)), 60_000)
    assert (folder / "cel.csv").stat().st_size > 10 * NEAR_BYTES

    for seconds in (0, number * 20 - 500, number * 20 + 10):
        (found,) = ChannelLedger(tmp_path).read([f"c{number}"], after(seconds)).values()
        assert found.ended == after(number * 20 + 10)
    assert not ChannelLedger(tmp_path).read([f"c{number}"], after(number * 20 + 15))


def test_files_of_the_days_before_are_read_only_where_they_go_on_long_enough(
    folder: Path, tmp_path: Path
) -> None:
    write(folder / "cel-20261126T033000.csv", of_call("a", -7200), -7190)
    write(folder / "cel-20261127T033000.csv", of_call("b", 0), 10)
    write(folder / "cel.csv", of_call("c", 100), 110)

    assert set(ChannelLedger(tmp_path).read("abc", after(5))) == {"b", "c"}


def test_lines_that_were_cut_off_and_a_ledger_that_is_not_there_are_no_harm(
    folder: Path, tmp_path: Path
) -> None:
    write(folder / "cel.csv", 'HANGUP","17\n' + of_call("a", 0) + '"HANGUP","176423', 10)

    assert set(ChannelLedger(tmp_path).read("a", after(0))) == {"a"}
    assert not ChannelLedger(tmp_path / "elsewhere").read("a", after(0))
