"""Callers who say it: a word read by espeak-ng, through SIP and a real Asterisk, to a speech worker, and to a queue."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.audio.decoding import decode_wav
from ivr.records.events import CallEvent, MenuTry, WordsHeard
from ivr.records.record import CallRecord
from ivr.sipp import AwaitHangUp, CallerScript, Pause, PortRange, Sipp, Speak
from ivr.sipp.script import ScriptStep
from ivr.sipp.sounds import alaw
from tests.acceptance.serving import BUILT_IN, Server, serving, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

NATIONAL = "+4721000000"

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
hours:
  always: {daily: 00:00-24:00}
menus:
  main:
    say: [choices]
    keys:
      1: department kundeservice
      2: department levering
      3: department faktura
      4: department bestilling
    speech: true
    wait: 5s
    tries: 2
    nothing_chosen: hangup
departments:
  kundeservice: {words: {nb: [kundeservice]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
  levering: {words: {nb: [levering]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
  faktura: {words: {nb: [faktura, regning]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
  bestilling: {words: {nb: [bestilling]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
queues:
  empty: {answer: 80% within 20s, nobody_logged_in: hangup, while_waiting: [{after: 1m, to: hangup}]}
agents:
  kari: {name: Kari, phone: kari, queues: [empty]}
"""


@dataclass
class Centre:
    """A server with a speech worker, and somebody who calls it."""

    server: Server
    sipp: Sipp
    words: Path

    async def calls(self, *steps: ScriptStep) -> tuple[CallRecord, tuple[CallEvent, ...]]:
        """What became of a call in which this was done, and what the journal says of it."""
        script = CallerScript(NATIONAL, "+4799887766", (*steps, AwaitHangUp()), quiet=True)
        report = await self.sipp.call(script, self.server.sip)
        assert report.ok, report
        record = await self.server.record(report.call_id)
        return record, await self.server.events(record.call_id)

    def says(self, word: str, voice: str = "nb") -> Speak:
        """The word, as espeak-ng reads it, through the telephone's A-law."""
        recording = self.words / f"{voice}-{word}.alaw"
        if not recording.exists():
            spoken = self.words / "spoken.wav"
            argv = find_program(cache_folder(), ESPEAK, print)
            subprocess.run([*argv, "-v", voice, "-s", "140", "-w", str(spoken), word], check=True)
            recording.write_bytes(telephone(spoken))
        return Speak(recording)


def telephone(spoken: Path) -> bytes:
    """8,000 A-law samples a second, a third as loud as they could be, and nothing above 3.4 kHz."""
    decoded = decode_wav(spoken)
    assert decoded is not None
    samples, rate = np.array(decoded[0], dtype=np.float64), decoded[1]
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    count = len(samples) * 8000 // rate
    narrow = np.fft.irfft(spectrum[: count // 2 + 1], count)
    return bytes(alaw(round(value)) for value in narrow / np.abs(narrow).max() * 10_000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(
    sipp_argv: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Centre]:
    folder = tmp_path_factory.mktemp("speech")
    for name, hertz, seconds in (
        ("choices", 440.0, 3.0),
        *((name, 620.0, 0.2) for name in BUILT_IN),
    ):
        write_tone(folder / "prompts/nb" / f"{name}.wav", hertz, seconds=seconds)
    async with serving(folder, RULES, folder / "prompts") as server:
        sipp = Sipp(
            sipp_argv,
            folder / "sipp",
            sip_ports=PortRange(25_000, 25_099),
            media_ports=PortRange(25_100, 25_999),
        )
        await server.becomes(lambda health: not any("speech" in one for one in health["problems"]))
        yield Centre(server, sipp, folder)


async def test_a_caller_who_says_the_word_gets_as_far_as_one_who_presses_the_key(
    centre: Centre,
) -> None:
    record, events = await centre.calls(Pause(3.5), centre.says("kundeservice"))

    (heard,) = [one for one in events if isinstance(one, WordsHeard)]
    assert (heard.result, heard.word, heard.key) == ("sure", "kundeservice", "1")
    assert MenuTry(menu="main", result="chosen", key="1") in events
    assert record.department == "kundeservice"
