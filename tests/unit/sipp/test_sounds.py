import struct
from pathlib import Path

import pytest

from ivr.sipp.script import KEYS
from ivr.sipp.sounds import alaw, key_file, key_frames, tone, write_sounds


@pytest.mark.parametrize("key", KEYS)
def test_key_is_an_event_that_lasts_and_ends_once(key: str) -> None:
    frames = key_frames(key)

    events = [struct.unpack_from("!BBH", frames, at) for at in range(0, len(frames), 50)]
    assert {event for event, _, _ in events} == {KEYS.index(key)}
    assert [bool(flags & 0x80) for _, flags, _ in events] == [False] * 4 + [True]
    assert [samples for _, _, samples in events] == [240, 480, 720, 960, 1200]


@pytest.mark.parametrize(
    ("sample", "octet"),
    [
        (0, 0xD5),
        (-1, 0x55),
        (8, 0xD5),
        (16, 0xD4),
        (32_767, 0xAA),
        (-32_768, 0x2A),
        (1_000, 0xFA),
        (-1_000, 0x7A),
    ],
)
def test_linear_sample_becomes_its_a_law_octet(sample: int, octet: int) -> None:
    assert alaw(sample) == octet


def test_tone_fills_whole_frames_so_that_it_can_be_repeated() -> None:
    assert len(tone()) == 8000
    assert len(tone()) % 160 == 0


def test_every_key_has_a_file_with_a_name_of_its_own(tmp_path: Path) -> None:
    write_sounds(tmp_path)

    names = {key_file(key) for key in KEYS}
    assert len(names) == len(KEYS)
    assert {path.name for path in tmp_path.iterdir()} == names | {"tone.alaw", "silence.alaw"}
