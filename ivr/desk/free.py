"""Who is free at this moment, as a decision asks it before the caller has a place."""

from __future__ import annotations

from collections.abc import Callable

from ivr.desk.sites import Sites
from ivr.queues.offers import WaitingCaller
from ivr.rules.decision import Facts
from ivr.rules.model import Queue

_RANK = 0.0
"""Since when a caller waits makes no difference to who is free for them."""


class FreeNow:
    """For one call. `would_take` is the policy's answer about a caller as the desk would have them wait."""

    def __init__(
        self, call_id: str, sites: Sites, would_take: Callable[[Queue, WaitingCaller], bool]
    ) -> None:
        self._call_id = call_id
        self._sites = sites
        self._would_take = would_take

    def would_take(self, queue: Queue, facts: Facts) -> bool:
        """See FreeAgents. In the very words in which the caller would wait, so that both say the same."""
        site = self._site(queue, facts)
        if self._sites.has_phone(site):
            return self._sites.would_claim(self._call_id, site)
        before, every = facts.waited_before.get(queue.name), queue.widen_seconds
        waited = facts.at.timestamp() - before.since.timestamp() if before is not None else 0.0
        is_nobodys = site is None and queue.name in self._sites.splits
        caller = WaitingCaller(
            self._call_id,
            queue.name,
            _RANK,
            also_rung=before.also_rung if before is not None else (),
            language=facts.language,
            skills=queue.skills,
            widened=0 if every is None else int(waited / every),
            site=site,
            not_at=frozenset(queue.split) if is_nobodys else frozenset(),
        )
        return self._would_take(queue, caller)

    def _site(self, queue: Queue, facts: Facts) -> str | None:
        """Whose call it is, or would be."""
        due, given = facts.dues.get(queue.name), facts.given_sites.get(queue.name)
        if due is None:
            return given if queue.name in self._sites.splits else None
        if given is not None and given in due.here:
            return given
        return due.site if given is None or given not in due.had else due.instead
