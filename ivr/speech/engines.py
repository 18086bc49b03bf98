"""The engines that there are, what each hears, and what it lacks on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ivr.settings import SpeechSettings
from ivr.speech.phoneme.espeak import VOICES

MODULES: Mapping[str, str] = {"phoneme": "hama", "vosk": "vosk", "whisper": "faster_whisper"}
"""Engines, and the Python module without which they hear nothing."""

EXTRAS: Mapping[str, str] = {"phoneme": "speech", "vosk": "vosk", "whisper": "whisper"}
"""What of our package brings that module."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine that the settings ask for. `model` is the folder of its one language; None: it needs no model."""

    engine: str
    language: str | None = None
    model: Path | None = None

    def may_hear(self, language: str) -> bool:
        """Whether it would hear this language, with all that it lacks."""
        if self.language is not None:
            return self.language == language
        return self.engine != "phoneme" or language in VOICES

    @property
    def lacks(self) -> str | None:
        """What is to be done before it hears anything; None where nothing is."""
        module = MODULES.get(self.engine)
        if module is not None and find_spec(module) is None:
            return f"pip install 'sentralbord[{EXTRAS[self.engine]}]'"
        if self.model is not None and not self.model.is_dir():
            return f"put the model for {self.language} into {self.model}: there is no such folder"
        return None


def chosen_engines(settings: SpeechSettings) -> Iterator[EngineChoice]:
    """Those that the settings ask for, in the order in which they are asked whether they hear a language."""
    if settings.engine == "none":
        return
    for engine, models in (("vosk", settings.vosk), ("whisper", settings.whisper)):
        for language, folder in models.items():
            yield EngineChoice(engine, language, folder)
    yield EngineChoice(settings.engine)
