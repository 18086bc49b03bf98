"""The play: agents sign in, callers call, and each call is told from what the server has stored."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp

from ivr.asterisk.cache import ESPEAK, FETCHABLE, cache_folder
from ivr.asterisk.obtain import find_asterisk, find_program
from ivr.asterisk.passwords import keep_passwords
from ivr.centre.settings import SETTINGS_FILE
from ivr.clock import SystemClock
from ivr.demo.carrier import HOST, TRUNK, PlayedCarrier, carrier
from ivr.demo.listening import spoken_story, write_listening_rules
from ivr.demo.script import (
    AGENTS,
    ANYBODY,
    AWAY,
    BERGEN,
    DIALLED,
    NATIONAL,
    STORIES,
    TRONDHEIM,
    Story,
)
from ivr.demo.stage import Stage, server
from ivr.errors import DemoFailed
from ivr.kpi.rows import Terms, figures
from ivr.records.journal import Entry
from ivr.records.record import CallRecord
from ivr.rulebook.folder import files_beside
from ivr.rules.load import load_rules
from ivr.showing.figures import queues_told
from ivr.showing.record_lines import record_told
from ivr.showing.story import story_told
from ivr.sipp.ports import PortRange
from ivr.sipp.run import AgentPhone, Sipp
from ivr.sipp.script import AgentScript, Credentials
from ivr.speech.engines import EngineChoice
from ivr.speech.phoneme.espeak import Espeak
from ivr.store.open import open_store

Narrate = Callable[[str], None]

LEARNING_SECONDS = 60.0

STORED_SECONDS = 10.0
"""How long the last record may take to reach the disk."""


async def play(home: Path, rules: Path, narrate: Narrate, *, once: bool) -> None:
    """Run the main job once and tell it; unless `once`, stay up for a softphone until interrupted.

    Raises DemoFailed where a call did not go as its story says.
    """
    argv = await asyncio.to_thread(find_program, cache_folder(), FETCHABLE["sip-tester"], narrate)
    sipp = Sipp(
        argv, home / "sipp", sip_ports=PortRange(15100, 15899), media_ports=PortRange(22000, 23999)
    )
    installation = await asyncio.to_thread(find_asterisk, cache_folder(), narrate)
    narrate("starting a carrier, which is played by a second Asterisk …")
    async with AsyncExitStack() as phones:
        played = await phones.enter_async_context(carrier(home / "carrier", installation, DIALLED))
        await asyncio.to_thread(played.write_settings, home / SETTINGS_FILE)
        narrate("starting Asterisk and the server …")
        stage = await phones.enter_async_context(server(home, rules))
        narrate(f"ready: SIP on {stage.sip[0]}:{stage.sip[1]}, http://{stage.web}/health")
        await played.customer_signed_in()
        narrate(
            f"signed in at the played carrier, {HOST}:{played.sip[1]}: trunk {TRUNK} in {home / SETTINGS_FILE}; "
            "all callers call there"
        )
        for name, script in AGENTS.items():
            await phones.enter_async_context(_agent(sipp, stage, name, script))
        narrate(f"agents signed in: {', '.join(AGENTS)}")
        began = SystemClock().now()
        failures = await _call_all(sipp, stage, played, narrate)
        stored = await _stored(home, began, STORIES)
        _tell(stored, STORIES, narrate)
        _tell_queues(stored, rules, narrate)
        await _say_it(sipp, stage, played, rules, narrate, failures)
        await _show(("trunks",), home, narrate)
        await _show(("trunks", "try", TRUNK, "--call", ANYBODY), home, narrate)
        if failures:
            raise DemoFailed("a call did not go as planned", "\n".join(failures))
        if not once:
            _invite(stage, played, home, rules, narrate)
            await asyncio.Event().wait()


def _agent(
    sipp: Sipp, stage: Stage, name: str, script: AgentScript
) -> AbstractAsyncContextManager[AgentPhone]:
    password = keep_passwords(stage.home.resolve(), [name]).phones[name]
    return sipp.agent(script, account=Credentials(name, password, stage.sip))


async def _call_all(sipp: Sipp, stage: Stage, played: PlayedCarrier, narrate: Narrate) -> list[str]:
    """All callers, at the same time but for the one who is to wait in vain."""
    waits_in_vain = [story for story in STORIES if story.dialled == TRONDHEIM]
    others = [story for story in STORIES if story.dialled != TRONDHEIM]
    failures: list[str] = []
    async with asyncio.TaskGroup() as calls:
        for story in others:
            calls.create_task(_call(sipp, played, story, narrate, failures), name=story.caller)
        async with AsyncExitStack() as phones:
            await asyncio.sleep(25)  # so that the callers above meet the agents who are at work
            for name, script in AWAY.items():
                await phones.enter_async_context(_agent(sipp, stage, name, script))
            for story in waits_in_vain:
                await _call(sipp, played, story, narrate, failures)
    return failures


async def _call(
    sipp: Sipp, played: PlayedCarrier, story: Story, narrate: Narrate, failures: list[str]
) -> None:
    narrate(f"calling: {story.title}")
    report = await sipp.call(story.script, played.sip, within_seconds=120)
    if not report.ok:
        failures.append(f"{story.title}: {'; '.join(report.failures)}")
    narrate(f"   over: {story.title}")


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server has stored of one call."""

    record: CallRecord
    entries: tuple[Entry, ...]


