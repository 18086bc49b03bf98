"""Pronunciations: IPA as espeak-ng and people write it → the sounds that are compared."""

from __future__ import annotations

import unicodedata
from typing import TypeAlias

SpokenSound: TypeAlias = str
"""One sound, with `ː` where it is long."""

LONG = "ː"
_LETTERS = {"Ll", "Lo"}
"""Not marks that change a letter, of which stress is one."""


def sounds_of(pronunciation: str) -> tuple[SpokenSound, ...]:
    """The sounds in a row. Stress, tones and spaces are left out: they are not heard apart."""
    sounds: list[SpokenSound] = []
    for sign in unicodedata.normalize("NFC", pronunciation):
        if sign == LONG:
            if sounds and not sounds[-1].endswith(LONG):
                sounds[-1] += LONG
        elif unicodedata.category(sign) in _LETTERS:
            sounds.append(sign)
    return tuple(sounds)
