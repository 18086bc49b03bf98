"""What is remembered of a caller from call to call, and of whom nothing is."""

from __future__ import annotations

from datetime import UTC, datetime

from ivr.ari.exchange import NodeExchange
from ivr.audio.catalogue import PromptCatalogue
from ivr.call.acquaintance import Acquaintance
from ivr.call.ports import Ports
from ivr.numbers import PhoneNumber
from ivr.observe import Counts
from ivr.records.events import PlaceKept, PlacePassedOn
from ivr.rules.decision import KeptPlace, LastTalk
from ivr.server.place_book import PlaceBook
from ivr.server.survey_book import SurveyBook
from ivr.server.talk_book import TalkBook
from ivr.store.memory_journal import MemoryJournal
from tests.clocks import HandClock
from tests.flows.conftest import MONDAY_MORNING, MessagesInMemory

CALLER = PhoneNumber("+4790000001")
ASKED_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def ports() -> tuple[Ports, MemoryJournal]:
    clock = HandClock(MONDAY_MORNING)
    journal = MemoryJournal(clock=clock)
    books = (SurveyBook(clock), TalkBook(clock), PlaceBook(clock))
    nobody = (NodeExchange(), PromptCatalogue({}, {}))
    surveyed, talks, places = books
    return Ports(
        *nobody,
        journal,
        Counts(),
        MessagesInMemory(),
        surveyed=surveyed,
        talks=talks,
        places=places,
    ), journal


def test_of_a_caller_the_last_talk_and_survey_are_known_and_the_place_that_was_left() -> None:
    house, journal = ports()
    first, second = Acquaintance("first", CALLER, house), Acquaintance("second", CALLER, house)

    first.talks_with("kari")
    first.survey_begins(ASKED_AT)
    first.leaves_place("sales", 60.0)

    talk, kept = second.last_talk(), second.kept_place()
    assert isinstance(talk, LastTalk)
    assert talk.agent == "kari"
    assert second.last_surveyed() is not None
    assert isinstance(kept, KeptPlace)
    assert second.takes_place(kept)
    assert not second.takes_place(kept), "it is had once"
    told = [entry.event for call in ("second", "first") for entry in journal.events(call)]
    assert told == [
        PlaceKept(queue="sales", of_call="first"),
        PlacePassedOn(queue="sales", to_call="second"),
    ]


def test_a_place_that_was_refused_is_nobodys() -> None:
    house, _ = ports()
    first, second = Acquaintance("first", CALLER, house), Acquaintance("second", CALLER, house)
    first.leaves_place("sales", 60.0)
    kept = second.kept_place()
    assert kept is not None

    second.refuses_place(kept)

    assert not Acquaintance("third", CALLER, house).takes_place(kept)


def test_of_who_hides_the_number_nothing_is_remembered() -> None:
    house, _ = ports()
    unknown = Acquaintance("first", None, house)

    unknown.talks_with("kari")
    unknown.survey_begins(ASKED_AT)
    unknown.leaves_place("sales", 60.0)

    assert (unknown.last_talk(), unknown.last_surveyed(), unknown.kept_place()) == (
        None,
        None,
        None,
    )
