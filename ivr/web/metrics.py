"""`/metrics`: the states of `/health`, for Prometheus. Labels are names of the rules and settings, never numbers.

Waits and service levels are not here: `ivr kpi` tells them from the records, with their formulas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from ivr.records.journal import JournalState, RelayState
from ivr.records.outcomes import WAIT_LIMITS, Outcomes
from ivr.web.answers import plain_answer
from ivr.web.health import Health


def add_metrics(
    site: web.Application,
    health: Callable[[], Health],
    journal: Callable[[], JournalState],
    outcomes: Callable[[], Outcomes],
) -> None:
    """Put `/metrics` into the site; all are asked anew for each request."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Metrics(health, journal, outcomes))

    async def show(_: web.Request) -> web.Response:
        return plain_answer(generate_latest(registry), CONTENT_TYPE_LATEST)

    site.router.add_get("/metrics", show)


class _Metrics(Collector):
    def __init__(
        self,
        health: Callable[[], Health],
        journal: Callable[[], JournalState],
        outcomes: Callable[[], Outcomes],
    ) -> None:
        self._health = health
        self._journal = journal
        self._outcomes = outcomes

    def collect(self) -> Iterator[Metric]:
        """One state of everything."""
        now, outcomes = self._health(), self._outcomes()
        yield from _of_server(now)
        yield from _of_queues(now)
        yield from _of_waits(outcomes)
        yield from _of_agents(now)
        yield from _of_speech(now, outcomes)
        yield from _of_trunks(now)
        yield from _of_strangers(now)
        journal = self._journal()
        yield from _of_journal(journal)
        yield from _of_relay(journal.relay)
        yield from _of_counts(now)


def _of_server(now: Health) -> Iterator[Metric]:
    yield _gauge("up_seconds", "since the server's start", now.up_seconds)
    yield _gauge("takes_calls", "1 while calls are taken", now.status != "down")
    yield _gauge("link_up", "1 while there is a link to Asterisk", now.asterisk is not None)
    yield _gauge("problems", "sentences in `problems` of /health", len(now.problems))
    yield _gauge("calls", "calls under way", now.calls)
    emergencies = len(now.emergency_calls)
    yield _gauge("emergency_calls_under_way", "phones in an emergency call", emergencies)
    version = GaugeMetricFamily("sentralbord_build", "1, with the version", labels=["version"])
    version.add_metric([now.version], 1)
    yield version


def _of_queues(now: Health) -> Iterator[Metric]:
    waiting = _family("queue_waiting", "callers who wait", "queue")
    signed_in = _family("queue_agents_signed_in", "agents who are signed in", "queue")
    longest = _family("queue_longest_wait_seconds", "of those who wait now", "queue")
    wrong = _family("queue_wait_estimate_error_seconds", "of the latest estimates", "queue")
    for name, queue in now.queues.items():
        if queue.estimate_error_seconds is not None:
            wrong.add_metric([name], queue.estimate_error_seconds)
        waiting.add_metric([name], queue.waiting)
        signed_in.add_metric([name], queue.signed_in)
        longest.add_metric([name], queue.longest_wait_seconds)
    yield from (waiting, signed_in, longest, wrong)


def _of_waits(outcomes: Outcomes) -> Iterator[Metric]:
    """A restart begins anew, as Prometheus expects of what only grows."""
    ended = _counter("queue_waits_ended", "waits that ended, by how", "queue", "outcome")
    for names, count in sorted(outcomes.of_queues.items()):
        ended.add_metric(names, count)
    waits = HistogramMetricFamily(
        "sentralbord_queue_answered_wait_seconds", "of callers who were answered", labels=["queue"]
    )
    for queue, counts in sorted(outcomes.waits.items()):
        up_to = accumulate(counts)
        buckets = [
            (f"{limit}", total) for limit, total in zip((*WAIT_LIMITS, "+Inf"), up_to, strict=True)
        ]
        waits.add_metric([queue], buckets, outcomes.wait_seconds[queue])
    answers = _counter("survey_answers", "callers who answered a survey", "survey")
    for survey, count in sorted(outcomes.of_surveys.items()):
        answers.add_metric([survey], count)
    yield from (ended, waits, answers)


def _of_speech(now: Health, outcomes: Outcomes) -> Iterator[Metric]:
    said = _counter(
        "speech_utterances", "what was said in menus, by what came of it", "menu", "result"
    )
    for names, count in sorted(outcomes.of_speech.items()):
        said.add_metric(names, count)
    reachable = _family("speech_worker_reachable", "1 while it can be reached", "worker")
    calls = _family("speech_worker_calls", "calls that it listens to", "worker")
    for name, worker in now.speech_workers.items():
        reachable.add_metric([name], worker.reachable)
        calls.add_metric([name], worker.calls)
    yield from (said, reachable, calls)


