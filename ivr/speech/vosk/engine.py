"""The recogniser `vosk`, and what must never be told to Vosk.

Vosk ends the whole process on an empty grammar, on a grammar that is changed in the middle of an utterance, and on two
threads in one recogniser. So each utterance has a recogniser of its own (0.1 ms), made with a grammar that has words.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import vosk

from ivr.errors import SpeechFailed
from ivr.menus.words import Thresholds
from ivr.speech.recogniser import SAMPLES_A_SECOND, HeardRow, SpokenPhrase
from ivr.speech.vosk.wording import UNKNOWN, HeardWord, likelihood_of, row_of, spelled

SURE, UNSURE, APART = 0.9, 0.55, 0.3
"""Vosk's own confidence is 1.0 for most of what it takes for certain. Two phrases in one utterance are half of each."""

_NOISE_SECONDS = 1
_NOISE_LEVEL = 10
"""Of 32,768. The telephone's digital silence is none that models have met: with a little noise more is understood."""


def holds_model(folder: Path) -> bool:
    """Whether a model of Vosk lies there, complete or not."""
    return any((folder / place).is_file() for place in ("am/final.mdl", "final.mdl"))


class VoskRecogniser:
    """Hears the phrases of a menu in the language of its model."""

    name = "vosk"
    thresholds = Thresholds(sure=SURE, unsure=UNSURE, apart=APART)
    hears_early = False
    learning = 0

    def __init__(self, language: str, folder: Path) -> None:
        """`folder` holds the model: some seconds, some hundred megabytes. Raises SpeechFailed."""
        vosk.SetLogLevel(-1)
        self.languages = (language,)
        self._model = _model(folder)

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def learn(self, phrase: SpokenPhrase, language: str) -> None:
        """Its model knows what it knows."""

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        return self.speaks(language) and bool(spelled(phrase.text, self._knows))

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> VoskGrammar:
        rows = tuple(
            spelled(phrase.text, self._knows) if self.speaks(language) else () for phrase in phrases
        )
        wanted = dict.fromkeys(" ".join(row) for row in rows if row)
        rest = (UNKNOWN,) if wanted and self._knows(UNKNOWN) else ()
        text = msgspec.json.encode([*wanted, *rest]).decode() if wanted else ""
        return VoskGrammar(self._model, rows, text)

    def written(self, samples: bytes) -> str:
        """The words, of all that the model knows. Raises RuntimeError when Vosk cannot go on."""
        said = VoskUtterance((), vosk.KaldiRecognizer(self._model, SAMPLES_A_SECOND))
        said.hear(samples)
        return " ".join(one.word for one in said.words())

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)


@dataclass(frozen=True, slots=True)
class VoskGrammar:
    """`rows` are the words of each phrase; `text` is Vosk's own form of them, empty where it knows none."""

    model: vosk.Model
    rows: tuple[tuple[str, ...], ...]
    text: str

    def begin(self) -> VoskUtterance:
        """An utterance begins: let it hear what is said, piece by piece."""
        recogniser = None
        if self.text:
            recogniser = vosk.KaldiRecognizer(self.model, SAMPLES_A_SECOND, self.text)
        return VoskUtterance(self.rows, recogniser)

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        said = self.begin()
        said.hear(samples)
        return said.likelihoods()

    def row(self, samples: bytes, most: int) -> HeardRow:
        said = self.begin()
        said.hear(samples)
        places, likelihood = row_of(self.rows, said.words(), most)
        return HeardRow(places, likelihood)


class VoskUtterance:
    """What is said once. One thread at a time."""

    def __init__(
        self, rows: Sequence[Sequence[str]], recogniser: vosk.KaldiRecognizer | None
    ) -> None:
        """`rows` are the words of each phrase; without a recogniser nothing is heard."""
        self._rows = rows
        self._recogniser = recogniser
        self._heard = 0
        if recogniser is not None:
            recogniser.SetWords(1)
        self._words: list[HeardWord] = []

    def hear(self, samples: bytes) -> None:
        """More of it. Raises RuntimeError when Vosk cannot go on."""
        if self._recogniser is None:
            return
        try:
            is_whole = self._recogniser.AcceptWaveform(self._with_noise(samples))
        except Exception as error:  # Vosk raises nothing more precise
            message = "vosk refuses the sound"
            raise RuntimeError(message) from error
        if is_whole:  # a pause in it was long enough for Vosk, if not for us
            self._take(self._recogniser.Result())

    def likelihoods(self) -> tuple[float, ...]:
        """It is over: how likely each phrase was said."""
        words = self.words()
        return tuple(likelihood_of(row, words) for row in self._rows)

    def words(self) -> Sequence[HeardWord]:
        """It is over: all that was heard."""
        if self._recogniser is not None:
            self._take(self._recogniser.FinalResult())
        return self._words

    def _take(self, result: str) -> None:
        self._words += msgspec.json.decode(result, type=_Result).result

    def _with_noise(self, samples: bytes) -> bytes:
        voice = array("h", samples[: len(samples) // 2 * 2])
        start, self._heard = self._heard, (self._heard + len(voice)) % len(_NOISE)
        rows = -(-len(voice) // len(_NOISE)) + 1
        noise = (_NOISE * rows)[start : start + len(voice)]
        mixed = (max(-32_768, min(32_767, a + b)) for a, b in zip(voice, noise, strict=True))
        return array("h", mixed).tobytes()


class _Result(msgspec.Struct):
    result: list[HeardWord] = []


def _model(folder: Path) -> vosk.Model:
    if not holds_model(folder):
        raise SpeechFailed(f"{folder} holds no model of Vosk (am/final.mdl); unpack one there")
    try:
        return vosk.Model(model_path=str(folder))
    except Exception as error:  # Vosk raises nothing more precise
        raise SpeechFailed(f"the model in {folder} cannot be read; unpack it anew") from error


def _noise() -> array[int]:
    chance = random.Random(1)  # noqa: S311 - keeps no secret
    count = SAMPLES_A_SECOND * _NOISE_SECONDS
    return array("h", [round(chance.gauss(0, _NOISE_LEVEL)) for _ in range(count)])


_NOISE = _noise()
