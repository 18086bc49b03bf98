"""The recordings in `prompts/` as callers hear them."""

from __future__ import annotations

import importlib.util
import math
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.inspection import Inspection, inspect
from ivr.audio.mastering import PEAK_DBFS, SPEECH_DBFS
from ivr.audio.script import read_script
from ivr.audio.wav import read_samples

PROMPTS = Path(__file__).parents[3] / "prompts"


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return inspect(PROMPTS)


@pytest.fixture(scope="module")
def composer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compose", PROMPTS / "music" / "compose.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_line_of_the_script_is_recorded_and_nothing_is_wrong(inspection: Inspection) -> None:
    assert inspection.faults == inspection.warnings == ()


def test_both_languages_say_the_same_prompts() -> None:
    names = PromptCatalogue.load(PROMPTS).names()

    assert names["nb"] == names["en"]
    assert {line.name for line in read_script(PROMPTS).lines} == names["nb"] - {"beep"}


def test_every_prompt_is_as_loud_as_the_others_and_begins_at_once(inspection: Inspection) -> None:
    for one in inspection.recordings:
        if one.recording.name != "beep":
            assert one.measured.speech == pytest.approx(SPEECH_DBFS, abs=1), one.file
        assert one.measured.peak <= PEAK_DBFS + 0.01, one.file
        assert one.measured.leading <= 0.05, one.file
        assert one.measured.trailing <= 0.15, one.file


def test_no_prompt_keeps_a_caller_longer_than_twenty_seconds(inspection: Inspection) -> None:
    assert max(one.recording.seconds for one in inspection.recordings) < 20


def test_all_sound_together_stays_small() -> None:
    assert sum(path.stat().st_size for path in PROMPTS.rglob("*.wav")) < 6_000_000


def test_the_music_is_soft_and_lasts_most_of_a_minute() -> None:
    (music,) = (PROMPTS / "music" / "calm").glob("*.wav")
    samples = read_samples(music)

    rms = math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768

    assert 40 <= len(samples) / 8000 <= 60
    assert 20 * math.log10(rms) == pytest.approx(-26, abs=0.5)
    assert max(map(abs, samples)) < 32768 / 2


def test_the_music_loops_without_a_click() -> None:
    (music,) = (PROMPTS / "music" / "calm").glob("*.wav")
    samples = read_samples(music)
    largest_step = max(abs(after - before) for before, after in pairwise(samples))

    assert abs(samples[0] - samples[-1]) <= largest_step


def test_the_composer_makes_the_tone_that_is_shipped(composer: ModuleType) -> None:
    tone = composer.beep()

    for language in ("nb", "en"):
        shipped = read_samples(PROMPTS / language / "beep.wav")
        assert max(abs(a - b) for a, b in zip(tone, shipped, strict=True)) <= 1


def test_no_tone_of_the_music_leaves_the_telephone_band(composer: ModuleType) -> None:
    notes = [note for chord in composer.CHORDS for note in chord]
    notes += [note + 12 for note in notes]

    assert all(190 < composer.frequency(note) < composer.HIGHEST_HZ / 2 for note in notes)
