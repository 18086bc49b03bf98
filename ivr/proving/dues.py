"""Whose call the next one of a split queue is, for a simulated call: what it says of sites and agents is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.proving.rule_tests import Given
from ivr.queues.dues import due_of, parts_of
from ivr.queues.split import SplitAccount
from ivr.rules.decision import Due
from ivr.rules.model import RuleSet


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
