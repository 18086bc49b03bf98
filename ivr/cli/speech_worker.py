"""`ivr speech-worker`: hear what callers say, for a server."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.engines import recognisers
from ivr.cli.shared.files import DiskPath
from ivr.errors import ConfigRefused
from ivr.observe import start_logging
from ivr.server.secret_file import secret_in
from ivr.server.signals import stop_signals
from ivr.settings import SpeechSettings, join_address, split_address
from ivr.speech.worker import SpeechWorker

ENGINES = ("phoneme", "scripted")

LanguageFolder = tuple[str, Path]

NICENESS = 5
"""Calls come first: keys must not wait for the processor because words are worked out."""


MOST_BYTES, TIMES_A_MODEL = 3 * 2**30, 4
"""Of address space, and so many times what the models take on disk more; what is used is a small part of it.

An engine that leaks ends, and is started again.
"""


class FolderOfLanguage(click.ParamType[LanguageFolder]):
    """`LANGUAGE=FOLDER`: where the model of a language lies."""

    name = "language=folder"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> LanguageFolder:
        language, _, folder = str(value).partition("=")
        if not (language and folder):
            self.fail(f"{value} is no LANGUAGE=FOLDER, such as en=/models/vosk-en", param, ctx)
        return language, Path(folder)


@click.command("speech-worker")
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:9090", show_default=True)
@click.option(
    "--secret-file",
    type=DiskPath(),
    required=True,
    help="A file whose first line is the secret that the server shows.",
)
@click.option("--engine", type=WordChoice(ENGINES), default=ENGINES[0], show_default=True)
@click.option("--vosk", type=FolderOfLanguage(), multiple=True, help="A model of Vosk's.")
@click.option("--whisper", type=FolderOfLanguage(), multiple=True, help="A model of Whisper's.")
@click.option(
    "--with-server", is_flag=True, help="End when standard input closes: a server started this."
)
@click.option("--places", type=click.IntRange(1, 1000), default=20, show_default=True)
def speech_worker(
    listen: str,
    secret_file: Path,
    engine: str,
    vosk: Sequence[LanguageFolder],
    whisper: Sequence[LanguageFolder],
    with_server: bool,
    places: int,
) -> None:
    """Hear what callers say, and tell a server which phrase of its menu that was.

    Asterisk brings the callers' speech here. Nothing of it is kept.
    """
    where, secret = _listening(listen), _secret(secret_file)
    start_logging(as_json=not sys.stderr.isatty())
    logging.getLogger("aiohttp.server").setLevel(logging.ERROR)
    os.nice(NICENESS)
    most = MOST_BYTES + TIMES_A_MODEL * sum(_size(folder) for _, folder in (*vosk, *whisper))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    settings = SpeechSettings.model_validate(
        {"engine": engine, "vosk": dict(vosk), "whisper": dict(whisper)}
    )
    worker = SpeechWorker(recognisers(settings), secret, places)
    asyncio.run(_run(worker, *where, with_server=with_server))


async def _run(worker: SpeechWorker, host: str, port: int, *, with_server: bool) -> None:
    with stop_signals() as stop:
        if with_server:
            await _end_with_input(stop.orderly)
        async with worker.open(host, port) as at:
            click.echo(f"ready speech={join_address(host, at)}")
            sys.stdout.flush()
            await stop.orderly.wait()


async def _end_with_input(over: asyncio.Event) -> None:
    """A server that is killed says nothing, but its end of the pipe closes."""

    class Input(asyncio.Protocol):
        def connection_lost(self, _: Exception | None) -> None:
            over.set()

    await asyncio.get_running_loop().connect_read_pipe(Input, sys.stdin)


def _size(folder: Path) -> int:
    """What the files below it take, in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _listening(listen: str) -> tuple[str, int]:
    try:
        return split_address(listen)
    except ValueError as error:
        raise ConfigRefused("--listen", listen, str(error)) from error


def _secret(file: Path) -> str:
    wanted = "the path of a file whose first line is the secret, 16 characters or more"
    secret = secret_in(file, "--secret-file", wanted)
    if len(secret) < 16:
        raise ConfigRefused("--secret-file", str(file), wanted)
    return secret
