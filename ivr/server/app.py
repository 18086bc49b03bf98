"""The composition root: the only place that builds things, and the order in which they start and stop."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from ivr.ari.exchange import NodeExchange
from ivr.ari.link import Link
from ivr.ari.node import Node
from ivr.ari.ways_out import routes_over
from ivr.call import Ports
from ivr.clock import SystemClock, stopwatch
from ivr.desk import Desk, Logbook
from ivr.errors import ConfigRefused, IvrError, first_of
from ivr.observe import Counts
from ivr.rulebook.changes import Changes
from ivr.rulebook.file import WatchedFile
from ivr.rulebook.in_force import Rulebook, RulesInForce, take_rules_in_time
from ivr.rulebook.overrides import Overrides
from ivr.rules.model import RuleSet
from ivr.server.admission import Admission
from ivr.server.agent_control import AgentControl
from ivr.server.arrival import TimeOfCall
from ivr.server.asterisk import AsteriskInUse, asterisk_for
from ivr.server.asterisk_log import AsteriskLog
from ivr.server.beat import beat
from ivr.server.books import Books
from ivr.server.channel_events import at_night
from ivr.server.channel_ledger import ChannelLedger
from ivr.server.control import Control, owner_of, watch_prompts, watch_rules
from ivr.server.doorkeeper import Doorkeeper
from ivr.server.drafts import Dictations, DraftFolder
from ivr.server.emergencies import Emergencies
from ivr.server.handing_over import leave_to_the_next
from ivr.server.home import Home
from ivr.server.left_behind import LeftBehind
from ivr.server.left_calls import Unended, unended_calls
from ivr.server.messages import MessageFolder
from ivr.server.month_end import close_months
from ivr.server.outgoing import OutgoingCalls
from ivr.server.pages import pages
from ivr.server.phone_book import PhoneBook
from ivr.server.phone_control import PhoneControl
from ivr.server.phones import keep_phone_book, watch_phones
from ivr.server.pins import Pins
from ivr.server.present import Gatherer
from ivr.server.queue_control import QueueControl
from ivr.server.retention import Keeper
from ivr.server.room import Room, legs_that_answer
from ivr.server.settings_in_force import SettingsInForce, names_for
from ivr.server.signals import StopSignals, stop_signals
from ivr.server.speech import speech_for
from ivr.server.status import Status
from ivr.server.stopping import (
    cancel_all,
    cancel_at_once,
    cancel_while_starting,
    drain,
    end_in_order,
    hurry,
    until_told,
)
from ivr.server.strangers import Strangers
from ivr.server.supervisor import Supervisor
from ivr.server.trial import TrunkTrial
from ivr.server.trunk_watch import watch_registrations, watch_tls, watch_trunks
from ivr.server.trunks import TrunksInUse
from ivr.server.under_way import CallsUnderWay
from ivr.server.watcher import Watcher
from ivr.server.whereabouts import told
from ivr.settings import Settings, SettingsSource
from ivr.store.door import Store
from ivr.store.open import open_server_store
from ivr.trunks import ask_machine
from ivr.web import Guard, Lines, TurnedAway, open_site

log = structlog.get_logger()

VISITS_REMEMBERED = 5_000
"""So many waits of earlier servers show what the next ones are like."""

YOUNG_OBJECTS = 20_000
"""After so many new objects the collector looks for reference cycles among them; Python's own choice is 700."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What `ivr serve` was asked for. `home`, `rules` and `prompts` are paths, `source` is where settings come from.

    `watcher` is whoever ends us when we hang, and starts the next.
    """

    home: Path
    rules: Path
    prompts: Path
    settings: Settings
    source: SettingsSource
    watcher: Watcher = field(default_factory=Watcher)


async def serve(asked: Serving, announce: Callable[[str], None]) -> None:
    """Take calls until SIGTERM; then drain. SIGUSR1 ends the process at once, and leaves callers to the next.

    `announce` gets the one line that begins with `ready`.

    Raises RulesRefused, ConfigRefused, PortTaken, StoreFailed, AsteriskError before the first call is taken.
    """
    try:
        with stop_signals() as stop:
            async with asyncio.TaskGroup() as group:
                server = group.create_task(_serve(asked, announce, stop), name="server")
                impatience = group.create_task(cancel_at_once(server, stop), name="signals")
                haste = group.create_task(cancel_while_starting(server, stop), name="start")
                server.add_done_callback(lambda _: impatience.cancel())
                server.add_done_callback(lambda _: haste.cancel())
    except* IvrError as failed:
        # Bare, for whoever runs us: task groups within groups say nothing to an operator.
        error = first_of(failed)
        raise asked.source.at_line(error) if isinstance(error, ConfigRefused) else error from None


async def _serve(asked: Serving, announce: Callable[[str], None], stop: StopSignals) -> None:
    settings, counts, clock = asked.settings, Counts(), SystemClock()
    in_force = await take_rules_in_time(asked.rules, asked.prompts)
    home = Home.open(asked.home)
    store = open_server_store(home.folder, settings.store)
    names = await names_for(home, settings, clock)
    async with (
        store.keeping() as kept,
        asterisk_for(home, in_force, settings, names.look) as asterisk,
    ):
        node = Node(
            Link(asterisk.address, app=asterisk.application, counts=counts),
            app=asterisk.application,
        )
        desk = Desk(in_force.rules, await Logbook(kept.ledger, clock).opened())
        books = Books.of(clock)
        rulebook = Rulebook(
            in_force,
            desk,
            prepare=partial(_prepare, asterisk, books, store),
            refuse=asterisk.refuse,
        )
        under_way = CallsUnderWay(kept.journal, clock)
        changes = Changes(
            rulebook,
            kept.ledger,
            store.texts,
            clock,
            WatchedFile(asked.rules, in_force, owner_of, is_watched=settings.rules.watch),
        )
        overrides = Overrides(rulebook, kept.ledger, clock)
        messages = MessageFolder(home.folder, home.recordings)
        speech = speech_for(home, settings.speech, counts)
        trunks = TrunksInUse(clock, lambda: asterisk.trunks, names.unresolved)
        outgoing = OutgoingCalls(
            settings.outgoing, trunks, lambda: rulebook.present.rules.timezone, clock, counts
        )
        settings_in_force = SettingsInForce(
            settings,
            asked.source,
            asterisk,
            trunks,
            outgoing,
            lambda: rulebook.present,
            clock,
            names,
        )
        exchange = NodeExchange(node, routes=routes_over(trunks.in_order_of_trial))
        supervisor = Supervisor(
            Ports(
                exchange,
                in_force.prompts,
                under_way,
                counts,
                messages,
                outgoing,
                speech.workers if speech.workers.links else None,
                books.surveyed,
                books.talks,
                books.places,
            ),
            desk,
            lambda: rulebook.present.rules,
            _time_of_call(settings),
            prompts=lambda: rulebook.present.prompts,
            overrides=lambda: overrides.present,
        )
        left_behind = LeftBehind(
            node,
            supervisor,
            under_way,
            await asyncio.to_thread(
                _earlier, store, outgoing, under_way, desk, books, in_force.rules
            ),
            is_alone=settings.asterisk.ari is None,
            ledger=ChannelLedger(home.folder),
        )
        supervisor.trunks = trunks
        supervisor.pins = Pins(home.folder)
        supervisor.dictations = Dictations.of(
            settings.prompts, DraftFolder(home.folder, home.recordings)
        )
        supervisor.room = Room(
            asterisk.legs,
            lambda: legs_that_answer(rulebook.present.rules, trunks.lines_out),
            clock,
            Admission(settings.calls.at_once, settings.calls.per_second, clock),
        )
        strangers = Strangers(clock)
        phone_book = PhoneBook(clock, strangers)
        doorkeeper = Doorkeeper(asterisk, strangers, home.folder, lambda: asterisk.trunks)
        emergencies = Emergencies(asterisk, kept.ledger, clock, rulebook.site_of)
        asterisk_log = AsteriskLog(
            asterisk.letterbox,
            clock,
            counts,
            lambda: frozenset(rulebook.present.accounts),
            phone_book,
            strangers,
            trunks.registration_failed,
            emergencies.take,
        )
        status = Status(
            node=node,
            desk=desk,
            supervisor=supervisor,
            rulebook=rulebook,
            changes=changes,
            overrides=overrides,
            counts=counts,
            outgoing=outgoing,
            journal=lambda: kept.state,
            up=stopwatch(),
            asterisk_trouble=lambda: asterisk.trouble,
            message_trouble=messages.trouble,
            asterisk_says=asterisk_log.problems,
            settings_say=settings_in_force.problems,
            asterisk_lacks=lambda: asterisk.not_taken,
            phone_tls=lambda: asterisk.tls,
            strangers=strangers,
            emergencies=lambda: emergencies.under_way,
            speech_problems=speech.problems,
            speech_lines=lambda: speech.workers.links,
            watcher=asked.watcher,
        )
        lines = Lines(TurnedAway(counts))
        control = Control(
            changes,
            overrides,
            kept.ledger,
            clock,
            TrunkTrial(
                node,
                asterisk,
                trunks,
                outgoing,
                rulebook,
                media=exchange.media,
                asks=lambda trunk, host, address: ask_machine(
                    trunk, host, address, settings.sip.host
                ),
                is_stopping=lambda: supervisor.is_draining,
            ),
            Keeper(
                kept.removals,
                settings.retention,
                clock,
                lambda: rulebook.present.rules.timezone,
                also=lambda: at_night(
                    home.folder,
                    clock.now(),
                    close_months(kept.months, lambda: rulebook.present.rules, clock),
                ),
            ),
            settings_in_force,
        )
        site = pages(
            home.folder,
            clock,
            lines.turned_away,
            status,
            (
                control,
                PhoneControl(
                    home.folder, asterisk, lambda: rulebook.present, phone_book, doorkeeper
                ),
                AgentControl(desk),
                QueueControl(desk, under_way),
            ),
            Gatherer(
                desk,
                under_way,
                lambda: rulebook.present.rules,
                clock,
                lambda: overrides.present,
            ),
        )
        for part in (changes, overrides, emergencies):
            await part.begin()
        async with (
            asyncio.TaskGroup() as group,
            open_site(site, settings.web.address, Guard(settings.web.hosts), lines) as address,
        ):
            infrastructure = [
                group.create_task(kept.run(), name="journal"),
                group.create_task(desk.logbook.run(), name="logbook"),
                group.create_task(asterisk.keep_up(), name="asterisk"),
                group.create_task(asterisk_log.run(), name="asterisk-log"),
                group.create_task(emergencies.run(), name="emergencies"),
                group.create_task(doorkeeper.run(), name="doorkeeper"),
                group.create_task(supervisor.run(), name="calls"),
                group.create_task(watch_phones(node, desk), name="phones"),
                group.create_task(keep_phone_book(node, phone_book), name="phone-book"),
                group.create_task(left_behind.run(), name="links"),
                group.create_task(watch_trunks(node, trunks), name="trunks"),
                group.create_task(watch_registrations(asterisk, trunks), name="registrations"),
                group.create_task(speech.run(rulebook, node, asterisk), name="speech"),
                group.create_task(node.run(), name="stream"),
                group.create_task(hurry(supervisor, stop), name="hurry"),
                group.create_task(beat(node, clock, supervisor.somebody), name="beat"),
                group.create_task(
                    settings_in_force.reload_when_told(stop.reload, asked.watcher), name="settings"
                ),
                group.create_task(settings_in_force.watch_names(), name="names"),
                group.create_task(watch_tls(trunks, settings.sip.host), name="tls"),
                group.create_task(changes.timed.run(), name="rules-planned"),
                group.create_task(overrides.run(), name="overrides"),
                group.create_task(control.keeper.run(), name="retention"),
                group.create_task(asked.watcher.run(lambda: supervisor.doing), name="watcher"),
                *(_files_watched(group, changes, asked) if settings.rules.watch else ()),
            ]
            await node.ready()
            _spare_the_collector()
            asterisk.takes_calls = True
            with told(home, address):
                asked.watcher.ready(supervisor.doing)
                await until_told(stop, announce, _ready(settings, asterisk, home, supervisor.room))
            if stop.hand_over.is_set():
                await leave_to_the_next(asked.watcher, supervisor.calls, desk.logbook, kept.journal)
            await drain(asked.watcher, supervisor, settings.calls.drain_seconds)
            await end_in_order(emergencies, desk)
            cancel_all(infrastructure)
    log.info("stopped")


async def _prepare(asterisk: AsteriskInUse, books: Books, store: Store, new: RulesInForce) -> None:
    """What new rules need is there before the first call meets them."""
    await asterisk.prepare(new)
    await books.prepare(store, new.rules)


def _files_watched(
    group: asyncio.TaskGroup, changes: Changes, asked: Serving
) -> tuple[asyncio.Task[None], ...]:
    return (
        group.create_task(watch_rules(changes), name="rules-watch"),
        group.create_task(watch_prompts(changes, asked.prompts), name="prompts-watch"),
    )


def _earlier(
    store: Store,
    outgoing: OutgoingCalls,
    under_way: CallsUnderWay,
    desk: Desk,
    books: Books,
    rules: RuleSet,
) -> Unended:
    """What the servers before this one left: minutes talked outside today, callers, shares, and open calls."""
    with store.reading() as stored:
        outgoing.remember(stored.calls)
        books.remember(stored.calls, rules)
        desk.sites.splits.remember(stored.calls.given_to_sites())
        desk.estimates.remember(stored.calls.latest_visits(VISITS_REMEMBERED))
        desk.had_talks(stored.calls.talks_of_agents(desk.day_began()))
        return unended_calls(stored.calls, under_way)


def _spare_the_collector() -> None:
    """What was built by now stays to the end: the collector of reference cycles need not walk it again.

    A full collection takes 100 ms otherwise, in which no caller's key is heard.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _time_of_call(settings: Settings) -> TimeOfCall:
    always = datetime.fromisoformat(settings.test.call_time) if settings.test.call_time else None
    return TimeOfCall(SystemClock(), from_header=settings.test.call_time_header, always=always)


def _ready(settings: Settings, asterisk: AsteriskInUse, home: Home, room: Room) -> str:
    calls = "" if room.calls is None else f"calls={room.calls} "
    return (
        f"ready sip={asterisk.sip} rtp={settings.sip.rtp} {calls}web=http://{settings.web.address}/health "
        f"ari={asterisk.address} home={home.folder}"
    )
