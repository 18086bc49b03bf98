"""The engines of speech, made as the settings want them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import structlog

from ivr.asterisk.cache import ESPEAK, cache_folder, cached_program
from ivr.errors import SpeechFailed
from ivr.rulebook.speech import PhraseSounds
from ivr.settings import SpeechSettings
from ivr.speech.engines import EngineChoice, chosen_engines
from ivr.speech.lengths import ScriptedRecogniser
from ivr.speech.recogniser import Recogniser, Scribe

log = structlog.get_logger()


def recognisers(settings: SpeechSettings) -> list[Recogniser]:
    """All that can be had: one that cannot takes no other with it. Raises SpeechFailed when none can."""
    failed: list[str] = []
    made = list(_made(settings, failed))
    if not made:
        raise SpeechFailed("; ".join(failed) or "no engine is wanted")
    return made


def recogniser_for(settings: SpeechSettings, language: str) -> Recogniser:
    """The engine that hears this language. Raises SpeechFailed."""
    failed: list[str] = []
    for choice in chosen_engines(settings):
        if choice.language in {None, language}:
            for made in _made_of(choice, failed):
                if made.speaks(language):
                    return made
    raise SpeechFailed("; ".join(failed) or f"no engine hears {language}")


def scribes(settings: SpeechSettings, languages: Sequence[str]) -> dict[str, Scribe]:
    """Who writes down what is said, by language, where the settings name a model for it and it can be read."""
    failed: list[str] = []
    found: dict[str, Scribe] = {}
    for choice in chosen_engines(settings):
        language = choice.language
        if language is not None and language in languages and language not in found:
            for made in _made_of(choice, failed):
                if isinstance(made, Scribe):
                    found[language] = made
    return found


def phrase_sounds() -> PhraseSounds | None:
    """Who knows how phrases sound, where that is installed already; nothing is fetched."""
    own = shutil.which("espeak-ng")
    argv = (own,) if own else cached_program(cache_folder(), ESPEAK)
    if EngineChoice("phoneme").lacks or argv is None:
        return None
    from ivr.speech.phoneme.engine import PhonemeRecogniser  # noqa: PLC0415 - only where it is installed
    from ivr.speech.phoneme.espeak import Espeak  # noqa: PLC0415 - as above

    return PhonemeRecogniser(Espeak(argv))


def _made(settings: SpeechSettings, failed: list[str]) -> Iterator[Recogniser]:
    for choice in chosen_engines(settings):
        yield from _made_of(choice, failed)


def _made_of(choice: EngineChoice, failed: list[str]) -> Iterator[Recogniser]:
    try:
        yield _engine(choice)
    except SpeechFailed as error:
        failed.append(f"engine {choice.engine}: {error.why}")
        log.warning("engine cannot be had", engine=choice.engine, why=error.why)


def _engine(choice: EngineChoice) -> Recogniser:
    """Its module is loaded here, and nowhere without it. Raises SpeechFailed."""
    if lacks := choice.lacks:
        raise SpeechFailed(lacks)
    match choice:
        case EngineChoice("vosk", str(language), Path() as model):
            from ivr.speech.vosk.engine import VoskRecogniser  # noqa: PLC0415 - only where it is installed

            return VoskRecogniser(language, model)
        case EngineChoice("whisper", str(language), Path() as model):
            _numpy_has_one_thread()
            from ivr.speech.whisper.engine import WhisperRecogniser, read_model  # noqa: PLC0415 - as above

            return WhisperRecogniser(language, read_model(model))
        case EngineChoice("phoneme"):
            _numpy_has_one_thread()
            from ivr.asterisk.obtain import find_program  # noqa: PLC0415 - it can fetch, and loads what does
            from ivr.speech.phoneme.engine import PhonemeRecogniser  # noqa: PLC0415 - as above
            from ivr.speech.phoneme.espeak import Espeak  # noqa: PLC0415 - as above

            argv = find_program(cache_folder(), ESPEAK, lambda line: click.echo(line, err=True))
            return PhonemeRecogniser(Espeak(argv), cache_folder() / "speech")
        case _:
            return ScriptedRecogniser()


def _numpy_has_one_thread() -> None:
    """Before NumPy is loaded: one for each utterance is enough, and more would fight for the processor."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
