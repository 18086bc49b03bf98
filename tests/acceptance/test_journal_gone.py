"""A journal that is taken away under a server that takes calls, and one that another program holds."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import STOP_SECONDS, Server, addresses, started, tone_prompts

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues: {vent: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [vent]}}
"""


def says(words: str) -> Any:
    def is_told(health: Mapping[str, Any]) -> bool:
        return any(words in problem for problem in health["problems"])

    return is_told


async def calls(server: Server, journal: Path) -> str:
    """A call during which the journal is deleted; what `/health` says then."""
    async with plain_phone(server.sip, "+4790000001") as phone:
        waiting, _ = await phone.call("100")
        await phone.hang_up(waiting)
        await server.records(1)
        waiting, _ = await phone.call("100")
        os.remove(journal)
        health = await server.becomes(says("deleted or moved away while this server ran"))
        await phone.hang_up(waiting)
        await server.records(2)
        return "\n".join(health["problems"])


@pytest.mark.fault("F-67")
async def test_a_journal_that_is_deleted_under_calls_keeps_them_all_and_an_empty_one_is_told(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    with addresses() as at:
        async with started(tmp_path, RULES, prompts, at) as server:
            journal = server.home / "journal.sqlite"
            told = await calls(server, journal)
        assert "all of it was written again" in told

        os.remove(journal)
        async with started(tmp_path, RULES, prompts, at) as server:
            health = await server.health()

    assert says("it is new and empty, though a server has kept calls here before")(health)
    assert health["status"] == "degraded"


@pytest.mark.fault("F-67")
async def test_a_home_folder_that_is_moved_or_deleted_under_a_server_costs_no_phone_its_password(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    with addresses() as at:
        async with started(tmp_path, RULES, prompts, at) as server:
            home, elsewhere = server.home, server.home.with_name("elsewhere")
            secrets = (home / "secrets.json").read_text()
            home.rename(elsewhere)
            health = await server.becomes(says(f"was moved to {elsewhere} while this server runs"))
            assert says("no message can be recorded")(health)
            await rules_are_refused(server, tmp_path / "rules.yaml")
            assert not home.exists()
            elsewhere.rename(home)
            await server.becomes(lambda now: not says("was moved to")(now))

            shutil.rmtree(home / "asterisk")
            await server.becomes(lambda _: (home / "asterisk/running.json").exists())
            await server.becomes(lambda now: not says("no message can be recorded")(now))

            shutil.rmtree(home)
            await server.becomes(
                says("secrets.json, speech.secret, server.json were written again")
            )
            assert (home / "secrets.json").read_text() == secrets
            assert await server.ari("channels") == []
            os.kill(server.pid, signal.SIGUSR1)
            await server.ended(within_seconds=STOP_SECONDS)
        async with started(tmp_path, RULES, prompts, at) as server:
            assert "Asterisk found running" in server.log.read_text()


async def rules_are_refused(server: Server, file: Path) -> None:
    """An edit is not taken, and no password made for whom it names."""
    edited = RULES.replace("agents: {", "agents: {ola: {phone: ola, queues: [vent]}, ")
    await asyncio.to_thread(file.write_text, edited)
    health = await server.becomes(says("is gone, so nothing was changed"))
    assert "ola" not in health["agents"]


@pytest.mark.fault("F-65")
async def test_a_lock_of_another_program_keeps_no_caller_from_an_answer(tmp_path: Path) -> None:
    with addresses() as at:
        async with started(tmp_path, RULES, tone_prompts(tmp_path / "prompts"), at) as server:
            await answered_while_locked(server)
            (record,) = await server.records(1)

    assert record.answered_at is not None


async def answered_while_locked(server: Server) -> None:
    """The lock is let go of only when the caller has been answered, and it is told meanwhile."""
    journal = server.home / "journal.sqlite"
    with closing(sqlite3.connect(journal, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        async with plain_phone(server.sip, "+4790000001") as phone:
            waiting, answered = await phone.call("100")
            assert answered.status == 200
            await server.becomes(says("another program has locked it"))
            another.execute("ROLLBACK")
            await phone.hang_up(waiting)
