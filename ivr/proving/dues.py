"""Whose call the next one of a split queue is: for decisions of the server and of simulated calls alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ivr.proving.rule_tests import Given
from ivr.queues.split import SplitAccount, give
from ivr.rules.decision import Due
from ivr.rules.model import Queue, RuleSet


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


def dues_given(
    rules: RuleSet, given: Given, accounts: Mapping[str, SplitAccount] | None = None
) -> Mapping[str, Due]:
    """For a simulated call: all sites can take calls, but for what is `given`; nothing was given before it.

    Or the `accounts` of these queues say what was, where their shares are those of the rules.
    """
    found = {}
    for name, queue in rules.queues.items():
        if queue.split:
            account = SplitAccount.begun(parts_of(queue), queue.catch_up)
            kept = (accounts or {}).get(name, account)
            if name in given.had:
                had = {site: given.had[name].get(site, 0) for site in queue.split}
                account = replace(account, had=had, in_turn=had)
            elif kept.shares == account.shares:
                account = kept
            away = given.away.get(name, ())
            is_deserted = given.agents.get(name, 1) <= 0
            here = () if is_deserted else [site for site in queue.split if site not in away]
            found[name] = due_of(account, here)
    return found
