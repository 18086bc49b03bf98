"""The windows: what operators, monitoring and programs see of a server, and what they may have it do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from aiohttp import web

from ivr.clock import stopwatch
from ivr.server.agent_control import AgentControl
from ivr.server.channel_events import at_night
from ivr.server.control import Control
from ivr.server.month_end import close_months
from ivr.server.pages import pages
from ivr.server.parts.carriers import Carriers
from ivr.server.parts.gate import Gate
from ivr.server.parts.ground import Ground
from ivr.server.parts.office import Office
from ivr.server.parts.reception import Reception
from ivr.server.phone_control import PhoneControl
from ivr.server.present import Gatherer
from ivr.server.queue_control import QueueControl
from ivr.server.retention import Keeper
from ivr.server.status import Status
from ivr.server.trial import TrunkTrial
from ivr.trunks import ask_machine
from ivr.web import Lines, TurnedAway


@dataclass(frozen=True, slots=True)
class Windows:
    """`site` is answered on `lines`."""

    keeper: Keeper
    lines: Lines
    site: web.Application

    @classmethod
    def on(
        cls, ground: Ground, office: Office, carriers: Carriers, reception: Reception, gate: Gate
    ) -> Self:
        folder, clock, rulebook = ground.home.folder, ground.clock, office.rulebook
        lines, keeper = Lines(TurnedAway(ground.counts)), _keeper(ground, office)
        control = Control(
            office.changes,
            office.overrides,
            ground.kept.ledger,
            clock,
            _trial(ground, office, carriers, reception),
            keeper,
            carriers.settings,
        )
        phones = PhoneControl(
            folder,
            ground.asterisk,
            lambda: rulebook.present,
            gate.phone_book,
            gate.doorkeeper,
        )
        gatherer = Gatherer(
            office.desk,
            reception.under_way,
            office.rules,
            clock,
            lambda: office.overrides.present,
        )
        site = pages(
            folder,
            clock,
            lines.turned_away,
            _status(ground, office, carriers, reception, gate),
            (
                control,
                phones,
                AgentControl(office.desk),
                QueueControl(office.desk, reception.under_way),
            ),
            gatherer,
        )
        return cls(keeper, lines, site)


def _status(
    ground: Ground, office: Office, carriers: Carriers, reception: Reception, gate: Gate
) -> Status:
    asterisk, speech = ground.asterisk, reception.speech
    return Status(
        node=ground.node,
        desk=office.desk,
        supervisor=reception.supervisor,
        rulebook=office.rulebook,
        changes=office.changes,
        overrides=office.overrides,
        counts=ground.counts,
        outgoing=carriers.outgoing,
        journal=lambda: ground.kept.state,
        up=stopwatch(),
        asterisk_trouble=lambda: asterisk.trouble,
        message_trouble=reception.messages.trouble,
        asterisk_says=gate.asterisk_log.problems,
        settings_say=carriers.settings.problems,
        asterisk_lacks=lambda: asterisk.not_taken,
        phone_tls=lambda: asterisk.tls,
        strangers=gate.strangers,
        emergencies=lambda: gate.emergencies.under_way,
        speech_problems=speech.problems,
        speech_lines=lambda: speech.lines(office.rulebook.present.rules),
        watcher=ground.asked.watcher,
        home_says=ground.files.problems,
    )


def _trial(ground: Ground, office: Office, carriers: Carriers, reception: Reception) -> TrunkTrial:
    our_host, supervisor = ground.settings.sip.host, reception.supervisor
    return TrunkTrial(
        ground.node,
        ground.asterisk,
        carriers.trunks,
        carriers.outgoing,
        office.rulebook,
        media=reception.exchange.media,
        asks=lambda trunk, host, address: ask_machine(trunk, host, address, our_host),
        is_stopping=lambda: supervisor.is_draining,
    )


def _keeper(ground: Ground, office: Office) -> Keeper:
    kept, clock = ground.kept, ground.clock
    return Keeper(
        kept.removals,
        ground.settings.retention,
        clock,
        lambda: office.rules().timezone,
        also=lambda: at_night(
            ground.home.folder, clock.now(), close_months(kept.months, office.rules, clock)
        ),
    )
