"""`python -m bench.speech.calls`: ten callers who speak at once, through SIP and a real Asterisk, on a quiet machine.

Told are the time from the end of what they say to the decision, as the journal has it, and key → next prompt of others,
who press keys: before, meanwhile and after. What a worker takes of the processor for an utterance does not depend on
neighbours; what the rest takes does.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import click
import numpy as np
import psutil

from bench.conditions import look, text
from bench.run import CALLERS_RTP, CALLERS_SIP, wait_for_quiet
from bench.speech.voices import VOICES, spoken
from bench.speech.words import MENUS
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program, find_sipp
from ivr.records.events import WordsHeard
from ivr.sipp import AwaitHangUp, CallerScript, Pause, Sipp, Speak
from ivr.sipp.sounds import alaw
from ivr.speech.phoneme.espeak import Espeak
from tests.acceptance import probe
from tests.acceptance.serving import BUILT_IN, Server, serving, write_tone

SPEAKS, PRESSES = "+4721000001", "+4721000002"
FIRST_HZ, SECOND_HZ, OTHER_HZ = 440.0, 1000.0, 620.0

BEFORE_WORD_SECONDS, AFTER_WORD_SECONDS = 1.5, 1.5
KEY_AFTER_SECONDS = 0.7
PRESSING_SECONDS = 30.0
PROBES_A_SECOND = 2.0
PATIENCE_SECONDS, LEARN_SECONDS = 5.0, 300.0

_MENU = MENUS["menu of 12"]

_RULES = f"""\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 21 00 00 02: {{to: menu first}}
  anything else: {{to: menu main}}
hours:
  always: {{daily: 00:00-24:00}}
menus:
  main:
    say: [choices]
    keys: {{{", ".join(f"{key}: department d{key}" for key in range(1, 10))}}}
    speech: true
    wait: 6s
    tries: 1
    nothing_chosen: hangup
  first: {{say: choices, keys: {{2: menu second}}, nothing_chosen: hangup}}
  second: {{say: second, keys: {{2: hangup}}, nothing_chosen: hangup}}
