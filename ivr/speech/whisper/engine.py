"""The recogniser `whisper`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ivr.errors import SpeechFailed
from ivr.menus.words import Thresholds
from ivr.rules.decide.speech import DIGITS
from ivr.speech.recogniser import HeardRow, SpokenPhrase
from ivr.speech.whisper.wording import likelihoods_of_sentence, row_of_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

TAGS = {"nb": "no"}
"""Whisper's names for languages, where they are not the rules' own."""

SURE, UNSURE, APART = 0.5, 0.25, 0.2
"""Not measured with NB-Whisper, which could not be had: rehearse (`ivr speech rehearse`) before callers meet it."""

NO_SPEECH = 0.6
"""Whoever is so sure that nobody speaks writes down what nobody said."""

MOST_TOKENS = 40
"""No more is written down: on noise Whisper repeats itself, for seconds."""


class Segment(Protocol):
    """A piece of what was written down."""

    text: str
    avg_logprob: float
    no_speech_prob: float


class WhisperModel(Protocol):
    """What of faster-whisper's model is used."""

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Segment], object]:
        """Write down what is said in 16,000 samples a second."""


class WhisperRecogniser:
    """Hears the phrases of a menu, also within a sentence, in the language of its model. A second an utterance."""

    name = "whisper"
    thresholds = Thresholds(sure=SURE, unsure=UNSURE, apart=APART)
    hears_early = False
    learning = 0

    def __init__(self, language: str, model: WhisperModel) -> None:
        self.languages = (language,)
        self._model = model

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def learn(self, phrase: SpokenPhrase, language: str) -> None:
        """It writes down whatever is said."""

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        return self.speaks(language) and any(sign.isalnum() for sign in phrase.text)

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> WhisperGrammar:
        texts = tuple(phrase.text for phrase in phrases)
        known = DIGITS.get(language, {})
        digits = {known[text]: place for place, text in enumerate(texts) if text in known}
        return WhisperGrammar(self._model, texts, TAGS.get(language, language), digits)

    def written(self, samples: bytes) -> str:
        """The words of a recording of any length."""
        (language,) = self.languages
        pieces = _written(self._model, samples, TAGS.get(language, language), None)
        return " ".join(text.strip() for _, text in pieces)


@dataclass(frozen=True, slots=True)
class WhisperGrammar:
    """Phrases to be found in what is written down."""

    model: WhisperModel
    phrases: tuple[str, ...]
    tag: str
    digits: Mapping[str, int]

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        likely = [0.0] * len(self.phrases)
        for surely, text in _written(self.model, samples, self.tag, MOST_TOKENS):
            found = likelihoods_of_sentence(self.phrases, text)
            likely = [max(old, surely * new) for old, new in zip(likely, found, strict=True)]
        return tuple(likely)

    def row(self, samples: bytes, most: int) -> HeardRow:
        written = list(_written(self.model, samples, self.tag, MOST_TOKENS))
        text = " ".join(text for _, text in written)
        places = row_of_sentence(self.phrases, self.digits, text, most)
        return HeardRow(places, min((surely for surely, _ in written), default=0.0))


def _written(
    model: WhisperModel, samples: bytes, tag: str, most_tokens: int | None
) -> Iterator[tuple[float, str]]:
    """What was said, piece by piece, and how sure the model is of each."""
    voice = np.frombuffer(samples[: len(samples) // 2 * 2], dtype="<i2")
    segments, _ = model.transcribe(
        np.asarray(voice / 32_768, dtype=np.float32),
        language=tag,
        beam_size=1,
        temperature=0.0,
        without_timestamps=True,
        condition_on_previous_text=False,
        max_new_tokens=most_tokens,
    )
    for segment in segments:
        if segment.no_speech_prob < NO_SPEECH:
            yield math.exp(min(0.0, segment.avg_logprob)), segment.text


def read_model(folder: Path) -> WhisperModel:
    """The model in this folder, in CTranslate2's form; nothing is fetched. Raises SpeechFailed."""
    if not (folder / "model.bin").is_file():
        raise SpeechFailed(f"{folder} holds no model of Whisper in CTranslate2's form (model.bin)")
    import faster_whisper  # noqa: PLC0415 - only where a model is there for it

    try:
        model: WhisperModel = faster_whisper.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise SpeechFailed(f"the model in {folder} cannot be read: {error}") from error
    return model
