"""Our own music on hold, and the tone after which a caller speaks.

    python prompts/music/compose.py

writes `calm/calm.wav` beside this script, and `beep.wav` beside the prompts of each language
(8 kHz mono 16-bit).

The music: soft chords under a slow arpeggio, 48 s, made to be looped. It is ours, so nobody has to
be asked or paid for its being played. Its notes lie between 196 and 880 Hz and no partial above
3400 Hz: what a telephone cannot carry is not there, so G.711 adds no grit. What rings past the end
is laid over the beginning; the loop has no seam.

The tone is a recording of ours because Asterisk's own `beep` lies in a folder that only a
system-wide installation links; without it, a recording with `beep=true` ends at once, empty.
"""

from __future__ import annotations

import math
import sys
import wave
from array import array
from pathlib import Path

RATE = 8000
BEAT_SECONDS = 0.75
BEATS_A_CHORD = 8
LEVEL_DBFS = -26.0  # RMS: well below the voice, and far from clipping
BEEP_DBFS = -16.0
BEEP_HERTZ = 880.0
BEEP_SECONDS = 0.35
HIGHEST_HZ = 3400.0

# MIDI note numbers (69 is 440 Hz): four voices that move as little as they can.
CHORDS = (
    (57, 60, 64, 67),  # Am7
    (57, 60, 65, 69),  # F
    (55, 60, 64, 67),  # C
    (55, 59, 62, 69),  # G with its ninth
    (57, 62, 65, 69),  # Dm
    (58, 62, 65, 69),  # B flat, major seventh
    (57, 60, 65, 67),  # F with its ninth
    (55, 60, 62, 67),  # C with its second, which leans back to Am7
)
STEPS = (0, 2, 1, 3, 2, 3, 1, 2)  # which voice the arpeggio takes on each beat, an octave up

PAD_PARTIALS = ((1, 1.0), (2, 0.25), (3, 0.08))
BELL_PARTIALS = ((1, 1.0), (2, 0.35), (4, 0.06))


def compose() -> array[int]:
    """The whole piece as 16-bit samples."""
    beats = len(CHORDS) * BEATS_A_CHORD
    canvas = [0.0] * round(beats * BEAT_SECONDS * RATE)
    for number, chord in enumerate(CHORDS):
        start = number * BEATS_A_CHORD * BEAT_SECONDS
        for note in chord:
            _add_pad(canvas, start, BEATS_A_CHORD * BEAT_SECONDS, frequency(note))
        for beat, voice in enumerate(STEPS):
            _add_bell(canvas, start + beat * BEAT_SECONDS, frequency(chord[voice] + 12))
    return _levelled(canvas)


def frequency(note: int) -> float:
    """Hz of a MIDI note number."""
    return 440.0 * math.pow(2.0, (note - 69) / 12)


def _add_pad(canvas: list[float], start: float, seconds: float, hertz: float) -> None:
    """A chord tone that swells for 2 s and fades for 2.5 s into the next, with a slow tremble."""
    swell, fade = 2.0, 2.5
    for index in range(round((seconds + fade) * RATE)):
        at = index / RATE
        rising = min(1.0, at / swell)
        falling = min(1.0, (seconds + fade - at) / fade)
        envelope = _smooth(rising) * _smooth(falling) * (1.0 + 0.08 * math.sin(1.9 * at))
        canvas[(round(start * RATE) + index) % len(canvas)] += (
            0.5 * envelope * _tone(hertz, at, PAD_PARTIALS)
        )


def _add_bell(canvas: list[float], start: float, hertz: float) -> None:
    """A soft stroke that rings for 2.4 s."""
    seconds = 2.4
    for index in range(round(seconds * RATE)):
        at = index / RATE
        struck = min(1.0, at / 0.012) * math.exp(-2.2 * at)
        envelope = struck * _smooth(min(1.0, (seconds - at) / 0.4))
        canvas[(round(start * RATE) + index) % len(canvas)] += envelope * _tone(
            hertz, at, BELL_PARTIALS
        )


def _tone(hertz: float, at: float, partials: tuple[tuple[int, float], ...]) -> float:
    return sum(
        share * math.sin(2 * math.pi * hertz * multiple * at)
        for multiple, share in partials
        if hertz * multiple < HIGHEST_HZ
    )


def _smooth(share: float) -> float:
    """From 0 to 1 without a corner at either end."""
    return 0.5 - 0.5 * math.cos(math.pi * share)


def _levelled(canvas: list[float]) -> array[int]:
    rms = math.sqrt(sum(value * value for value in canvas) / len(canvas))
    gain = 32768.0 * 10.0 ** (LEVEL_DBFS / 20) / rms
    return array("h", [round(value * gain) for value in canvas])


def beep() -> array[int]:
    """A friendly tone that begins at once and does not click."""
    count = round(BEEP_SECONDS * RATE)
    peak = 32768.0 * 10.0 ** (BEEP_DBFS / 20) * math.sqrt(2)
    return array(
        "h",
        [
            round(
                peak
                * min(1.0, index / 40, (count - index) / 400)
                * math.sin(2 * math.pi * BEEP_HERTZ * index / RATE)
            )
            for index in range(count)
        ],
    )


def write(path: Path, samples: array[int]) -> None:
    """Write samples as a telephone recording."""
    if sys.byteorder == "big":
        samples.byteswap()
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(samples.tobytes())


def main() -> None:
    """Write the music and the tones."""
    here = Path(__file__).resolve().parent
    write(here / "calm" / "calm.wav", compose())
    for language in ("nb", "en"):
        write(here.parent / language / "beep.wav", beep())


if __name__ == "__main__":
    main()
