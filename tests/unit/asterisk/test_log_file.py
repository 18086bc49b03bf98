"""Asterisk's log as a file: emptied while Asterisk writes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ivr.asterisk import log_file
from ivr.asterisk.log_file import LONGEST_LINE, LONGEST_PRINTED, LONGEST_READ, MOST_KEPT

EMERGENCY = "[2026-11-26 01:57:06.454] WARNING[1] emergency call 17.1 to 112 from phone kari began"
NOISE = "x" * 90 + "\n"


def test_it_is_empty_after_it_was_read_and_goes_on_to_be_written(tmp_path: Path) -> None:
    box = tmp_path / "messages.log"
    with box.open("a") as asterisk:
        print("one", file=asterisk, flush=True)
        first = log_file.empty(box)
        print("two", file=asterisk, flush=True)
        second = log_file.empty(box)

    assert (first, second, log_file.empty(box)) == ("one\n", "two\n", "")


def test_no_line_is_lost_that_comes_while_it_is_emptied(tmp_path: Path) -> None:
    box = tmp_path / "messages.log"
    box.touch()
    said = [f"line {number}" for number in range(20_000)]

    def write() -> None:
        with box.open("ab", buffering=0) as asterisk:
            for line in said:
                asterisk.write(f"{line}\n".encode())

    asterisk = threading.Thread(target=write)
    asterisk.start()
    heard = []
    while asterisk.is_alive():
        heard.append(log_file.empty(box))
    heard.append(log_file.empty(box))

    assert "".join(heard).splitlines() == said
    assert log_file.held(box) <= 2 * box.stat().st_blksize
    assert b"line" not in box.read_bytes()


def test_a_line_that_is_being_written_waits_for_its_end(tmp_path: Path) -> None:
    box = tmp_path / "messages.log"
    with box.open("ab", buffering=0) as asterisk:
        asterisk.write(b"one\nthe first half ")
        first = log_file.empty(box)
        asterisk.write(b"and the second\n")

    assert (first, log_file.empty(box)) == ("one\n", "the first half and the second\n")


def test_a_line_that_never_ends_is_read_all_the_same(tmp_path: Path) -> None:
    box = tmp_path / "messages.log"
    box.write_text("x" * LONGEST_LINE)

    assert log_file.empty(box) == "x" * LONGEST_LINE
    assert log_file.empty(box) == ""


@pytest.mark.parametrize("before", [0, 1, 100, LONGEST_READ // len(NOISE) + 1])
@pytest.mark.parametrize("after", [2_000, LONGEST_READ // len(NOISE), 20_000])
def test_of_a_log_that_grew_while_nobody_read_the_end_is_taken_and_each_emergency_call(
    tmp_path: Path, before: int, after: int
) -> None:
    box = tmp_path / "messages.log"
    box.write_text(f"{NOISE * before}{EMERGENCY}\n{NOISE * after}the end\n")

    said = log_file.empty(box)

    assert said.count(EMERGENCY) == 1
    assert said.endswith("the end\n")
    assert len(said) <= LONGEST_READ + len(EMERGENCY) + 1
    assert log_file.empty(box) == ""


def test_an_emergency_call_is_read_wherever_it_stands_in_what_nobody_read(tmp_path: Path) -> None:
    for offset in range(0, 2 * len(EMERGENCY), 7):
        box = tmp_path / f"{offset}.log"
        behind = LONGEST_READ - offset
        box.write_text(f"{NOISE * 50}{EMERGENCY}\n{'y' * (behind - 1)}\n")

        assert log_file.empty(box).count(EMERGENCY) == 1


def test_a_flood_of_emergency_calls_is_bounded(tmp_path: Path) -> None:
    box = tmp_path / "messages.log"
    box.write_text(f"{EMERGENCY}\n" * 2 * MOST_KEPT)

    most = (MOST_KEPT + 1) * (len(EMERGENCY) + 1) + LONGEST_READ
    assert len(log_file.empty(box)) <= most


def test_where_no_file_system_can_cut_it_out_it_is_cut_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "_allocate", lambda *_: False)
    box = tmp_path / "messages.log"
    box.write_text("one\n")

    assert log_file.empty(box) == "one\n"
    assert box.stat().st_size == 0


def test_where_there_is_none_nothing_was_said(tmp_path: Path) -> None:
    assert log_file.empty(tmp_path / "messages.log") == ""


@pytest.mark.parametrize("size", [0, 10, LONGEST_PRINTED, LONGEST_PRINTED + 1, 5 * LONGEST_PRINTED])
def test_what_asterisk_prints_stays_bounded_and_its_end_is_kept(tmp_path: Path, size: int) -> None:
    console = tmp_path / "console.log"
    with console.open("ab", buffering=0) as asterisk:
        asterisk.write(b"x" * size + b"the end\n")

        log_file.shorten(console)
        asterisk.write(b"and on\n")

    kept = console.read_bytes()
    assert kept.endswith(b"the end\nand on\n")
    assert len(kept) <= LONGEST_PRINTED + 100
    assert b"\0" not in kept


def test_nothing_printed_yet_is_no_fault(tmp_path: Path) -> None:
    log_file.shorten(tmp_path / "console.log")

    assert list(tmp_path.iterdir()) == []
