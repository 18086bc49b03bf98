"""A real server, real calls and a real PostgreSQL, which goes away and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.probe import call
from tests.acceptance.serving import Server, ivr, serving, tone_prompts
from tests.postgres import (
    PASSWORD,
    PostgresCluster,
    database_of,
    either,
    postgres_cluster,
    postgres_with_standby,
)

pytestmark = pytest.mark.real

WELCOME_HZ = 440.0
RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {anything else: menu main}
menus:
  main: {say: welcome, keys: {1: menu main}, wait: 30s, nothing_chosen: hangup}
"""


@pytest.fixture
def postgres() -> Iterator[PostgresCluster]:
    with postgres_cluster() as cluster:
        yield cluster


async def calls(server: Server, number: int) -> None:
    """A caller who hears the menu, and hangs up."""
    async with call(server.sip, "+4755301000", f"+479000000{number}") as caller:
        await caller.hears(WELCOME_HZ)


@pytest.mark.fault("F-55")
async def test_callers_notice_nothing_while_postgresql_is_away_and_their_calls_come_there_later(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    environment = {"IVR_STORE__URL": url, "IVR_STORE_PASSWORD": PASSWORD}
    prompts = tone_prompts(tmp_path / "p", welcome=WELCOME_HZ)

    async with (
        asyncio.timeout(120),
        serving(tmp_path, RULES, prompts, environment) as server,
    ):
        await calls(server, 1)
        await asyncio.to_thread(postgres.stop)
        await calls(server, 2)
        now = await server.becomes(
            lambda now: any("cannot be reached" in one for one in now["problems"])
        )
        assert now["status"] != "down"
        assert now["store"]["failing_since"]
        await calls(server, 3)
        await asyncio.to_thread(postgres.start)
        await server.becomes(lambda now: not any("postgresql" in one for one in now["problems"]))
        await server.records(3)
        now = await server.becomes(lambda now: now["store"]["behind"] == 0)
        assert now["store"]["failing_since"] is None

    ran = await ivr("calls", "--json", "--home", tmp_path / "elsewhere", environment=environment)
    assert ran.exit_code == 0, ran.err
    here = await ivr("calls", "--json", "--home", server.home)
    assert json.loads(ran.out) == json.loads(here.out)
    assert len(json.loads(ran.out)) == 3
    events = "SELECT call_id, seq FROM call_event"
    found = postgres.rows(events, database_of(url))
    assert len(found) == len(set(found)) >= 9
    call_id = json.loads(ran.out)[0]["call_id"]
    elsewhere = ("--home", tmp_path / "elsewhere")
    explained = await ivr("explain", call_id, *elsewhere, environment=environment)
    assert explained.exit_code == 0, explained.err


@pytest.fixture
def with_standby() -> Iterator[tuple[PostgresCluster, PostgresCluster]]:
    with postgres_with_standby() as both:
        yield both


@pytest.mark.fault("F-96")
async def test_callers_notice_nothing_while_a_standby_takes_over_and_all_calls_are_there(
    tmp_path: Path, with_standby: tuple[PostgresCluster, PostgresCluster]
) -> None:
    first, second = with_standby
    on_first = first.new_database()
    on_second = second.url(database_of(on_first))
    environment = {"IVR_STORE__URL": either(on_first, on_second), "IVR_STORE_PASSWORD": PASSWORD}
    prompts = tone_prompts(tmp_path / "p", welcome=WELCOME_HZ)

    async with (
        asyncio.timeout(120),
        serving(tmp_path, RULES, prompts, environment) as server,
    ):
        await calls(server, 1)
        await server.records(1)
        await server.becomes(lambda now: now["store"]["behind"] == 0)
        await asyncio.to_thread(first.stop)
        await calls(server, 2)
        now = await server.becomes(
            lambda now: any("only a standby" in one for one in now["problems"])
        )
        assert any("pg_promote" in one for one in now["problems"])
        await asyncio.to_thread(second.take_over)
        await calls(server, 3)
        await server.records(3)
        await server.becomes(
            lambda now: now["store"]["failing_since"] is None and now["store"]["behind"] == 0
        )

    ran = await ivr("calls", "--json", "--home", tmp_path / "elsewhere", environment=environment)
    assert ran.exit_code == 0, ran.err
    here = await ivr("calls", "--json", "--home", server.home)
    assert json.loads(ran.out) == json.loads(here.out)
    assert len(json.loads(ran.out)) == 3
