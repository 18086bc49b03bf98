"""`python -m bench.speech`: what is understood, what is asked back, what goes the wrong way; and how long it takes."""

from __future__ import annotations

import os
import resource
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import click
import numpy as np

from bench.speech.voices import VOICES, music, noise, spoken
from bench.speech.words import ENGLISH, MENUS, OTHER_WORDS
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.menus.words import NothingOfIt, Phrase, meaning_of
from ivr.speech.line import SILENCE_MS
from ivr.speech.phoneme.engine import PhonemeRecogniser
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.teachers import TEACHERS
from ivr.speech.recogniser import Grammar, SpokenPhrase

AT_ONCE = 10

Utterances = Sequence[tuple[str, bytes]]


@click.command()
@click.option("--seed", default=1, show_default=True, help="Chooses loudness, speed and noise.")
def measure(seed: int) -> None:
    """Print a table, with the voices named."""
    espeak = Espeak(find_program(cache_folder(), ESPEAK, print))
    engine = PhonemeRecogniser(espeak)
    began = perf_counter()
    words = sorted({word for menu in MENUS.values() for word in menu})
    for word in words:
        engine.learn(SpokenPhrase(word), "nb")
    taught = (perf_counter() - began) / len(words)
    others = list(_others(espeak, seed))
    print(f"voices: {', '.join(VOICES)}; taught by {', '.join(one.voice for one in TEACHERS)}")
    print(f"seed {seed}; {taught:.1f} s to learn a phrase; {len(others)} utterances of no menu\n")
    print(f"{'':14}{'right':>8}{'asked':>8}{'wrong':>8}{'not':>8}   of no menu: wrong, asked")
    for name, menu in MENUS.items():
        _row(name, menu, engine, espeak, others, seed)
    _times(engine, others)


def _others(espeak: Espeak, seed: int) -> Iterator[tuple[str, bytes]]:
    chance = np.random.default_rng(seed)
    for voice in VOICES:
        for word in OTHER_WORDS:
            yield "", spoken(espeak, word, voice, chance)
        for word in ENGLISH:
            yield "", spoken(espeak, word, voice, chance, "en")
        yield "", music(chance)
        yield "", noise(chance)


def _row(
    name: str,
    menu: Sequence[str],
    engine: PhonemeRecogniser,
    espeak: Espeak,
    others: Utterances,
    seed: int,
) -> None:
    chance = np.random.default_rng(seed + 1)
    said = [
        (word, spoken(espeak, word, voice, chance))
        for voice in VOICES
        for word in menu
        for _ in range(2)
    ]
    grammar = engine.grammar([SpokenPhrase(word) for word in menu], "nb")
    inside = Counter(_outcome(engine, menu, grammar, *one) for one in said)
    outside = Counter(_outcome(engine, menu, grammar, *one) for one in others)
    shares = [inside[what] / len(said) for what in ("right", "asked", "wrong", "not")]
    told = "".join(f"{share:8.1%}" for share in shares)
    away = f"{outside['wrong'] / len(others):.1%}, {outside['asked'] / len(others):.1%}"
    print(f"{name:14}{told}   {away}   ({len(said)} utterances)")


def _outcome(
    engine: PhonemeRecogniser, menu: Sequence[str], grammar: Grammar, word: str, sound: bytes
) -> str:
    phrases = [Phrase(text, text) for text in menu]
    meaning = meaning_of(phrases, grammar.likelihoods(sound), engine.thresholds)
    if isinstance(meaning, NothingOfIt):
        return "not"
    if not meaning.is_sure:
        return "asked"
    return "right" if meaning.phrase.key == word else "wrong"


def _times(engine: PhonemeRecogniser, others: Utterances) -> None:
    """Utterances that end at the same moment, as the worker would take them: in a thread for each core."""
    grammar = engine.grammar([SpokenPhrase(word) for word in MENUS["menu of 12"]], "nb")
    took: list[float] = []
    cores = os.cpu_count() or 1
    seconds = 0.0
    with ThreadPoolExecutor(cores) as threads:
        for start in range(0, 100, AT_ONCE):
            sounds = [sound for _, sound in others[start : start + AT_ONCE]]
            seconds += sum(len(sound) / 32_000 for sound in sounds)
            began = perf_counter()
            waiting = [threads.submit(grammar.likelihoods, sound) for sound in sounds]
            for one in waiting:
                one.result()
                took.append(perf_counter() - began)
    median = statistics.median(took) * 1000 + SILENCE_MS
    worst = max(took) * 1000 + SILENCE_MS
    busy = sum(took[end] for end in range(AT_ONCE - 1, len(took), AT_ONCE)) * cores
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{AT_ONCE} utterances that end at once, {cores} cores: decided {median:.0f} ms after the end of speech at "
        f"the median, {worst:.0f} ms at the worst, {SILENCE_MS} ms of them silence\n"
        f"a core hears {seconds / busy:.0f} s of speech in a second; the process took {peak:.0f} MB at its most"
    )


if __name__ == "__main__":
    measure()
