"""Where an utterance begins and ends, in a stream of 20 ms frames. Pure: it keeps no time but the frames'."""

from __future__ import annotations

import math
from array import array
from collections import deque
from dataclasses import dataclass

FRAME_SECONDS = 0.02

STEP = 4
"""Every fourth sample tells how loud a frame is as well as all of them do."""

QUIETEST_DB, ABOVE_NOISE_DB = -50.0, 9.0
"""Speech is louder than the first, in dB below full scale, and so much louder than the noise around it."""

BEGINS_FRAMES, OF_FRAMES = 6, 9
"""So many loud frames among so many are speech: 120 ms, which a click is not."""

ENDS_FRAMES = 22
"""So many quiet frames end it: 440 ms. Shorter ones are in words: `åpnings-tider`."""

BEFORE_FRAMES = 15
"""What is kept of the time before: soft beginnings are not loud."""

AFTER_FRAMES = 10
"""What is kept of the silence at the end; so long after it, the utterance may be over."""

LONGEST_FRAMES = 250
"""After five seconds it is cut: no word of a menu is so long, music is."""


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks: what has been said so far, with a little silence before it."""

    samples: bytes


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """It is quiet: if it stays so, this is what was said, to the byte. Half of the silence that ends it is to come."""

    samples: bytes


@dataclass(frozen=True, slots=True)
class SpeechGoesOn:
    """The pause was one, and not the end."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The utterance is over: all of it, with a little silence before and after."""

    samples: bytes

    @property
    def seconds(self) -> float:
        return len(self.samples) / 32_000


class Endpointer:
    """Told frame by frame, says when an utterance begins, and hands it out when it has ended."""

    def __init__(self) -> None:
        self._noise_db = -60.0
        self._before: deque[bytes] = deque(maxlen=BEFORE_FRAMES)
        self._is_loud: deque[bool] = deque(maxlen=OF_FRAMES)
        self._spoken: list[bytes] | None = None
        self._quiet = 0

    @property
    def is_speech(self) -> bool:
        """Whether an utterance has begun and is not over."""
        return self._spoken is not None

    def reset(self) -> None:
        """Begin anew, with what is known of the noise."""
        self._before.clear()
        self._is_loud.clear()
        self._spoken = None
        self._quiet = 0

    def hear(self, frame: bytes) -> SpeechEdge | None:
        """The next frame, 16-bit samples of any rate; what came to an edge with it."""
        is_loud = self._is_speech(level_db(frame))
        if self._spoken is None:
            return self._wait(frame, is_loud=is_loud)
        self._spoken.append(frame)
        was_pause = self._quiet >= AFTER_FRAMES
        self._quiet = 0 if is_loud else self._quiet + 1
        if self._quiet < ENDS_FRAMES and len(self._spoken) < LONGEST_FRAMES:
            if self._quiet == AFTER_FRAMES:
                return SpeechPaused(b"".join(self._spoken))
            return SpeechGoesOn() if was_pause and is_loud else None
        kept = len(self._spoken) - max(0, self._quiet - AFTER_FRAMES)
        samples = b"".join(self._spoken[:kept])
        self.reset()
        return SpeechEnded(samples)

    def _wait(self, frame: bytes, *, is_loud: bool) -> SpeechEdge | None:
        self._before.append(frame)
        self._is_loud.append(is_loud)
        if sum(self._is_loud) < BEGINS_FRAMES:
            return None
        self._spoken = list(self._before)
        self._quiet = 0
        return SpeechBegan(b"".join(self._spoken))

    def _is_speech(self, level: float) -> bool:
        """The noise is followed: down at once, up slowly, so that speech does not count as noise."""
        rise = 0.05 if self._spoken is None else 0.01
        self._noise_db = min(level, self._noise_db + rise) if level > self._noise_db else level
        self._noise_db = max(self._noise_db, -75.0)
        return level > max(QUIETEST_DB, self._noise_db + ABOVE_NOISE_DB)


SpeechEdge = SpeechBegan | SpeechPaused | SpeechGoesOn | SpeechEnded


def level_db(frame: bytes) -> float:
    """How loud it is, in dB below full scale; −96 for silence."""
    samples = array("h", frame[: len(frame) // 2 * 2])[::STEP]
    if not samples:
        return -96.0
    power = sum(sample * sample for sample in samples) / len(samples)
    return 10 * math.log10(power / 2**30) if power > 0 else -96.0
