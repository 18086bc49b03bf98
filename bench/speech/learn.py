"""`python -m bench.speech.learn WORDS`: the table `sounds.json` anew, from words read by voices over the telephone.

WORDS has a word a line; the one that comes with us was learned from 2,300 words of Debian's `wnorwegian` and 510 of our
own guide, each in two or three of the voices. The words and voices that `bench.speech` tests with are left out.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

import click
import numpy as np

from bench.speech.voices import spoken
from bench.speech.words import MENUS, OTHER_WORDS
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.ipa import SpokenSound
from ivr.speech.phoneme.pairing import Posteriors, Pronunciation
from ivr.speech.phoneme.phonemes import Phonemes
from ivr.speech.phoneme.table import SoundTable, Weights

READERS = (
    "m1", "m2", "m3", "m4", "m7", "f1", "f2", "f4", "Andy", "Alicia", "steph", "linda", "max", "edward",
)  # fmt: skip
ROUNDS = 6
LEAST = 0.0008
"""What is less likely is left out of the file."""

Lesson = tuple[tuple[SpokenSound, ...], Posteriors]


@click.command()
@click.argument("words", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--each", default=2, show_default=True, help="Voices that read each word.")
def learn(words: Path, each: int) -> None:
    """Write the table; half an hour for 3,000 words on two cores."""
    tested = {word for menu in MENUS.values() for word in menu} | set(OTHER_WORDS)
    read = [word for word in words.read_text().split() if word not in tested]
    espeak, phonemes = Espeak(find_program(cache_folder(), ESPEAK, print)), Phonemes()
    choice = random.Random(1)  # noqa: S311 - keeps no secret
    chance = np.random.default_rng(1)
    lessons = [
        (espeak.sounds(word, "nb"), phonemes.heard(spoken(espeak, word, voice, chance)))
        for word in read
        for voice in choice.sample(READERS, each)
    ]
    lessons = [(sounds, heard) for sounds, heard in lessons if sounds and len(heard)]
    table = _guess({sound for sounds, _ in lessons for sound in sounds}, phonemes.tokens, lessons)
    for number in range(ROUNDS):
        table = improved(table, lessons)
        print(f"round {number + 1}: {len(lessons)} lessons, extra {table.extra_rate:.3f}")
    place = Path(str(resources.files("ivr.speech.phoneme").joinpath("sounds.json")))
    place.write_text(as_text(table, phonemes.tokens))


def _guess(
    sounds: Iterable[SpokenSound], tokens: Sequence[str], lessons: Sequence[Lesson]
) -> SoundTable:
    """A sound is heard as the tokens that begin with its letter."""
    anything = np.sum([heard.sum(axis=0) for _, heard in lessons], axis=0) + 0.5
    anything = np.asarray(anything / anything.sum(), dtype=np.float32)
    heard = {
        sound: _share([1.0001 * token.startswith(sound[0]) for token in tokens]) for sound in sounds
    }
    return SoundTable(heard, dict.fromkeys(heard, 0.15), anything, anything, 0.05)


def improved(table: SoundTable, lessons: Sequence[Lesson]) -> SoundTable:
    """The table that the likeliest pairings by this one speak for."""
    heard: dict[SpokenSound, Weights] = {one: weights * 2 for one, weights in table.heard.items()}
    extra = table.anything * 5
    lost: dict[SpokenSound, float] = defaultdict(lambda: 1.0)
    met: Counter[SpokenSound] = Counter()
    came_in = 0
    for sounds, said in lessons:
        for there, here in Pronunciation(sounds, table).pairs(said):
            if here is None and there is not None:
                extra = extra + said[there]
                came_in += 1
            elif here is not None:
                met[sounds[here]] += 1
                if there is None:
                    lost[sounds[here]] += 1
                else:
                    heard[sounds[here]] = heard[sounds[here]] + said[there]
    return SoundTable(
        heard={one: _share(weights) for one, weights in heard.items()},
        lost={one: min(0.9, lost[one] / (met[one] + 9)) for one in heard},
        anything=table.anything,
        extra=_share(extra),
        extra_rate=came_in / sum(len(said) for _, said in lessons),
    )


def as_text(table: SoundTable, tokens: Sequence[str]) -> str:
    """A line for each sound, so that a change can be read."""

    def row(weights: Weights) -> Mapping[str, float]:
        order = [int(place) for place in np.argsort(-weights) if weights[place] >= LEAST]
        return {tokens[place]: round(float(weights[place]), 4) for place in order}

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    heard = ",\n".join(
        f"  {line(one)}: {line(row(table.heard[one]))}" for one in sorted(table.heard)
    )
    lost = {one: round(table.lost[one], 3) for one in sorted(table.heard)}
    return (
        f'{{\n "heard": {{\n{heard}\n }},\n "lost": {line(lost)},\n "anything": {line(row(table.anything))},\n'
        f' "extra": {line(row(table.extra))},\n "extra_rate": {round(table.extra_rate, 4)}\n}}\n'
    )


def _share(weights: Sequence[float] | Weights) -> Weights:
    kept = np.asarray(weights, dtype=np.float32) + 1e-4
    return np.asarray(kept / kept.sum(), dtype=np.float32)


if __name__ == "__main__":
    learn()
