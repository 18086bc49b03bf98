"""A whole switchboard on the in-memory Asterisk: stories are told on it, from first ring to goodbye."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.ari.exchange import NodeExchange
from ivr.ari.fake import FakeAsterisk, FakePhone
from ivr.ari.fake.people import Caller
from ivr.ari.node import Node
from ivr.ari.ways_out import routes_over
from ivr.audio.catalogue import PromptCatalogue, Recording
from ivr.call import Music, Ports
from ivr.desk import Desk
from ivr.desk.logbook import Logbook
from ivr.numerals import PARTS
from ivr.observe import Counts
from ivr.records.events import CallEvent
from ivr.records.record import CallRecord
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.server.arrival import TimeOfCall
from ivr.server.left_behind import LeftBehind
from ivr.server.left_calls import unended_calls
from ivr.server.outgoing import OutgoingCalls
from ivr.server.phones import watch_phones
from ivr.server.place_book import PlaceBook
from ivr.server.room import Room
from ivr.server.supervisor import Supervisor
from ivr.server.survey_book import SurveyBook
from ivr.server.talk_book import TalkBook
from ivr.server.trunks import TrunksInUse
from ivr.server.under_way import CallsUnderWay
from ivr.settings import Outgoing, TrunkSettings
from ivr.speech.fake import FakeSpeech
from ivr.store.memory_journal import MemoryJournal
from ivr.trunks import Trunk, open_trunk
from tests.clocks import HandClock

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

RULES = """
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, en]
numbers:
  +47 55 30 10 00: {name: Bergen, site: bergen, to: menu main}
  anything else: {to: menu main}
hours:
  office: {mon-fri: 08:00-16:00}
menus:
  main:
    say: [welcome, choices]
    keys:
      1: department kundeservice
      2: queue bergen
      3: voicemail kundeservice
      4: phone vakt
      5: phone outside
      9: {language: en, to: menu main}
      star: repeat
    wait: 5s
    tries: 3
    nothing_chosen: department kundeservice
sites:
  bergen:
    name: Bergen
    departments:
      kundeservice: {local: queue bergen, migrated: 2025-03-01}
departments:
  kundeservice:
    name: Kundeservice
    hours: office
    national: queue kundeservice
    closed: {say: closed, to: voicemail kundeservice}
phones:
  vakt: {phone: vakt, ring_time: 10s, no_answer: voicemail kundeservice}
  outside: {phone: +47 90 00 00 01, ring_time: 10s, confirm: true, no_answer: voicemail kundeservice}
queues:
  kundeservice:
    answer: 80% within 20s
    ring: longest idle
    ring_time: 20s
    while_waiting: [{after: 2m, to: queue bergen}]
    nobody_logged_in: voicemail kundeservice
  bergen:
    answer: 80% within 30s
    ring: longest idle
    ring_time: 20s
    while_waiting: [{after: 5m, to: voicemail kundeservice}]
    nobody_logged_in: voicemail kundeservice
agents:
  kari: {name: Kari, phone: kari, queues: [kundeservice]}
  ola: {name: Ola, phone: ola, queues: [kundeservice]}
  tommy: {name: Tommy, phone: "sip:tommy@127.0.0.1:5091", queues: [bergen]}
"""

ASKING = (
    RULES.replace(
        "      5: phone outside\n",
        "      5: phone outside\n      6: queue asked\n      7: queue shared\n",
    )
    .replace(
        "agents:\n",
        """  asked: {answer: 80% within 20s, survey: short, wrap_up: 5s}
  shared: {answer: 80% within 20s, split: {partner: 100%}}
surveys:
  short: {by: voice, say: rate, scale: 1-10, wait: 5s, between: 2s, tries: 2}
agents:
  lise: {name: Lise, phone: lise, queues: [asked]}
""",
    )
    .replace("sites:\n", "sites:\n  partner: {name: Partner, phone: outside}\n", 1)
)
"""The same, with a queue whose callers are asked after the talk how it was.

And one whose calls a partner outside takes.
"""

PROMPTS = (
    "welcome",
    "choices",
    "closed",
    "no_input",
    "no_match",
    "sorry",
    "voicemail",
    "message_saved",
    "goodbye",
    "one_moment",
    "on_our_way",
    "take_call",
    "rate",
)


CARRIER = open_trunk(
    TrunkSettings(name="telia", addresses=("192.0.2.10", "192.0.2.11")), lambda _: ()
)
OUTSIDE = tuple(f"PJSIP/telia/sip:+4790000001@{host}" for host in CARRIER.said.addresses)
"""How the phone `outside` of RULES is reached."""


NUMBERS = tuple(sorted(PARTS))


def prompts(
    names: Iterable[str] = PROMPTS, languages: Iterable[str] = ("nb", "en")
) -> PromptCatalogue:
    return PromptCatalogue(
        {
            (language, name): Recording(
                name, language, Path(f"/prompts/{language}/{name}.wav"), 2.0
            )
            for language in languages
            for name in names
        },
        {},
    )


class MessagesInMemory:
    """Keeps nothing, and says that all is kept, unless told otherwise."""

    recordings = "recordings"

    def __init__(self) -> None:
        self.is_full = False
        self.is_broken = False
        self.lengths: Mapping[str, float] = {}
        """Of recordings that are over, by their names: the twin's own."""

    def has_room(self, seconds: float) -> bool:
        return not self.is_full

    def is_whole(self, file: str, seconds: float) -> bool:
        return not self.is_broken

    def seconds(self, file: str) -> float | None:
        return self.lengths.get(file.rpartition("/")[2].removesuffix(".wav"), 0.0)


