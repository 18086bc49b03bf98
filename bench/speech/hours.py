"""Hours of what is no word of a menu, through the worker's own path: `python -m bench.speech.hours`. No test.

Silence, a street, music, and other languages, at a menu of twelve that listens all the time, as fast as the machine can
hear. Wanted: nothing routes, and memory is level. A real menu gives up after two misses and asks for keys.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import click
import numpy as np
import psutil

from bench.speech.voices import VOICES, music, noise, spoken
from bench.speech.words import ENGLISH, MENUS, OTHER_WORDS
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.menus.words import NothingOfIt, Phrase, Thresholds, meaning_of
from ivr.speech.line import SpeechLine
from ivr.speech.messages import Attend, OfCall, SoundLost, Speaks, Utterance
from ivr.speech.phoneme.engine import PhonemeRecogniser
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.recogniser import BYTES_A_SECOND, SpokenPhrase

KINDS = ("silence", "a street", "music", "English", "other words", "French")
FRENCH = ("bonjour madame", "je voudrais parler avec quelqu'un", "merci", "comment allez-vous")
PAUSE = bytes(BYTES_A_SECOND)


@click.command()
@click.option("--hours", default=3.0, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(hours: float, seed: int) -> None:
    """Print, by kind of sound, how many utterances were taken for what; and the memory, each tenth of the way."""
    asyncio.run(_hear(hours * 3600, seed))


async def _hear(seconds: float, seed: int) -> None:
    espeak = Espeak(find_program(cache_folder(), ESPEAK, print))
    engine = PhonemeRecogniser(espeak)
    menu = MENUS["menu of 12"]
    phrases = tuple(Phrase(word, f"{place}") for place, word in enumerate(menu))
    for phrase in phrases:
        engine.learn(SpokenPhrase(phrase.text), "nb")
    told: list[OfCall] = []
    outcomes: Counter[tuple[str, str]] = Counter()
    heard, due = 0.0, 0.0
    with ThreadPoolExecutor(1) as threads:
        async with asyncio.TaskGroup() as tasks:
            line = SpeechLine("bench", [engine], threads, tasks, told.append)
            line.attend(
                Attend(
                    call="bench",
                    turn=1,
                    language="nb",
                    phrases=tuple(SpokenPhrase(one.text) for one in phrases),
                )
            )
            await asyncio.sleep(1.0)
            for kind, sound in _sounds(espeak, seed):
                line.hear(sound)
                line.hear(PAUSE)
                heard += (len(sound) + len(PAUSE)) / BYTES_A_SECOND
                await _until_all_is_told(told)
                for one in told:
                    if isinstance(one, SoundLost):
                        raise SystemExit(one.why)
                    if isinstance(one, Utterance):
                        outcomes[kind, _outcome(phrases, one)] += 1
                told.clear()
                if heard >= due:
                    size = psutil.Process(os.getpid()).memory_info().rss / 1e6
                    click.echo(
                        f"{heard / 3600:5.2f} h  {size:6.0f} MB  {outcomes.total()} utterances"
                    )
                    due += seconds / 10
                if heard >= seconds:
                    break
    for kind in KINDS:
        found = {what: count for (of, what), count in sorted(outcomes.items()) if of == kind}
        click.echo(f"{kind:12} {found}")


async def _until_all_is_told(told: list[OfCall]) -> None:
    """Each utterance that began has ended, for a second of silence follows it."""
    while sum(isinstance(one, Speaks) for one in told) > sum(  # noqa: ASYNC110 - others' thread
        isinstance(one, Utterance | SoundLost) for one in told
    ):
        await asyncio.sleep(0.002)


def _outcome(phrases: tuple[Phrase, ...], one: Utterance) -> str:
    wanted = Thresholds(one.sure, one.unsure, one.apart)
    meaning = meaning_of(phrases, one.likelihoods, wanted)
    if isinstance(meaning, NothingOfIt):
        return "not understood"
    return f"taken for {meaning.phrase.text}" if meaning.is_sure else "asked back"


def _sounds(espeak: Espeak, seed: int) -> Iterator[tuple[str, bytes]]:
    """For ever: some of each kind in turn. What is spoken is made once, and comes louder and softer."""
    chance = np.random.default_rng(seed)
    said = {
        "English": [
            spoken(espeak, one, voice, chance, "en") for one in ENGLISH for voice in VOICES
        ],
        "other words": [
            spoken(espeak, one, voice, chance) for one in OTHER_WORDS for voice in VOICES
        ],
        "French": [spoken(espeak, one, voice, chance, "fr") for one in FRENCH for voice in VOICES],
    }
    while True:
        yield "silence", bytes(20 * BYTES_A_SECOND)
        yield "a street", noise(chance, 15.0)
        yield "music", music(chance, 15.0)
        for kind, sounds in said.items():
            for _ in range(5):
                samples = np.frombuffer(sounds[chance.integers(len(sounds))], dtype="<i2")
                yield kind, (samples * chance.uniform(0.4, 1.0)).astype("<i2").tobytes()


if __name__ == "__main__":
    main()