async def _say_it(
    sipp: Sipp,
    stage: Stage,
    played: PlayedCarrier,
    rules: Path,
    narrate: Narrate,
    failures: list[str],
) -> None:
    """The rules let callers say it, and one does. Without an engine it is said how to get one."""
    narrate(
        "\nCallers may say it: `speech: true` in the main menu, and `words` for its departments\n"
    )
    if lacks := EngineChoice("phoneme").lacks:
        narrate(f"   nobody hears them on this machine: {lacks}")
        return
    espeak = Espeak(await asyncio.to_thread(find_program, cache_folder(), ESPEAK, narrate))
    file = await asyncio.to_thread(write_listening_rules, rules, stage.home)
    await _show(("apply", str(file), "-m", "callers may say it"), stage.home, narrate)
    await _words_are_known(stage, narrate)
    story = await asyncio.to_thread(spoken_story, espeak, stage.home)
    began = SystemClock().now()
    await _call(sipp, played, story, narrate, failures)
    stored = await _stored(stage.home, began, (story,))
    _tell(stored, (story,), narrate)


async def _words_are_known(stage: Stage, narrate: Narrate) -> None:
    """Wait until the worker has learned the words; on a machine that has heard them before, that is at once.

    It hears them before that too, if less well: so there is an end to it.
    """
    narrate("   the speech worker learns the words, once on this machine …")
    ends = asyncio.get_running_loop().time() + LEARNING_SECONDS
    async with aiohttp.ClientSession() as session:
        while asyncio.get_running_loop().time() < ends:
            async with session.get(f"http://{stage.web}/health") as answer:
                workers = (await answer.json())["speech_workers"].values()
            if workers and all(one["reachable"] and not one["learning"] for one in workers):
                return
            await asyncio.sleep(0.5)


async def _stored(home: Path, since: datetime, stories: Sequence[Story]) -> dict[str, Stored]:
    """What is stored of each story, by the caller's number; an earlier demonstration's calls are there too."""

    def read() -> dict[str, Stored]:
        with open_store(home).reading() as stored:
            return {
                record.caller or "": Stored(record, stored.calls.events(record.call_id))
                for record in stored.calls.latest(len(stories))
                if record.arrived_at >= since
            }

    async with asyncio.timeout(STORED_SECONDS):
        while True:
            stored = await asyncio.to_thread(read)
            if len(stored) == len(stories):
                return stored
            await asyncio.sleep(0.1)


def _tell(stored: dict[str, Stored], stories: Sequence[Story], narrate: Narrate) -> None:
    for number, story in enumerate(stories, 1 if stories is STORIES else len(STORIES) + 1):
        call = stored[story.caller]
        narrate(f"\n{number}. {story.title}\n")
        for line in (*story_told(call.entries), "", *record_told(call.record)):
            narrate(f"   {line}".rstrip())


def _tell_queues(stored: dict[str, Stored], rules: Path, narrate: Narrate) -> None:
    rule_set, _ = load_rules(rules.read_bytes(), str(rules), files=files_beside(rules))
    targets = {queue.name: queue.answer.within_seconds for queue in rule_set.queues.values()}
    terms = Terms(zone=rule_set.timezone, targets=targets)
    records = [call.record for call in stored.values()]
    narrate("\nThe queues\n")
    for line in queues_told(figures(records, "queue", terms, with_tests=True), terms):
        narrate(f"   {line}")


async def _show(words: tuple[str, ...], home: Path, narrate: Narrate) -> None:
    """What `ivr` says to these words. Raises DemoFailed where a trunk is not well."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ivr", *words, "--home", str(home)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode("utf-8", "replace").rstrip()
    narrate("\n".join((f"\n$ ivr {shlex.join(words)} --home {home}\n", *_indented(said))))
    if process.returncode != 0:
        raise DemoFailed("a trunk is not well", said)


def _indented(text: str) -> list[str]:
    return [f"   {line}" for line in text.splitlines()]


def _invite(stage: Stage, played: PlayedCarrier, home: Path, rules: Path, narrate: Narrate) -> None:
    host, port = stage.sip
    port_there = played.sip[1]
    password = keep_passwords(home.resolve(), ["ola"]).phones["ola"]
    narrate(f"""
Still up. Call with a softphone on this machine:

   server    {host}:{port} (UDP)
   user      ola
   password  {password}
   dial      {BERGEN} (Bergen), {TRONDHEIM} (Trondheim), {NATIONAL} (national)

Signed in, ola is an agent too: calls to customer service ring there. Others: ivr agents credentials NAME --home {home}
For your calls it is Monday 23 November 2026, 10:00, when everybody is at work.
Or call in over the carrier, without an account: sip:{BERGEN}@{HOST}:{port_there}
State:  http://{stage.web}/health
Calls:  ivr calls --home {home}
Log:    {stage.log}

Ctrl-C ends it.""")