class Switchboard:
    """The server's own parts, with twins behind every door."""

    def __init__(
        self,
        rules: RuleSet,
        catalogue: PromptCatalogue,
        beside: Sequence[FakeAsterisk] = (),
        *,
        after: Switchboard | None = None,
        trunks: Sequence[Trunk] = (),
        outgoing: Outgoing | None = None,
        speech: FakeSpeech | None = None,
        clock: HandClock | None = None,
    ) -> None:
        """`beside` are more Asterisks that take calls. `after`: whose Asterisk and journal this one finds."""
        self.rules = rules
        self.clock = clock or HandClock(MONDAY_MORNING)
        self.asterisk: FakeAsterisk = after.asterisk if after else FakeAsterisk()
        self.journal: MemoryJournal = (
            after.journal
            if after
            else MemoryJournal(
                clock=self.clock,
                monotonic_ns=lambda: int(asyncio.get_running_loop().time() * 1e9),
            )
        )
        self.node = Node(self.asterisk, app="ivr")
        self.desk = Desk(rules, Logbook(None, self.clock))
        self.counts = Counts()
        self.messages = MessagesInMemory()
        self.messages.lengths = self.asterisk.stored_recordings
        self.nodes = [self.node, *(Node(other, app="ivr") for other in beside)]
        self.trunks = TrunksInUse(self.clock, lambda: tuple(trunks))
        self.outgoing = OutgoingCalls(
            outgoing or Outgoing(),
            self.trunks,
            lambda: rules.timezone,
            self.clock,
            self.counts,
            tick=lambda: asyncio.get_running_loop().time(),
        )
        self.outgoing.remember(self.journal)
        self.desk.had_talks(self.journal.talks_of_agents(self.desk.day_began()))
        self.desk.had_rung(self.journal.rung_last())
        self.under_way = CallsUnderWay(self.journal, self.clock)
        self.surveyed = SurveyBook(self.clock)
        self.surveyed.remember(self.journal)
        self.desk.sites.splits.remember(self.journal.given_to_sites())
        self.desk.estimates.remember(self.journal.latest_visits(1_000))
        self.places = PlaceBook(self.clock)
        self.places.remember(self.journal)
        self.talks = TalkBook(self.clock)
        self.talks.remember(self.journal)
        self.music = Music()
        ports = Ports(
            NodeExchange(*self.nodes, routes=routes_over(self.trunks.in_order_of_trial)),
            catalogue,
            self.under_way,
            self.counts,
            self.messages,
            self.outgoing,
            speech,
            self.surveyed,
            self.talks,
            self.places,
            music=self.music,
        )
        self.supervisor = Supervisor(ports, self.desk, lambda: self.rules, TimeOfCall(self.clock))
        self.room = self.supervisor.room = Room(None, lambda: 1, self.clock)
        self.left_behind = [
            LeftBehind(
                node,
                self.supervisor,
                self.under_way,
                unended_calls(self.journal, self.under_way) if node is self.node else None,
            )
            for node in self.nodes
        ]

    async def signs_in(self, name: str, **behaviour: Any) -> FakePhone:
        """The agent's phone registers; it answers, is busy or only rings, as told."""
        phone = self.asterisk.phone(f"PJSIP/{name}", gone=True, **behaviour)
        phone.registers()
        await asyncio.sleep(0.1)
        return phone

    @property
    def records(self) -> tuple[CallRecord, ...]:
        return self.journal.latest(100)

    def events(self, kind: type[CallEvent] | None = None) -> list[Any]:
        (record,) = self.records
        found = [entry.event for entry in self.journal.events(record.call_id)]
        return [event for event in found if kind is None or isinstance(event, kind)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Switchboard]:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self.supervisor.run(), name="calls"),
                group.create_task(watch_phones(self.node, self.desk), name="phones"),
                *(group.create_task(left.run(), name="links") for left in self.left_behind),
                *(group.create_task(node.run(), name="stream") for node in self.nodes),
            ]
            for node in self.nodes:
                await node.ready()
            yield self
            for task in tasks:
                task.cancel()


def answers(caller: Caller, speech: FakeSpeech, then: str, likelihood: float) -> None:
    """The caller presses this key or says this word; `unclear` is a yes that is heard so likely, "" is silence."""
    if then == "unclear":
        speech.says("ja", likelihood)
    elif then.isdigit():
        caller.keys(then)
    elif then:
        speech.says(then)


@asynccontextmanager
async def ended_cleanly(
    running: AbstractAsyncContextManager[Switchboard],
) -> AsyncIterator[Switchboard]:
    """A minute after the test's own part every call is over, and nothing is left on Asterisk."""
    async with running as board:
        yield board
        await asyncio.sleep(60)
        assert board.supervisor.calls == 0
        assert board.asterisk.leftovers() == []


def make(
    text: str = ASKING, recorded: Iterable[str] = (), clock: HandClock | None = None
) -> AbstractAsyncContextManager[Switchboard]:
    rules, _ = load_rules(text.encode(), "rules.yaml")
    catalogue = prompts((*PROMPTS, *recorded))
    return Switchboard(rules, catalogue, trunks=(CARRIER,), clock=clock).running()


@pytest.fixture
def make_switchboard() -> Callable[..., AbstractAsyncContextManager[Switchboard]]:
    return make


@pytest.fixture
async def switchboard() -> AsyncIterator[Switchboard]:
    async with make() as running:
        yield running
        await asyncio.sleep(60)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []
