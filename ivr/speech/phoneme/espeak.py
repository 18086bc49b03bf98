"""espeak-ng as a reader of words: how a phrase is pronounced. A program of its own, as its licence wants it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ivr.speech.phoneme.ipa import SpokenSound, sounds_of

VOICES: Mapping[str, str] = {
    "nb": "nb", "nn": "nb", "no": "nb", "en": "en", "sv": "sv", "da": "da", "de": "de",
    "fr": "fr-fr", "es": "es", "it": "it", "nl": "nl", "pl": "pl", "fi": "fi",
}  # fmt: skip
"""Languages of rules, and espeak-ng's voice that spells them."""

_SECONDS = 10.0


class Espeak:
    """`argv` starts espeak-ng. What it said once is kept."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = tuple(argv)
        self._spelled = lru_cache(maxsize=5_000)(self._spell)

    def sounds(self, text: str, language: str) -> tuple[SpokenSound, ...]:
        """How it is pronounced; none where espeak-ng does not know. Blocks, some 50 ms for what is new.

        Raises OSError, RuntimeError when the program cannot be run.
        """
        voice = VOICES.get(language)
        return self._spelled(text, voice) if voice else ()

    def voice(self, text: str, language: str, variant: str, speed: int) -> bytes:
        """A WAV file in which this is read aloud by one of espeak-ng's voices, `speed` words a minute. Blocks.

        Raises OSError, RuntimeError when the program cannot be run.
        """
        name = f"{VOICES.get(language, language)}+{variant}"
        return self._said(text, "-v", name, "-s", str(speed), "--stdout")

    def _spell(self, text: str, voice: str) -> tuple[SpokenSound, ...]:
        said = self._said(text, "-v", voice, "--ipa", "-q")
        return sounds_of(said.decode(errors="replace"))

    def _said(self, text: str, *options: str) -> bytes:
        command = [*self._argv, *options, "--stdin"]
        try:
            said = subprocess.run(  # noqa: S603 - our own arguments; the words go in by stdin
                command, input=text.encode(), capture_output=True, check=True, timeout=_SECONDS
            )
        except subprocess.SubprocessError as error:
            message = f"{command[0]} failed"
            raise RuntimeError(message) from error
        return said.stdout
