"""`python -m bench.speech.judging`: the judge `judge.json` anew, from menus and voices that nothing is measured with.

For each utterance in each of many menus of other words, the phrase that fits best is looked at: was it said? The
measures of it that say so are weighed by logistic regression. Then two levels are chosen: above `sure`, one in forty of
the utterances of no menu is taken for a phrase; above `unsure`, one in eight.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from bench.speech.voices import LEARNING_VOICES, music, noise, spoken
from bench.speech.words import LEARNING_ENGLISH, LEARNING_OTHERS, LEARNING_WORDS
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.speech.phoneme.engine import PhonemeRecogniser
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.exemplar import fits
from ivr.speech.phoneme.judgement import MEASURES, PhraseFit, measures
from ivr.speech.phoneme.pairing import Posteriors
from ivr.speech.phoneme.phrase import KnownPhrase
from ivr.speech.recogniser import SpokenPhrase

MENUS = {4: 15, 8: 15, 12: 30}
"""How many menus of how many phrases."""

TAKEN, ASKED = 1 / 40, 1 / 8
"""Of utterances of no menu."""

ROUNDS, RESTRAINT = 40, 0.01

Numbers = NDArray[np.float64]
Said = tuple[str | None, Posteriors]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each utterance in a menu: the measures of the phrase that fits best, and whether it was said, or none was."""

    measured: Numbers
    was_said: Numbers
    is_other: NDArray[np.bool_]


@click.command()
@click.option("--seed", default=1, show_default=True)
def learn(seed: int) -> None:
    """Write the judge; some minutes."""
    espeak = Espeak(find_program(cache_folder(), ESPEAK, print))
    engine = PhonemeRecogniser(espeak, cache_folder() / "speech")
    for word in LEARNING_WORDS:
        engine.learn(SpokenPhrase(word), "nb")
    known = {word: engine.known(SpokenPhrase(word), "nb") for word in LEARNING_WORDS}
    said = [
        (word, engine.phonemes.heard(sound))
        for word, sound in _utterances(espeak, np.random.default_rng(seed))
    ]
    verdicts = _verdicts(known, said, np.random.default_rng(seed))
    weights, bias = weighed(verdicts)
    place = Path(str(resources.files("ivr.speech.phoneme").joinpath("judge.json")))
    kept = {**dict(zip(MEASURES, weights.tolist(), strict=True)), "bias": bias}
    place.write_text(
        json.dumps({name: round(one, 4) for name, one in kept.items()}, indent=1) + "\n"
    )
    scores = verdicts.measured @ weights + bias
    inside = ~verdicts.is_other
    right = np.mean((scores >= 1)[inside] & (verdicts.was_said > 0)[inside])
    print(f"{len(scores)} verdicts; of what is in a menu {right:.1%} are taken, and are right")


def _utterances(espeak: Espeak, chance: np.random.Generator) -> Iterator[tuple[str | None, bytes]]:
    for voice in LEARNING_VOICES:
        for word in LEARNING_WORDS:
            yield word, spoken(espeak, word, voice, chance)
        for word in LEARNING_OTHERS:
            yield None, spoken(espeak, word, voice, chance)
        for word in LEARNING_ENGLISH:
            yield None, spoken(espeak, word, voice, chance, "en")
        yield None, music(chance)
        yield None, noise(chance)


def _verdicts(
    known: dict[str, KnownPhrase], said: Sequence[Said], chance: np.random.Generator
) -> Verdicts:
    rows: list[tuple[Numbers, bool, bool]] = []
    table = np.array([[one.fit(heard) for one in known.values()] for _, heard in said])
    words = list(known)
    for size, count in MENUS.items():
        for _ in range(count):
            menu = chance.choice(len(words), size, replace=False)
            names = [words[place] for place in menu]
            for (word, heard), row in zip(said, table[:, menu], strict=True):
                if (word is None or word in names) and math.isfinite(row.max()):
                    best, next_best = np.argsort(-row)[:2]
                    phrase = known[names[best]]
                    one = PhraseFit(
                        float(row[best]),
                        fits(phrase.exemplars, heard),
                        float(row[best] - row[next_best]),
                        len(phrase.ways[0]),
                        len(heard),
                        phrase.own,
                    )
                    rows.append((measures(one), names[best] == word, word is None))
    measured, was_said, is_other = zip(*rows, strict=True)
    return Verdicts(np.stack(measured), np.array(was_said, dtype=float), np.array(is_other))


def weighed(verdicts: Verdicts) -> tuple[Numbers, float]:
    """Weights and bias with which 0 asks back, and 1 is sure."""
    middle, scale = verdicts.measured.mean(axis=0), verdicts.measured.std(axis=0) + 1e-9
    ones = np.ones(len(verdicts.measured))
    seen = np.column_stack([(verdicts.measured - middle) / scale, ones])
    counts = np.where(verdicts.is_other, 0.5, 1.0)
    restraint = RESTRAINT * len(ones) * np.append(np.ones(len(scale)), 0.0)
    weights = np.zeros(len(scale) + 1)
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (counts * (verdicts.was_said - likely)) - restraint * weights
        bend = (seen * (counts * likely * (1 - likely) + 1e-9)[:, np.newaxis]).T @ seen
        weights += np.linalg.solve(bend + np.diag(restraint + 1e-6), slope)
    scores = (seen @ weights)[verdicts.is_other]
    unsure, sure = np.quantile(scores, 1 - ASKED), np.quantile(scores, 1 - TAKEN)
    plain = weights[:-1] / scale / (sure - unsure)
    bias = (weights[-1] - unsure) / (sure - unsure) - float(middle @ plain)
    return plain, float(bias)


if __name__ == "__main__":
    learn()
