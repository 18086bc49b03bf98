"""What `/metrics` says of what happens around calls."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from msgspec import structs
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from ivr.clock import stopwatch
from ivr.observe import Counts
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    OfferFailed,
    Queued,
    SurveyTry,
    TalkEnded,
    WordsHeard,
)
from ivr.records.outcomes import Outcomes
from ivr.server.status import Status
from ivr.store.memory_ledger import MemoryLedger
from ivr.web import Guard, Lines, TurnedAway, add_metrics, empty_site, open_site
from tests.flows.live import AT_BERGEN, LiveSwitchboard
from tests.flows.test_say_wait import past_waits

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveSwitchboard]:
    async with LiveSwitchboard(tmp_path, MemoryLedger()).running() as running:
        yield running


async def scraped(
    live: LiveSwitchboard, outcomes: Outcomes | None = None, *, goes_first: bool | None = True
) -> tuple[dict[tuple[str, str], float], str]:
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
        journal=lambda: replace(live.journal.state, goes_first=goes_first),
        up=stopwatch(),
    )
    status.counts.count("prompts_missing", 2)
    site = empty_site()
    add_metrics(site, status.health, status.journal, lambda: outcomes or Outcomes())
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


async def test_how_wrong_estimates_were_is_told_where_it_is_known(live: LiveSwitchboard) -> None:
    queue, *_ = live.rulebook.present.rules.queues
    live.desk.estimates.remember(past_waits(12.0, queue))

    found, _ = await scraped(live)

    errors = {key: value for key, value in found.items() if "estimate_error" in key[0]}
    assert errors == {("sentralbord_queue_wait_estimate_error_seconds", queue): 12.0}


@pytest.mark.parametrize(("goes_first", "gauge"), [(True, 1.0), (False, 0.0), (None, None)])
async def test_whether_the_journal_goes_first_is_told_where_it_is_asked_for(
    live: LiveSwitchboard, goes_first: bool | None, gauge: float | None
) -> None:
    found, _ = await scraped(live, goes_first=goes_first)

    assert found.get(("sentralbord_journal_goes_first", "")) == gauge


async def test_no_number_of_a_caller_stands_there(live: LiveSwitchboard) -> None:
    caller = await live.calls()

    _, text = await scraped(live)

    assert not re.search(r"\+47|[0-9]{8,}", text)
    caller.hangs_up()


async def test_every_metric_stands_in_the_reference(live: LiveSwitchboard) -> None:
    found, _ = await scraped(live, heard())
    documented = set(re.findall(r"sentralbord_\w+", DOCUMENT.read_text()))

    assert {name for name, _ in found} <= documented


AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CAME = Arrived(dialled="+4755301000", caller="+4790000001", call_time="", revision="r", channel="c")
SAID = WordsHeard(menu="main", engine="twin", result="sure", likelihood=0.9, after_ms=400, key="1")


def heard(*more: tuple[str, int, CallEvent]) -> Outcomes:
    """One who was answered after 12 s and rated it, one who gave up, a test, and `more`: call, second, event."""
    told: tuple[tuple[str, int, CallEvent], ...] = (
        *(("a", 0, CAME), ("a", 1, SAID), ("a", 3, Queued("bergen")), ("a", 15, Connected("bergen", "kari"))),
        *(("a", 60, SurveyTry("short", "answered", 9)), ("a", 62, Ended(by="caller"))),
        *(("b", 0, CAME), ("b", 5, Queued("bergen")), ("b", 30, LeftQueue("bergen", "abandoned"))),
        *(("t", 0, structs.replace(CAME, test=True)), ("t", 5, Queued("bergen")), ("t", 6, Connected("bergen", "ola"))),
        *more,
    )  # fmt: skip
    found = Outcomes()
    for call_id, second, event in told:
        found.hear(call_id, event, AT + timedelta(seconds=second))
    return found


async def test_what_came_of_calls_is_counted_and_tests_are_not(live: LiveSwitchboard) -> None:
    found, _ = await scraped(live, heard())

    waits = "sentralbord_queue_answered_wait_seconds"
    assert found["sentralbord_queue_waits_ended_total", "answered,bergen"] == 1
    assert found["sentralbord_queue_waits_ended_total", "abandoned,bergen"] == 1
    assert [found[f"{waits}_bucket", f"{limit},bergen"] for limit in ("10.0", "20.0", "+Inf")] == [
        0,
        1,
        1,
    ]
    assert (found[f"{waits}_sum", "bergen"], found[f"{waits}_count", "bergen"]) == (12, 1)
    assert found["sentralbord_survey_answers_total", "short"] == 1
    assert found["sentralbord_speech_utterances_total", "main,sure"] == 1


def test_what_the_server_before_has_counted_counts_once() -> None:
    found = Outcomes()
    for second, event in ((0, CAME), (3, Queued("bergen"))):
        found.remember("a", event, AT + timedelta(seconds=second))
    found.hear("a", Connected("bergen", "kari"), AT + timedelta(seconds=33))
    found.settle(AT + timedelta(seconds=60))

    assert dict(found.of_queues) == {("bergen", "answered"): 1}
    assert found.wait_seconds["bergen"] == 30


CONNECTED = ("s", 20, Connected("bergen", "kari"))
SILENT = ("s", 24, OfferFailed("bergen", "kari", "silent"))


def queued_and(*then: tuple[str, int, CallEvent]) -> Outcomes:
    """One more caller, who waits from second 10."""
    return heard(("s", 0, CAME), ("s", 10, Queued("bergen")), *then)


def test_a_caller_whose_agents_phone_was_silent_has_not_been_answered() -> None:
    found = queued_and(CONNECTED, SILENT, ("s", 40, LeftQueue("bergen", "abandoned")))
    found.settle(AT + timedelta(hours=1))

    assert dict(found.of_queues) == {("bergen", "answered"): 1, ("bergen", "abandoned"): 2}
    assert found.wait_seconds["bergen"] == 12


def test_who_is_answered_after_a_silent_phone_is_answered_once_and_has_waited_for_both() -> None:
    found = queued_and(CONNECTED, SILENT, ("s", 50, Connected("bergen", "ola")))
    found.settle(AT + timedelta(seconds=70))

    assert dict(found.of_queues) == {("bergen", "answered"): 2, ("bergen", "abandoned"): 1}
    assert found.wait_seconds["bergen"] == 12 + 40


@pytest.mark.parametrize(
    ("end", "outcome"), [("caller", "abandoned"), ("drain", "dropped"), ("lost", "dropped")]
)
def test_a_wait_that_ends_with_the_call_is_counted_by_who_ended_it(end: Any, outcome: str) -> None:
    found = queued_and(("s", 40, Ended(by=end)))

    assert found.of_queues["bergen", outcome] == 1 + (outcome == "abandoned")


def test_who_hangs_up_after_a_silent_phone_has_given_up() -> None:
    found = queued_and(CONNECTED, SILENT, ("s", 40, Ended(by="caller")))

    assert dict(found.of_queues) == {("bergen", "answered"): 1, ("bergen", "abandoned"): 2}


def test_a_wait_that_ended_before_the_call_counts_once() -> None:
    found = queued_and(("s", 30, LeftQueue("bergen", "exit_key")), ("s", 40, Ended(by="caller")))

    assert found.of_queues["bergen", "exit_key"] == 1
    assert found.of_queues["bergen", "abandoned"] == 1  # the other caller's


def test_who_comes_from_one_queue_to_another_has_been_moved_on() -> None:
    found = queued_and(("s", 30, Queued("oslo")), ("s", 40, Ended(by="caller")))

    assert found.of_queues["bergen", "overflowed"] == found.of_queues["oslo", "abandoned"] == 1


def test_a_wait_that_the_server_before_saw_begin_ends_here() -> None:
    found = Outcomes()
    for second, event in ((0, CAME), (3, Queued("bergen"))):
        found.remember("a", event, AT + timedelta(seconds=second))
    found.hear("a", Ended(by="caller"), AT + timedelta(seconds=33))

    assert dict(found.of_queues) == {("bergen", "abandoned"): 1}


async def test_a_caller_who_gives_up_is_counted_as_it_happens(tmp_path: Path) -> None:
    async with LiveSwitchboard(tmp_path, MemoryLedger(), AT_BERGEN).running() as live:
        await live.signs_in("kari", answers_after=100.0)
        caller = await live.calls(keys="1")
        await asyncio.sleep(20)
        caller.hangs_up()
        await asyncio.sleep(1)

        assert dict(live.under_way.outcomes().of_queues) == {("bergen", "abandoned"): 1}


@pytest.mark.parametrize("end", [TalkEnded(by="agent"), Ended(by="caller")])
def test_a_talk_that_was_over_at_once_was_an_answer_all_the_same(end: CallEvent) -> None:
    found = queued_and(CONNECTED, ("s", 22, end))

    assert found.of_queues["bergen", "answered"] == 2


def test_a_call_of_which_nothing_is_known_is_in_no_count() -> None:
    found = heard(("x", 0, Connected("bergen", "kari")))

    assert found.of_queues["bergen", "answered"] == 1