def _counter(name: str, help_: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"sentralbord_{name}", f"{help_}, since the start", labels=labels)


def _of_agents(now: Health) -> Iterator[Metric]:
    agents = _family("agents", "agents by what they do", "state")
    for state, count in sorted(Counter(one.state for one in now.agents.values()).items()):
        agents.add_metric([state], count)
    yield agents


def _of_trunks(now: Health) -> Iterator[Metric]:
    reachable = _family("trunk_reachable", "1 where it answers; absent where not asked", "trunk")
    registered = _family("trunk_registered", "1 while registered; absent where not needed", "trunk")
    calls_in = _family("trunk_calls_in", "calls under way that came in over it", "trunk")
    calls_out = _family("trunk_calls_out", "calls under way that went out over it", "trunk")
    failed = CounterMetricFamily(
        "sentralbord_trunk_calls_out_failed",
        "calls not got there, since the start",
        labels=["trunk"],
    )
    came = _trunk_counter("calls_came", "calls that came in over it")
    went = _trunk_counter("calls_went", "calls that went out over it")
    refused = _trunk_counter("calls_refused", "calls that it brought and that were refused")
    failures = _trunk_counter("failures", "what it did not take", "method", "status")
    for name, trunk in now.trunks.items():
        came.add_metric([name], trunk.came)
        went.add_metric([name], trunk.went)
        refused.add_metric([name], trunk.refused)
        for method, classes in trunk.failures.items():
            for status, count in classes.items():
                failures.add_metric([name, method, status], count)
        calls_out.add_metric([name], trunk.calls_out)
        failed.add_metric([name], trunk.out_failed)
        calls_in.add_metric([name], trunk.calls_in)
        if trunk.reachable is not None:
            reachable.add_metric([name], trunk.reachable)
        if trunk.registered is not None:
            registered.add_metric([name], trunk.registered)
    yield from (reachable, registered, calls_in, calls_out, failed, came, went, refused, failures)


def _trunk_counter(name: str, help_: str, *labels: str) -> CounterMetricFamily:
    return _counter(f"trunk_{name}", help_, "trunk", *labels)


def _of_strangers(now: Health) -> Iterator[Metric]:
    """No address is a label: there would be as many as there are scanners in the world."""
    found = now.sip_strangers
    yield _gauge("sip_strangers", "addresses refused within half an hour", found.addresses)
    yield _gauge("sip_strangers_barred", "addresses answered no more", found.barred)


def _of_journal(state: JournalState) -> Iterator[Metric]:
    yield _gauge("journal_behind_events", "events not on disk yet", state.behind)
    is_failing = state.failing_since is not None
    yield _gauge(
        "journal_commit_p99_seconds",
        "99 of 100 of the last 1,000 writes took no longer",
        state.commit_p99_seconds,
    )
    yield _gauge("journal_failing", "1 while it cannot be written", is_failing)
    if state.goes_first is not None:
        help_ = "1 where its thread is given a core at once"
        yield _gauge("journal_goes_first", help_, state.goes_first)
    for name, help_, value in (
        ("journal_written_events", "events on disk since the start", state.written),
        ("journal_lost_events", "events lost for good since the start", state.dropped),
    ):
        yield CounterMetricFamily(f"sentralbord_{name}", help_, value)


def _of_relay(relay: RelayState | None) -> Iterator[Metric]:
    """Of the second store, where there is one."""
    if relay is None:
        return
    yield _gauge("store_behind_changes", "changes that PostgreSQL has not got yet", relay.behind)
    is_failing = relay.failing_since is not None
    yield _gauge("store_failing", "1 while PostgreSQL does not take what is sent", is_failing)
    behind = relay.behind_seconds
    yield _gauge("store_behind_seconds", "since PostgreSQL had everything", behind)
    yield CounterMetricFamily(
        "sentralbord_store_sent_changes", "changes sent since the start", relay.sent
    )


def _of_counts(now: Health) -> Iterator[Metric]:
    """What /health counts since the start, each by its name there."""
    happened = CounterMetricFamily(
        "sentralbord_happened", "`counts` of /health, since the start", labels=["what"]
    )
    for name, count in now.counts.items():
        happened.add_metric([name], count)
    yield happened


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sentralbord_{name}", help_, value)


def _family(name: str, help_: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sentralbord_{name}", help_, labels=[label])
