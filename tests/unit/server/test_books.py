"""How far back the books are read: as far as rules go, once, and never over what was heard since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from ivr.errors import StoreFailed
from ivr.numbers import parse_number
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.server.books import Books
from ivr.store.door import Store, StoredCalls
from tests.clocks import HandClock

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
CALLER, OTHER = "+4790000001", "+4790000002"
RULES = """
version: 1
numbers: {anything else: queue bergen}
queues: {bergen: {answer: 80% within 20s"""
END = """, nobody_logged_in: hangup}}
agents: {kari: {phone: kari, queues: [bergen]}}
"""


def rules(*, last_agent: str = "", not_again: str = "") -> RuleSet:
    queue = f", last_agent: within {last_agent}" if last_agent else ""
    queue += ", survey: short" if not_again else ""
    survey = (
        f"surveys: {{short: {{by: voice, say: rate, scale: 1-10, not_again_within: {not_again}}}}}"
        if not_again
        else ""
    )
    return load_rules((RULES + queue + END + survey).encode(), "rules.yaml")[0]


class Shelf:
    """What earlier servers kept, and the times since when it was asked for."""

    def __init__(self, days_ago: float = 1.0) -> None:
        self.at = NOW - timedelta(days=days_ago)
        self.asked: list[tuple[str, int]] = []
        self.is_broken = False

    @property
    def calls(self) -> StoredCalls:
        return cast("StoredCalls", self)

    @property
    def store(self) -> Store:
        return cast("Store", self)

    @contextmanager
    def reading(self) -> Iterator[Shelf]:
        if self.is_broken:
            message = "the disk is gone"
            raise StoreFailed(message)
        yield self

    def latest(self, _: int) -> tuple[()]:
        return ()

    def open_journals(self) -> tuple[()]:
        return ()

    def open_calls(self) -> tuple[()]:
        return ()

    def talks(self, since: datetime, _: float) -> Iterator[tuple[str, str, datetime]]:
        self.asked.append(("talks", (NOW - since).days))
        if self.at >= since:
            yield (CALLER, "kari", self.at)
            yield (CALLER, "ola", self.at - timedelta(hours=1))

    def surveyed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        self.asked.append(("surveyed", (NOW - since).days))
        if self.at >= since:
            yield (OTHER, self.at)


@pytest.fixture
def books() -> Books:
    return Books.of(HandClock(NOW))


def test_rules_that_ask_for_nothing_have_nothing_read(books: Books) -> None:
    shelf = Shelf()
    books.remember(shelf.calls, rules())

    assert shelf.asked == []


def test_they_are_read_as_far_back_as_the_rules_go(books: Books) -> None:
    shelf = Shelf()
    books.remember(shelf.calls, rules(last_agent="7d", not_again="30d"))

    assert sorted(shelf.asked) == [("surveyed", 30), ("talks", 7)]
    talk = books.talks.last(parse_number(CALLER))
    assert talk is not None
    assert (talk.agent, talk.at) == ("kari", shelf.at)
    assert books.surveyed.last(parse_number(OTHER)) == shelf.at


async def test_rules_that_go_further_back_are_prepared_for_and_others_are_not(books: Books) -> None:
    shelf = Shelf(days_ago=9)
    books.remember(shelf.calls, rules(last_agent="7d"))
    assert books.talks.last(parse_number(CALLER)) is None

    await books.prepare(shelf.store, rules(last_agent="14d"))
    await books.prepare(shelf.store, rules(last_agent="10d"))
    await books.prepare(shelf.store, rules())

    assert shelf.asked == [("talks", 7), ("talks", 14)]
    assert books.talks.last(parse_number(CALLER)) is not None


async def test_what_was_heard_since_is_newer_than_what_is_read_later(books: Books) -> None:
    books.talks.talked(parse_number(CALLER), "liv")
    books.surveyed.ask(parse_number(OTHER), NOW)

    await books.prepare(Shelf().store, rules(last_agent="7d", not_again="30d"))

    talk = books.talks.last(parse_number(CALLER))
    assert talk is not None
    assert talk.agent == "liv"
    assert books.surveyed.last(parse_number(OTHER)) == NOW


async def test_a_store_that_cannot_be_read_keeps_no_rules_away_and_is_asked_again(
    books: Books,
) -> None:
    shelf = Shelf()
    shelf.is_broken = True
    await books.prepare(shelf.store, rules(last_agent="7d"))
    assert books.talks.last(parse_number(CALLER)) is None

    shelf.is_broken = False
    await books.prepare(shelf.store, rules(last_agent="7d"))

    assert books.talks.last(parse_number(CALLER)) is not None
