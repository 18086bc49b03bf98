from __future__ import annotations

from random import Random

from ivr.desk.splits import Splits
from ivr.records.events import GivenToSite
from ivr.rules.decision import GivenSite
from ivr.rules.load import load_rules
from ivr.rules.model import Queue

SITES = ("oslo", "bergen", "partner")


def queues(split: str = "oslo: 50%, bergen: 30%, partner: 20%", more: str = "") -> dict[str, Queue]:
    text = f"""
version: 1
numbers: {{anything else: {{to: queue national}}}}
queues:
  national: {{answer: 80% within 20s, split: {{{split}}}, while_waiting: [{{after: 5m, to: hangup}}]{more}}}
"""
    return dict(load_rules(text.encode(), "rules.yaml")[0].queues)


def given(splits: Splits, here: tuple[str, ...] = SITES) -> GivenToSite:
    due = splits.due("national", here)
    assert due.site is not None
    kept = splits.give(GivenSite("national", due.site), here)
    assert kept is not None
    return kept


def test_what_is_kept_is_all_that_a_later_server_needs() -> None:
    drawn, first = Random(14), Splits()
    first.take(queues())
    kept = [given(first, tuple(drawn.sample(SITES, drawn.randint(1, 3)))) for _ in range(200)]
    drawn.shuffle(kept)

    later = Splits()
    later.take(queues())
    later.remember(kept)

    for _ in range(50):
        here = tuple(drawn.sample(SITES, drawn.randint(1, 3)))
        assert given(later, here) == given(first, here)


def test_rules_that_are_read_again_go_on_and_other_shares_begin_anew() -> None:
    splits = Splits()
    splits.take(queues())
    given(splits)

    splits.take(queues(more=", music: calm"))
    assert sum(one.had for one in splits.views("national", SITES)) == 1

    splits.take(queues("oslo: 60%, bergen: 40%"))
    assert sum(one.had for one in splits.views("national", SITES)) == 0


def test_what_was_kept_of_other_shares_is_no_account_of_these() -> None:
    first, later = Splits(), Splits()
    first.take(queues("oslo: 60%, bergen: 40%"))
    kept = given(first, ("oslo", "bergen"))

    later.take(queues())
    later.remember([kept])

    assert sum(one.had for one in later.views("national", SITES)) == 0
    assert given(later).number == kept.number + 1


def test_a_call_with_rules_of_before_is_given_to_nobody() -> None:
    splits = Splits()
    splits.take({})

    assert splits.give(GivenSite("national", "oslo"), SITES) is None
    assert splits.views("national", SITES) == ()
