"""Speech at the server: the workers that hear callers, one of them beside itself, and what Asterisk is told of them."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import aiohttp
import structlog

from ivr.amount import counted
from ivr.ari.backoff import Backoff
from ivr.ari.events import Linked
from ivr.ari.node import Node
from ivr.asterisk.ports import free_port
from ivr.menus.words import yes_or_no
from ivr.observe import Counts
from ivr.private_file import write_private
from ivr.rulebook.in_force import Rulebook
from ivr.rules.decide.speech import digits_of, phrases_of, rules_listen
from ivr.rules.model import RuleSet
from ivr.server.asterisk import AsteriskInUse
from ivr.server.home import Home
from ivr.server.secret_file import secret_in
from ivr.settings import SpeechSettings, split_address
from ivr.settings.sections import WORKERS_FILE_WANTED
from ivr.speech.engines import chosen_engines
from ivr.speech.recogniser import SpokenPhrase, spoken
from ivr.speech.workers import WorkerAddress, WorkerLink, Workers

log = structlog.get_logger()

_SECRET_FILE = "speech.secret_file"  # noqa: S105 - the name of a setting

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.2, 30.0

GOODBYE_SECONDS = 2.0
"""How long a worker may take to end before it is killed."""

RULES_SECONDS = 1.0
"""How often the rules are looked at: for a menu that listens, and for what may be said in it."""

NO_ENGINE = "no engine is installed: `ivr speech models` says what is missing"


class SpeechInUse:
    """`workers` are the lines to all of them. Without `speech` in a menu of the rules, none is started."""

    def __init__(self, workers: Workers, beside: WorkerBeside | None, counts: Counts) -> None:
        self.workers = workers
        self._beside = beside
        self._counts = counts
        self._listens = False

    async def run(self, rulebook: Rulebook, node: Node, asterisk: AsteriskInUse) -> None:
        """Until cancelled: begin when a menu listens."""
        while not _listens(rulebook):  # noqa: ASYNC110 - rules change in a dozen ways, none of them in a hurry
            await asyncio.sleep(RULES_SECONDS)
        self._listens = True
        if not self.workers.links:
            log.warning("callers have only keys", why=NO_ENGINE)
            return
        async with asyncio.TaskGroup() as group:
            if self._beside is not None:
                group.create_task(self._beside.keep(), name="speech/beside")
            group.create_task(self.workers.run(), name="speech/lines")
            group.create_task(self._prepare_each_time(rulebook), name="speech/phrases")
            group.create_task(self._tell_each_time(node, asterisk), name="speech/asterisk")

    async def _prepare_each_time(self, rulebook: Rulebook) -> None:
        """A worker that was started, or rules that came in force: there is something to learn."""
        while True:
            rules = rulebook.present.rules
            for link in self.workers.links:
                if link.is_up and link.prepared_for != rules.revision:
                    link.prepare(rules.revision, _said_in(rules))
                if link.has_hung() and self._beside is not None:
                    self._beside.kill()
            await asyncio.sleep(RULES_SECONDS)

    async def _tell_each_time(self, node: Node, asterisk: AsteriskInUse) -> None:
        """An Asterisk that was started again knows of no worker."""
        async with node.links() as links:
            if node.is_linked:
                await self._tell(asterisk)
            async for state in links:
                if isinstance(state, Linked):
                    await self._tell(asterisk)

    async def _tell(self, asterisk: AsteriskInUse) -> None:
        for link in self.workers.links:
            try:
                await asterisk.bring_speech_to(link.address.name, link.address.media)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("Asterisk was not told of a speech worker", error=str(error))

    def lines(self, rules: RuleSet) -> Sequence[WorkerLink]:
        """Those that `/health` tells of: where no menu has listened yet, none is started, and none is missing."""
        return self.workers.links if self._listens or rules_listen(rules) else ()

    def problems(self) -> Iterator[str]:
        """What `/health` is to say, each with its mend."""
        if not self._listens:
            return
        if not self.workers.links:
            yield f"callers have only keys, though a menu listens: {NO_ENGINE}"
        for name, trouble in self.workers.troubles.items():
            mend = (
                "it is started again by itself"
                if self._beside
                else "start it: `ivr speech-worker`, with the same secret"
            )
            yield f"speech worker {name} is not there ({trouble}): callers have only keys; {mend}"
        if lost := self._counts["speech_lost"]:
            yield (
                f"{counted(lost, 'call was', 'calls were')} not listened to any more, and had only keys: "
                "`ivr explain CALL-ID` says why; more places or workers help where they were full"
            )


class WorkerBeside:
    """A worker that is started with the server, ends with it, and is started again when it ends before."""

    def __init__(self, address: WorkerAddress, secret_file: Path, settings: SpeechSettings) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._argv = (
            *(sys.executable, "-m", "ivr", "speech-worker", "--with-server"),
            *("--listen", f"{address.host}:{address.port}", "--secret-file", str(secret_file)),
            *("--engine", settings.engine, "--places", str(settings.places)),
            *_models("--vosk", settings.vosk),
            *_models("--whisper", settings.whisper),
        )

    async def keep(self) -> None:
        """Until cancelled: start it again when it has ended."""
        waits = Backoff(FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
        while True:
            lived = await self._live()
            if lived > LONGEST_RETRY_SECONDS:
                waits = Backoff(FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
            await asyncio.sleep(waits.next_seconds())

    def kill(self) -> None:
        """It hangs: end it, so that it is started again."""
        if self._process is not None and self._process.returncode is None:
            log.warning("speech worker hangs: it is killed", pid=self._process.pid)
            self._process.kill()

    async def _live(self) -> float:
        """One life of it, in seconds. Its standard input is ours: it ends when that closes, however we do."""
        clock = asyncio.get_running_loop().time
        began = clock()
        process = self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        log.info("speech worker started", pid=process.pid)
        try:
            code = await process.wait()
            log.warning("speech worker ended", code=code)
        finally:
            await _end(process)
        return clock() - began


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def speech_for(home: Home, settings: SpeechSettings, counts: Counts) -> SpeechInUse:
    """The workers that the settings name, else one beside the server, else (no engine) none."""
    if settings.workers:
        addresses = [
            WorkerAddress(f"speech-{number}", *split_address(address))
            for number, address in enumerate(settings.workers, start=1)
        ]
        return SpeechInUse(Workers(addresses, secret_of_workers(settings)), None, counts)
    if all(choice.lacks for choice in chosen_engines(settings)):
        return SpeechInUse(Workers((), ""), None, counts)
    address = WorkerAddress("speech-beside", "127.0.0.1", free_port())
    secret_file = home.folder / "speech.secret"
    if not secret_file.exists():
        write_private(secret_file, secrets.token_urlsafe(32) + "\n")
    beside = WorkerBeside(address, secret_file, settings)
    return SpeechInUse(
        Workers([address], secret_in(secret_file, _SECRET_FILE, WORKERS_FILE_WANTED)),
        beside,
        counts,
    )


def secret_of_workers(settings: SpeechSettings) -> str:
    """What workers that run already were started with. Blocks. Raises ConfigRefused."""
    return secret_in(settings.secret_file, _SECRET_FILE, WORKERS_FILE_WANTED)


def _models(option: str, folders: Mapping[str, Path]) -> Iterator[str]:
    for language, folder in folders.items():
        yield from (option, f"{language}={folder.absolute()}")


def _said_in(rules: RuleSet) -> Iterator[tuple[str, list[SpokenPhrase]]]:
    """For each menu that listens, and each language, what may be said there."""
    for menu in rules.menus.values():
        for language in rules.languages:
            if phrases := phrases_of(rules, menu, language):
                yield language, [spoken(phrase) for phrase in phrases]
    for question in rules.questions.values():
        for language in rules.languages:
            if digits := digits_of(question, language):
                yield language, [spoken(digit) for digit in digits]
    if rules_listen(rules):
        for language in rules.languages:
            yield language, [spoken(phrase) for phrase in yes_or_no(language)]


def _listens(rulebook: Rulebook) -> bool:
    return rules_listen(rulebook.present.rules)