departments:
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the worker took while callers spoke: seconds of the processor, seconds of time, MB in the end."""

    used: float
    lasted: float
    memory_mb: float


@click.command()
@click.option("--callers", default=10, show_default=True, help="Who speak at once.")
@click.option("--rounds", default=12, show_default=True, help="How often they do.")
@click.option("--seed", default=1, show_default=True, help="Chooses loudness, speed and noise.")
@click.option("--patience", default=60.0, show_default=True, help="Seconds to wait for quiet.")
def measure(callers: int, rounds: int, seed: int, patience: float) -> None:
    """Print both; three minutes."""
    asyncio.run(_measure(callers, rounds, seed, patience))


async def _measure(callers: int, rounds: int, seed: int, patience: float) -> None:
    others = await wait_for_quiet(patience)
    print(f"{text(look(cache_folder()))}\nothers used {others:.2f} of a core\n")
    with tempfile.TemporaryDirectory(prefix="ivr-speech-") as name:
        folder = Path(name)
        words = _recordings(folder, seed)
        async with _served(folder) as server:
            worker = await _worker(server)
            sipp = Sipp(
                find_sipp(cache_folder(), print),
                folder / "sipp",
                sip_ports=CALLERS_SIP,
                media_ports=CALLERS_RTP,
            )
            await _round(sipp, server, words[:1], callers)
            before = await _pressed(server, PRESSING_SECONDS)
            used, began = _seconds(worker), monotonic()
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(_rounds(sipp, server, words, callers, rounds))
                pressing = group.create_task(_pressed(server, PRESSING_SECONDS))
            memory = worker.memory_info().rss / 2**20
            cost = Cost(_seconds(worker) - used, monotonic() - began, memory)
            after = await _pressed(server, PRESSING_SECONDS)
            heard = await _heard(server, speaking.result())
    _print(heard, callers, cost)
    _print_keys([*before, *after], pressing.result())


def _recordings(folder: Path, seed: int) -> list[Path]:
    """A word of the menu from each voice, in A-law."""
    espeak = Espeak(find_program(cache_folder(), ESPEAK, print))
    chance = np.random.default_rng(seed)
    found: list[Path] = []
    for number, voice in enumerate(VOICES):
        sound = np.frombuffer(spoken(espeak, _MENU[number], voice, chance), dtype="<i2")
        file = folder / f"{voice}.alaw"
        file.write_bytes(bytes(alaw(int(sample)) for sample in sound[::2]))
        found.append(file)
    return found


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[Server]:
    tones = {"choices": FIRST_HZ, "second": SECOND_HZ, **dict.fromkeys(BUILT_IN, OTHER_HZ)}
    for name, hertz in tones.items():
        write_tone(folder / "prompts" / "nb" / f"{name}.wav", hertz, seconds=1.0)
    async with serving(folder, rules_text(), folder / "prompts") as server:
        yield server


def rules_text() -> str:
    """A menu of nine keys that listens, and two of keys alone."""
    departments = "".join(
        f"  d{key}: {{words: {{nb: [{word}]}}, hours: always, national: queue empty, "
        "closed: {say: choices, to: hangup}}\n"
        for key, word in enumerate(_MENU[:9], start=1)
    )
    return (
        _RULES + departments + "queues:\n  empty: {answer: 80% within 20s, "
        "while_waiting: [{after: 1s, to: hangup}]}\nagents:\n"
        "  kari: {name: Kari, phone: kari, queues: [empty]}\n"
    )


async def _worker(server: Server) -> psutil.Process:
    """The speech worker, when it knows all that may be said."""

    def knows_all(health: Mapping[str, Any]) -> bool:
        workers = health["speech_workers"].values()
        return all(one["reachable"] and not one["learning"] for one in workers)

    await server.becomes(knows_all, within_seconds=LEARN_SECONDS)
    children = psutil.Process(server.pid).children()
    return next(child for child in children if "speech-worker" in child.cmdline())


async def _rounds(
    sipp: Sipp, server: Server, words: Sequence[Path], callers: int, rounds: int
) -> int:
    for number in range(rounds):
        await _round(sipp, server, [words[number % len(words)]], callers)
    return callers * rounds


async def _round(sipp: Sipp, server: Server, words: Sequence[Path], callers: int) -> None:
    """All of them call at once, and say it at once."""
    for word in words:
        steps = (Pause(BEFORE_WORD_SECONDS), Speak(word), Pause(AFTER_WORD_SECONDS), AwaitHangUp())
        script = CallerScript(SPEAKS, "+4790000001", steps, quiet=True)
        await sipp.load(script, server.sip, calls=callers, rate_per_second=1000)


async def _pressed(server: Server, seconds: float) -> list[float]:
    """Key → next prompt of one caller after another, for so long."""
    waits: list[float] = []
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + seconds
    async with asyncio.TaskGroup() as group:
        number = 0
        while loop.time() < ends_at:
            number += 1
            group.create_task(_press(server, f"+4791{number:06}", waits), name=f"key/{number}")
            await asyncio.sleep(1 / PROBES_A_SECOND)
    return waits


async def _press(server: Server, caller: str, waits: list[float]) -> None:
    async with (
        asyncio.timeout(4 * PATIENCE_SECONDS),
        probe.call(server.sip, PRESSES, caller) as placed,
    ):
        await placed.hears(FIRST_HZ)
        await asyncio.sleep(KEY_AFTER_SECONDS)
        waits.append(await placed.key_to_tone("2", SECOND_HZ, within_seconds=PATIENCE_SECONDS))


async def _heard(server: Server, count: int) -> list[WordsHeard]:
    """What the journal has of the last `count` calls that spoke."""
    records = [one for one in await server.records(10_000) if one.dialled == SPEAKS][:count]
    events = [event for record in records for event in await server.events(record.call_id)]
    return [one for one in events if isinstance(one, WordsHeard)]


def _seconds(worker: psutil.Process) -> float:
    times = worker.cpu_times()
    return float(times.user + times.system)


def _print(heard: Sequence[WordsHeard], callers: int, cost: Cost) -> None:
    waits = sorted(one.after_ms for one in heard)
    sure = sum(one.result == "sure" for one in heard)
    print(
        f"{callers} callers at once: {len(waits)} utterances, {sure} sure; decided after "
        f"{statistics.median(waits):.0f} ms at the median, {waits[len(waits) * 9 // 10]} ms for nine of ten, "
        f"{waits[-1]} ms at the worst\n"
        f"the worker took {1000 * cost.used / len(waits):.0f} ms of the processor for each with all that was sent, "
        f"{cost.used / cost.lasted:.2f} of a core, and {cost.memory_mb:.0f} MB"
    )


def _print_keys(quiet: Sequence[float], meanwhile: Sequence[float]) -> None:
    calm, busy = statistics.median(quiet) * 1000, statistics.median(meanwhile) * 1000
    print(
        f"key to next prompt at the median: {calm:.0f} ms without speech ({len(quiet)} keys), "
        f"{busy:.0f} ms meanwhile ({len(meanwhile)}): {busy / calm - 1:+.0%}"
    )


if __name__ == "__main__":
    measure()
