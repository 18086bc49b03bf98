from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.audio.inspection import inspect
from ivr.audio.script import read_script
from ivr.audio.stand_ins import StandIn, write_stand_ins

MakeTone = Callable[..., list[int]]
WriteWav = Callable[..., Path]
GOOD_DBFS = -21.0


@pytest.fixture
def folder(tmp_path: Path, write_wav: WriteWav, make_tone: MakeTone) -> Path:
    """A script of two prompts, both recorded well."""
    (tmp_path / "script.yaml").write_text(
        "voices: {nb: {voice: nb, speed: 140, pitch: 50}}\n"
        "prompts: {welcome: {nb: Hei}, closed: {nb: Stengt}}\n"
    )
    for name in ("welcome", "closed"):
        write_wav(f"nb/{name}.wav", make_tone(0.2, dbfs=GOOD_DBFS))
    return tmp_path


def test_good_recordings_have_no_findings(folder: Path) -> None:
    inspection = inspect(folder)

    assert [one.file for one in inspection.recordings] == ["nb/closed.wav", "nb/welcome.wav"]
    assert inspection.faults == inspection.warnings == ()
    assert not any(one.is_stand_in for one in inspection.recordings)


def test_all_that_is_wrong_is_told_at_once(
    folder: Path, write_wav: WriteWav, make_tone: MakeTone
) -> None:
    (folder / "nb" / "closed.wav").unlink()
    write_wav("nb/welcome.wav", rate=16000)
    write_wav("nb/late.wav", make_tone(0.2, dbfs=GOOD_DBFS, lead=0.4))
    write_wav("nb/loud.wav", make_tone(0.2, dbfs=-9))
    write_wav("nb/quiet.wav", make_tone(0.2, dbfs=-36))

    inspection = inspect(folder)

    assert [str(fault) for fault in inspection.faults] == [
        "nb/welcome.wav: 16000 Hz mono; need 8 kHz mono 16-bit "
        "(run: ivr prompts import welcome.wav)",
        "nb/closed.wav: no recording; record it, or run: ivr prompts stand-ins",
    ]
    assert [str(warning) for warning in inspection.warnings] == [
        "nb/late.wav: 0.4 s of silence before the first sound; run: ivr prompts import with it",
        "nb/loud.wav: 12 dB louder than the other prompts; run: ivr prompts import with it",
        "nb/quiet.wav: 15 dB quieter than the other prompts; run: ivr prompts import with it",
    ]


def test_a_stand_in_is_one_until_a_person_has_recorded_it(
    folder: Path, write_wav: WriteWav, make_tone: MakeTone
) -> None:
    lines = read_script(folder).lines
    listed = {
        (line.language, line.name): StandIn.of(folder / f"nb/{line.name}.wav", line)
        for line in lines
    }
    write_stand_ins(folder, listed)
    write_wav("nb/welcome.wav", make_tone(0.3, dbfs=GOOD_DBFS))

    inspection = inspect(folder)

    assert [one.file for one in inspection.recordings if one.is_stand_in] == ["nb/closed.wav"]


def test_a_stand_in_that_says_what_the_script_no_longer_says_is_told(folder: Path) -> None:
    line = read_script(folder).lines[0]
    write_stand_ins(folder, {("nb", "welcome"): StandIn.of(folder / "nb/welcome.wav", line)})
    script = folder / "script.yaml"
    script.write_text(script.read_text().replace("Hei", "God dag"))

    inspection = inspect(folder)

    assert [str(warning) for warning in inspection.warnings] == [
        "nb/welcome.wav: the script says something else now; run: ivr prompts stand-ins"
    ]


def test_folder_without_a_script_is_looked_at_all_the_same(
    tmp_path: Path, write_wav: Callable[..., Path]
) -> None:
    write_wav("nb/welcome.wav", rate=44100)

    found = inspect(tmp_path)

    assert [fault.file for fault in found.faults] == ["nb/welcome.wav"]
    assert [doubt.file for doubt in found.warnings] == ["script.yaml"]
