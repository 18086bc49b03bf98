"""Listening with numbers: everything that is wrong with a folder of prompts, all at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.audio.catalogue import AudioFault, PromptCatalogue, Recording
from ivr.audio.mastering import SPEECH_DBFS, Measured, measure
from ivr.audio.script import SCRIPT_FILE, ScriptLine, read_script
from ivr.audio.stand_ins import StandIn, read_stand_ins
from ivr.audio.wav import is_silent, read_samples

LONGEST_LEAD_SECONDS = 0.15
"""A caller who has pressed a key takes a longer silence for a dead line."""

LARGEST_DIFFERENCE_DB = 4.0
"""A prompt further from the common level than this makes callers move the receiver."""

SILENT = "nothing can be heard in it; record it again"
CLIPPED_RUNS = 5
"""So many times that three samples in a row stand at full scale: the recorder was turned up too far."""

LARGEST_OFFSET = 650
"""Of 32,768: a mean beyond 2 % of full scale is a fault of the recorder, and clicks at both ends."""

_FULL_SCALE = 32_700
_AGAIN = "run: ivr prompts import with it"
_TONE = "beep"


@dataclass(frozen=True, slots=True)
class Inspected:
    """One recording, what it measures, and whether a machine reads it."""

    recording: Recording
    file: str
    measured: Measured
    is_stand_in: bool
    flaws: tuple[str, ...] = ()
    """What is wrong with the sound itself, whatever its level."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """`faults` are prompts that callers will not hear, `warnings` prompts that could be better."""

    recordings: tuple[Inspected, ...]
    faults: tuple[AudioFault, ...]
    warnings: tuple[AudioFault, ...]


def inspect(folder: Path) -> Inspection:
    """Look at every recording, at the script if there is one, and at the list of stand-ins.

    Raises:
        PromptRefused: there is no such folder, or its script or list cannot be read.
    """
    catalogue = PromptCatalogue.load(folder)
    lines = {(line.language, line.name): line for line in _script_lines(folder)}
    listed = read_stand_ins(folder)
    recordings = tuple(
        _inspect_one(recording, listed.get((recording.language, recording.name)))
        for recording in catalogue.recordings
    )
    broken = {fault.file for fault in catalogue.faults}
    there = {(one.recording.language, one.recording.name) for one in recordings}
    missing = tuple(
        AudioFault(file, "no recording; record it, or run: ivr prompts stand-ins")
        for language, name in lines
        if (language, name) not in there and (file := f"{language}/{name}.wav") not in broken
    )
    warnings = tuple(
        AudioFault(one.file, text) for one in recordings for text in _warnings(one, lines, listed)
    )
    if not (folder / SCRIPT_FILE).exists():
        warnings += (AudioFault(SCRIPT_FILE, "there is no script; write what each prompt says"),)
    return Inspection(recordings, catalogue.faults + missing, warnings)


def _script_lines(folder: Path) -> tuple[ScriptLine, ...]:
    """None where there is no script: the recordings can be looked at all the same."""
    return read_script(folder).lines if (folder / SCRIPT_FILE).exists() else ()


def silent_files(catalogue: PromptCatalogue) -> tuple[AudioFault, ...]:
    """Recordings and music in which nothing can be heard. They are played, and callers hear nothing."""
    paths = [recording.path for recording in catalogue.recordings]
    paths += [file for files in catalogue.music.values() for file in files]
    return tuple(
        AudioFault(str(path.relative_to(catalogue.root)), SILENT)
        for path in paths
        if is_silent(read_samples(path))
    )


def _inspect_one(recording: Recording, listed: StandIn | None) -> Inspected:
    samples = read_samples(recording.path)
    return Inspected(
        recording,
        f"{recording.language}/{recording.path.name}",
        measure(samples),
        listed is not None and listed.is_at(recording.path),
        tuple(_flaws(samples)),
    )


def _flaws(samples: array[int]) -> Iterator[str]:
    if samples and abs(sum(samples)) / len(samples) > LARGEST_OFFSET:
        yield f"the sound stands off its middle, and clicks; {_AGAIN}"
    if _clipped_runs(samples) >= CLIPPED_RUNS:
        yield "distorted: the recorder was turned up too far; record it again"


def _clipped_runs(samples: array[int]) -> int:
    """How often three samples in a row stand at full scale."""
    runs = length = 0
    for sample in samples:
        length = length + 1 if abs(sample) >= _FULL_SCALE else 0
        runs += length == 3
    return runs


def _warnings(
    one: Inspected, lines: dict[tuple[str, str], ScriptLine], listed: dict[tuple[str, str], StandIn]
) -> list[str]:
    texts = [*one.flaws]
    if one.measured.leading > LONGEST_LEAD_SECONDS:
        texts.append(f"{one.measured.leading:.1f} s of silence before the first sound; {_AGAIN}")
    if one.measured.peak < -60:
        return [SILENT]
    apart = one.measured.speech - SPEECH_DBFS
    if abs(apart) > LARGEST_DIFFERENCE_DB and one.recording.name != _TONE:
        than = "louder" if apart > 0 else "quieter"
        texts.append(f"{abs(apart):.0f} dB {than} than the other prompts; {_AGAIN}")
    key = (one.recording.language, one.recording.name)
    if one.is_stand_in and key in lines and not listed[key].says(lines[key]):
        texts.append("the script says something else now; run: ivr prompts stand-ins")
    return texts
