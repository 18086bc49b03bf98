"""What was learned of phrases, kept in a folder: a worker that is started again knows them at once."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from ivr.speech.phoneme.pairing import Posteriors


class PhraseMemory:
    """`folder` holds a file for each phrase; `teachers` says who taught them: others are not remembered."""

    def __init__(self, folder: Path, teachers: str) -> None:
        self._folder = folder
        self._teachers = teachers

    def recall(self, text: str, language: str) -> list[Posteriors] | None:
        """How it was heard from each teacher; None where it was not learned, or cannot be read any more."""
        try:
            with np.load(self._file(text, language)) as kept:
                return [np.asarray(kept[name], dtype=np.float32) for name in sorted(kept.files)]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def keep(self, text: str, language: str, examples: Sequence[Posteriors]) -> None:
        """Remember it; where that cannot be written, it is learned again another time."""
        file = self._file(text, language)
        half = file.with_name(f"{file.stem}-{os.getpid()}.npz")
        arrays = {f"{place:03}": one.astype(np.float16) for place, one in enumerate(examples)}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as out:
                np.savez_compressed(out, allow_pickle=False, **arrays)
            half.replace(file)
        except OSError:
            with suppress(OSError):
                half.unlink()

    def _file(self, text: str, language: str) -> Path:
        what = "\0".join((text, language, self._teachers)).encode()
        return self._folder / f"{hashlib.sha256(what).hexdigest()[:32]}.npz"
