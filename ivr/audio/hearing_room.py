"""A whole call as one sound: the recordings that a caller would hear, one after another."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.audio.catalogue import PromptCatalogue, Recording, Tone
from ivr.audio.wav import RATE, read_samples
from ivr.errors import PromptMissing

_BETWEEN_SECONDS = 0.2
_MUSIC_SECONDS = 4.0
_TONE = 8000


@dataclass(frozen=True, slots=True)
class HeardPrompt:
    """One prompt as a caller hears it; `recording` None where only a tone is left, `is_other`: another in its place."""

    prompt: str
    language: str
    recording: Recording | None
    is_other: bool = False


def heard_as(
    catalogue: PromptCatalogue,
    prompt: str,
    language: str,
    site: str | None,
    languages: Sequence[str],
) -> HeardPrompt:
    """What the voice would play for it: the site's own first, and never nothing."""
    try:
        found = catalogue.find(prompt, language=language, site=site, languages=languages)
    except PromptMissing:
        instead = catalogue.fallback(prompt, language=language, site=site, languages=languages)
        recording = None if isinstance(instead, Tone) else instead
        return HeardPrompt(prompt, language, recording, is_other=True)
    return HeardPrompt(prompt, language, found, is_other=found.language != language)


def one_sound(heard: Sequence[HeardPrompt], music: Sequence[array[int]] = ()) -> array[int]:
    """All of it as telephone samples, with a breath between; at the end the first seconds of `music`."""
    pause = array("h", bytes(2 * round(_BETWEEN_SECONDS * RATE)))
    samples = array("h")
    for one in heard:
        samples.extend(read_samples(one.recording.path) if one.recording else _beep())
        samples.extend(pause)
    for song in music[:1]:
        samples.extend(song[: round(_MUSIC_SECONDS * RATE)])
    return samples


def _beep() -> array[int]:
    """Stands for the tone that Asterisk would make: 440 Hz, as a square wave."""
    half = round(RATE / 440 / 2)
    return array("h", ([_TONE] * half + [-_TONE] * half) * 180)
