"""What `/metrics` says of what happens around calls."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from ivr.clock import stopwatch
from ivr.observe import Counts
from ivr.server.status import Status
from ivr.store.memory_ledger import MemoryLedger
from ivr.web import Guard, Lines, TurnedAway, add_metrics, empty_site, open_site
from tests.flows.live import LiveSwitchboard

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveSwitchboard]:
    async with LiveSwitchboard(tmp_path, MemoryLedger()).running() as running:
        yield running


async def scraped(live: LiveSwitchboard) -> tuple[dict[tuple[str, str], float], str]:
    """What a scrape reads: values by name and label, and the whole text."""
    status = Status(
        node=live.node,
        desk=live.desk,
        supervisor=live.supervisor,
        rulebook=live.rulebook,
        changes=live.changes,
        overrides=live.overrides,
        counts=Counts(),
        outgoing=live.outgoing,
        journal=lambda: live.journal.state,
        up=stopwatch(),
    )
    status.counts.count("prompts_missing", 2)
    site = empty_site()
    add_metrics(site, status.health, status.journal)
    async with (
        open_site(site, "127.0.0.1:0", Guard(()), Lines(TurnedAway(Counts()))) as (host, port),
        ClientSession() as session,
        session.get(f"http://{host}:{port}/metrics") as answer,
    ):
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        text = await answer.text()
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }, text


async def test_states_are_those_of_health(live: LiveSwitchboard) -> None:
    caller = await live.calls()

    found, _ = await scraped(live)

    assert found["sentralbord_calls", ""] == 1
    assert found["sentralbord_takes_calls", ""] == found["sentralbord_link_up", ""] == 1
    assert found["sentralbord_happened_total", "prompts_missing"] == 2
    assert {label for name, label in found if name == "sentralbord_queue_waiting"} == set(
        live.rulebook.present.rules.queues
    )
    caller.hangs_up()


async def test_no_number_of_a_caller_stands_there(live: LiveSwitchboard) -> None:
    caller = await live.calls()

    _, text = await scraped(live)

    assert not re.search(r"\+47|[0-9]{8,}", text)
    caller.hangs_up()


async def test_every_metric_stands_in_the_reference(live: LiveSwitchboard) -> None:
    found, _ = await scraped(live)
    documented = set(re.findall(r"sentralbord_\w+", DOCUMENT.read_text()))

    assert {name for name, _ in found} <= documented
