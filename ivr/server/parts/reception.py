"""The reception: who takes calls, with all that a call can do, and those that servers before this one left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from ivr.ari.exchange import NodeExchange
from ivr.ari.ways_out import routes_over
from ivr.call import Ports
from ivr.clock import Clock
from ivr.server.admission import Admission
from ivr.server.arrival import TimeOfCall
from ivr.server.channel_ledger import ChannelLedger
from ivr.server.drafts import Dictations, DraftFolder
from ivr.server.left_behind import LeftBehind
from ivr.server.left_calls import Unended, unended_calls
from ivr.server.messages import MessageFolder
from ivr.server.parts.carriers import Carriers
from ivr.server.parts.ground import Ground
from ivr.server.parts.office import Office
from ivr.server.pins import Pins
from ivr.server.room import Room, legs_that_answer
from ivr.server.speech import SpeechInUse, speech_for
from ivr.server.supervisor import Supervisor
from ivr.server.under_way import CallsUnderWay
from ivr.settings import Settings

VISITS_REMEMBERED = 5_000
"""So many waits of earlier servers show what the next ones are like."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Every call is taken here."""

    under_way: CallsUnderWay
    messages: MessageFolder
    speech: SpeechInUse
    exchange: NodeExchange
    supervisor: Supervisor
    left_behind: LeftBehind

    @classmethod
    async def on(cls, ground: Ground, office: Office, carriers: Carriers) -> Self:
        home = ground.home
        under_way = CallsUnderWay(ground.kept.journal, ground.clock)
        messages = MessageFolder(
            home.folder, home.recordings, is_elsewhere=ground.settings.asterisk.ari is not None
        )
        speech = speech_for(home, ground.settings.speech, ground.counts)
        exchange = NodeExchange(ground.node, routes=routes_over(carriers.trunks.in_order_of_trial))
        ports = Ports(
            exchange,
            ground.in_force.prompts,
            under_way,
            ground.counts,
            messages,
            carriers.outgoing,
            speech.workers if speech.workers.links else None,
            office.books.surveyed,
            office.books.talks,
            office.books.places,
            music=office.music,
        )
        supervisor = _supervisor(ground, office, carriers, ports)
        left_behind = LeftBehind(
            ground.node,
            supervisor,
            under_way,
            await asyncio.to_thread(_earlier, ground, office, carriers, under_way),
            is_alone=ground.settings.asterisk.ari is None,
            ledger=ChannelLedger(home.folder),
        )
        return cls(under_way, messages, speech, exchange, supervisor, left_behind)


def _supervisor(ground: Ground, office: Office, carriers: Carriers, ports: Ports) -> Supervisor:
    home, settings, clock = ground.home, ground.settings, ground.clock
    supervisor = Supervisor(
        ports,
        office.desk,
        office.rules,
        _time_of_call(settings, clock),
        prompts=lambda: office.rulebook.present.prompts,
        overrides=lambda: office.overrides.present,
    )
    supervisor.trunks = carriers.trunks
    supervisor.pins = Pins(home.folder)
    supervisor.dictations = Dictations.of(
        settings.prompts, DraftFolder(home.folder, home.recordings)
    )
    supervisor.room = Room(
        ground.asterisk.legs,
        lambda: legs_that_answer(office.rules(), carriers.trunks.lines_out),
        clock,
        Admission(settings.calls.at_once, settings.calls.per_second, clock),
    )
    return supervisor


def _time_of_call(settings: Settings, clock: Clock) -> TimeOfCall:
    test = settings.test
    always = datetime.fromisoformat(test.call_time) if test.call_time else None
    return TimeOfCall(clock, from_header=test.call_time_header, always=always)


def _earlier(
    ground: Ground, office: Office, carriers: Carriers, under_way: CallsUnderWay
) -> Unended:
    """What the servers before this one left: minutes talked outside today, callers, shares, and open calls."""
    with ground.store.reading() as stored:
        calls, desk = stored.calls, office.desk
        carriers.outgoing.remember(calls)
        office.books.remember(calls, ground.in_force.rules)
        desk.sites.splits.remember(calls.given_to_sites())
        desk.estimates.remember(calls.latest_visits(VISITS_REMEMBERED))
        desk.had_talks(calls.talks_of_agents(desk.day_began()))
        desk.had_rung(calls.rung_last())
        return unended_calls(calls, under_way)
