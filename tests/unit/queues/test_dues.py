"""Whose call the next one is, as a decision is told it."""

from __future__ import annotations

import pytest

from ivr.queues.dues import due_of, parts_of
from ivr.queues.split import SplitAccount, give
from ivr.rules.load import load_rules

RULES = """
version: 1
country: Norway
numbers: {anything else: {to: queue national}}
queues:
  national:
    answer: 80% within 20s
    split: {oslo: 57%, bergen: 29%, partner: 14%}
    while_waiting: [{after: 5m, to: hangup}]
"""


@pytest.fixture
def account() -> SplitAccount:
    queue = load_rules(RULES.encode(), "rules.yaml")[0].queues["national"]
    return SplitAccount.begun(parts_of(queue), queue.catch_up)


def test_shares_are_whole_hundredths_whatever_a_float_makes_of_them(account: SplitAccount) -> None:
    assert account.shares == {"oslo": 57, "bergen": 29, "partner": 14}


def test_where_all_are_here_nobody_has_it_instead(account: SplitAccount) -> None:
    due = due_of(account, account.shares)

    assert (due.site, due.because, due.instead) == ("oslo", "turn", None)
    assert due.here == {"oslo", "bergen", "partner"}


def test_where_a_site_is_away_another_has_it_instead(account: SplitAccount) -> None:
    due = due_of(account, ["bergen", "partner", "elsewhere"])

    assert (due.site, due.because, due.instead) == ("bergen", "others_away", "bergen")
    assert due.here == {"bergen", "partner"}, "a site that is not the queue's is not told"


def test_where_all_are_away_it_is_nobodys(account: SplitAccount) -> None:
    due = due_of(account, [])

    assert (due.site, due.instead, due.here) == (None, None, frozenset())


def test_what_is_owed_is_told_in_calls(account: SplitAccount) -> None:
    given = give(account, ["bergen", "partner"])
    assert given is not None

    due = due_of(given.account, account.shares)

    assert due.had == {"oslo": 0, "bergen": 1, "partner": 0}
    assert due.owed == pytest.approx({"oslo": 0.57, "bergen": -0.71, "partner": 0.14})
