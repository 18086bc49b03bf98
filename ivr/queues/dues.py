"""Whose call the next one of a split queue is: for decisions of the server and of simulated calls alike. Pure."""

from __future__ import annotations

from collections.abc import Collection

from ivr.queues.split import SplitAccount, give
from ivr.rules.decision import Due
from ivr.rules.model import Queue


def parts_of(queue: Queue) -> dict[str, int]:
    """The shares of a queue in hundredths."""
    return {site: round(share * 100) for site, share in queue.split.items()}


def due_of(account: SplitAccount, here: Collection[str]) -> Due:
    """Whose call the next one is, where the sites that are `here` can take calls."""
    found, away = give(account, here), [site for site in account.shares if site not in here]
    instead = give(account, here, away[0]) if away else None
    return Due(
        site=found.site if found else None,
        because=found.because if found else "turn",
        here=frozenset(site for site in account.shares if site in here),
        instead=instead.site if instead else None,
        had=account.had,
        owed={site: account.owed_calls(site) for site in account.shares},
    )
