"""hama: an utterance → the phonemes in it, each as likelihoods over its tokens."""

from __future__ import annotations

import threading
import unicodedata

import numpy as np
from hama.asr import ASRModel
from numpy.typing import NDArray

from ivr.speech.phoneme.pairing import Posteriors

HEARD_AT = 0.35
"""A frame in which hama is surer than this that there is a sound."""

_MODIFYING = {"Lm", "Sk", "No", "Mn"}


class Phonemes:
    """hama's network, one for each thread that uses it: 5 MB."""

    def __init__(self) -> None:
        self._own = threading.local()
        self.tokens = tuple(self._model().decoder_tokens)
        self._is_sound = np.array([_is_sound(token) for token in self.tokens], dtype=np.float32)

    def heard(self, samples: bytes) -> Posteriors:
        """The sounds in an utterance (16 kHz, 16 bits), in their order."""
        wave = np.frombuffer(samples, dtype="<i2").astype(np.float32) / 32768.0
        frames = self._frames(wave) * self._is_sound
        return joined(np.asarray(frames, dtype=np.float32))

    def _frames(self, wave: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each 20 ms, how likely each token is. By the network itself: what hama makes of it is one best row."""
        model = self._model()
        length = np.array([len(wave)], dtype=np.int64)
        logits, count = model.session.run(
            ["log_probs", "out_lengths"],
            {"waveform": wave.reshape(1, -1), "waveform_lengths": length},
        )
        rows = np.asarray(logits[0][: int(np.asarray(count).reshape(-1)[0])], dtype=np.float32)
        likely = np.exp(rows - rows.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

    def _model(self) -> ASRModel:
        model: ASRModel | None = getattr(self._own, "model", None)
        if model is None:
            model = self._own.model = ASRModel()
        return model


def joined(frames: NDArray[np.float32]) -> Posteriors:
    """Frames in a row in which the same token is likeliest are one sound; those in which none is likely are none."""
    likeliest = np.where(frames.sum(axis=1) > HEARD_AT, frames.argmax(axis=1), -1)
    sounds: list[NDArray[np.float32]] = []
    before = -1
    for token, frame in zip(likeliest.tolist(), frames, strict=True):
        if token >= 0 and token == before:
            sounds[-1] = sounds[-1] + frame
        elif token >= 0:
            sounds.append(frame)
        before = token
    if not sounds:
        return np.zeros((0, frames.shape[1]), dtype=np.float32)
    stacked = np.stack(sounds)
    return np.asarray(stacked / stacked.sum(axis=1, keepdims=True), dtype=np.float32)


def _is_sound(token: str) -> bool:
    """Not a mark, a tone, or one of the network's own signs."""
    if token.startswith("<") or token in {" ", "%", ",", "~"}:
        return False
    return len(token) > 1 or unicodedata.category(token) not in {*_MODIFYING, "Lo"}
