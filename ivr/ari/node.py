"""One Asterisk, as the engine sees it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeAlias

import msgspec
import structlog

from ivr.ari import reading
from ivr.ari.channel import ORIGINATED, Channel
from ivr.ari.contacts import Contacts
from ivr.ari.events import (
    FREED,
    GONE_MEANWHILE,
    NORMAL_CLEARING,
    Arrival,
    Entered,
    LegEnded,
    Linked,
    PhoneState,
    Relinked,
    Unlinked,
)
from ivr.ari.generated import models as m
from ivr.ari.generated.operations import Applications, Asterisk, Bridges, Channels, Endpoints
from ivr.ari.legs import Legs
from ivr.ari.listening import Hub
from ivr.ari.phones import Phones
from ivr.ari.registry import Registry
from ivr.ari.transport import Received, SocketsLost, SocketsOpen, Transport, phones_application
from ivr.errors import ApplicationTaken, AsteriskError, AsteriskTooOld, ChannelGone
from ivr.releases import OLDEST, dotted

log = structlog.get_logger()

LinkState: TypeAlias = Linked | Unlinked


class Node:
    """The link's owner: hands out arrivals, follows channels, makes bridges.

    Open `arrivals`, `links` and `phones` before `run` begins, and nothing is missed. Whoever takes an arrival, or
    names a channel, follows it until `release` (or leaves `owning`): nothing is kept of a channel after that.
    """

    def __init__(self, transport: Transport, *, app: str, callers: str = "PJSIP/") -> None:
        """`callers` begins the names of channels that callers come on; whatever else arrives is hung up."""
        self.asterisk_version: str | None = None
        self.arrivals_missed = 0
        self.arrivals_refused = 0
        self._transport = transport
        self._app = app
        self._callers = callers
        self._registry = Registry()
        self._legs_of_none = Legs(transport, self._registry, app)
        self.incoming = Hub[Arrival](longest=1000)
        self._links = Hub[LinkState]()
        self._phones = Phones()
        self.contacts = Contacts()
        self._linked = asyncio.Event()

    @property
    def name(self) -> str:
        """This Asterisk, for people and records: where it is."""
        return self._transport.where

    @property
    def overflows(self) -> int:
        """How often a part of the server fell so far behind its events that it was told so, and gave up."""
        hubs = (self._registry, self.incoming, self._links, self._phones)
        return sum(hub.overflows for hub in hubs)

    @property
    def is_linked(self) -> bool:
        """Whether the link stands, set up and compared."""
        return self._linked.is_set()

    async def ready(self) -> None:
        """Wait until the link stands."""
        await self._linked.wait()

    async def run(self) -> None:
        """Keep the link and hand out what comes over it, until cancelled.

        Raises ApplicationTaken when another server takes this application, AsteriskTooOld for an unsafe Asterisk.
        """
        failure: AsteriskError | None = None
        async with asyncio.TaskGroup() as tasks:
            link = tasks.create_task(self._transport.run(), name="ari-link")
            try:
                await self._pump()
            except AsteriskError as error:  # bare, not in a group, for whoever runs us
                failure = error
            finally:
                link.cancel()
        if failure:
            raise failure

    def arrivals(self) -> AbstractAsyncContextManager[AsyncIterator[Arrival]]:
        """Calls that come in, each followed from before it is handed out."""
        return self.incoming.listen()

    def links(self) -> AbstractAsyncContextManager[AsyncIterator[LinkState]]:
        """The link's ups and downs, from here on."""
        return self._links.listen()

    def phones(self) -> AbstractAsyncContextManager[AsyncIterator[PhoneState]]:
        """Every phone's state: as it is now, all again at each connect, and each change."""
        return self._phones.listen()

    def legs(self, call_id: str) -> Legs:
        """For the legs and bridges of one call: what is asked and told of them is done in that order."""
        return Legs(self._transport.door(call_id), self._registry, self._app)

    def channel(self, channel_id: str) -> Channel:
        """A handle on a channel that is no call's; see `Legs`."""
        return self._legs_of_none.channel(channel_id)

    @contextmanager
    def owning(self, channel_id: str) -> Iterator[Channel]:
        """Follow a channel within the scope, and release it after."""
        channel = self.channel(channel_id)
        self._registry.of(channel_id)
        try:
            yield channel
        finally:
            self.release(channel_id)

    async def take_over(self, channel_id: str) -> Channel:
        """Follow a channel that nobody has, until `release`; it may have ended by now."""
        known = self._registry.find(channel_id)
        if known is not None and known.ended.done() and known.ended.result().was_freed:
            self.release(channel_id)  # that was no end: the floor has offered it since
        channel = self.channel(channel_id)
        registration = self._registry.of(channel_id)
        registration.is_alive = registration.has_entered = True
        try:
            await channel.get_variable("IVR")  # any: only whether the channel is there is asked
        except ChannelGone:
            registration.take(LegEnded(None, GONE_MEANWHILE))
        return channel

    def tell_all(self, name: str, value: str) -> None:
        """Set a variable that every step of the dialplan sees. Raises AsteriskUnreachable."""
        Asterisk(self._transport).set_global_var(name, value=value).tell()

    async def begin_in_dialplan(
        self, channel_id: str, endpoint: str, context: str, extension: str
    ) -> None:
        """Make a channel that the dialplan has and we do not follow, unless there is one of this id."""
        channels = Channels(self._transport)
        try:
            await channels.get(channel_id)
        except ChannelGone:
            await channels.originate_with_id(
                channel_id, endpoint, context=context, extension=extension, priority=1
            )

    def release(self, channel_id: str) -> None:
        """Follow a channel no longer. Does not hang it up."""
        self._legs_of_none.release(channel_id)

    def followed(self) -> frozenset[str]:
        """The channels that are followed: none when every call is over."""
        return self._registry.ids()

    async def _pump(self) -> None:
        while True:
            match await self._transport.next_news():
                case Received(event):
                    self._take(event)
                case SocketsOpen():
                    await self._connected()
                case SocketsLost(reason):
                    self._disconnected(reason)

    async def _connected(self) -> None:
        """Set up, compare, tell. Events wait in the transport meanwhile."""
        try:
            await self._check_version()
            await self._choose_events()
            await self._compare()
        except AsteriskTooOld:
            raise
        except AsteriskError as error:
            # An Asterisk that is still starting refuses for a moment what it will allow when all modules are loaded.
            log.warning("link could not be set up", error=str(error), code=error.code)
            await self._transport.drop("could not be set up")

    def _disconnected(self, reason: str) -> None:
        if self.is_linked:
            self._linked.clear()
            self._links.publish(Unlinked(reason))

    async def _check_version(self) -> None:
        answer = await Asterisk(self._transport).get_info(only=["system"])
        version = answer.system.version if answer.system else "unknown"
        found = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
        if found < OLDEST:
            raise AsteriskTooOld(version, dotted(OLDEST), self._transport.where)
        self.asterisk_version = version

    async def _choose_events(self) -> None:
        """Ask only for the events that are read; the choice is lost with every connection.

        Phones are followed under an application of their own: an application that is subscribed to an endpoint gets
        every event of that endpoint's channels a second time, digits among them.
        """
        applications = Applications(self._transport)
        phones = phones_application(self._app)
        for app, kinds in ((self._app, reading.CALL_KINDS), (phones, reading.PHONE_KINDS)):
            # Without RESTResponse among them the filter would hold back the answers to our own requests.
            allowed = [{"type": "RESTResponse"}, *({"type": kind.__name__} for kind in kinds)]
            await applications.filter(app, filter={"allowed": allowed})
        await applications.subscribe(phones, ["endpoint:PJSIP"])

    async def _compare(self) -> None:
        """Take a snapshot; end what died while we were not looking; tell the rest."""
        alive = self._registry.alive_ids()  # before asking: what begins meanwhile cannot be missing
        channels, bridges, ours = await self._listed()
        endpoints = await self._transport.list_all(Endpoints(self._transport).list_by_tech("PJSIP"))

        listed = {channel.id: channel for channel in channels}
        for channel_id in alive:
            if registration := self._registry.find(channel_id):
                if channel_id not in listed:
                    registration.take(LegEnded(None, GONE_MEANWHILE))
                    continue
                snapshot = reading.channel_snapshot(listed[channel_id], is_ours=channel_id in ours)
                if snapshot.waits_on_floor and not snapshot.is_ours:
                    registration.take(LegEnded(None, FREED))
                    continue
                registration.take(Relinked())
                if listed[channel_id].dialplan.app_name == "Stasis":
                    registration.take(Entered())
        self.contacts.forget()
        self._phones.compare(
            (reading.phone(endpoint) for endpoint in endpoints),
            {
                channel.id: reading.account_of(channel)
                for channel in channels
                if channel.id in ours and self._nobody_here_rang(channel.id)
            },
        )
        self._linked.set()
        log.info("link established", asterisk=self.asterisk_version, channels=len(channels))
        self._links.publish(_linked(channels, bridges, ours))
        self._phones.publish()
        self._transport.hand_on_to(self._take)

    async def look(self) -> Linked:
        """What is alive in this Asterisk at this moment, as at a link. Raises AsteriskUnreachable."""
        return _linked(*await self._listed())

    async def _listed(self) -> tuple[list[m.Channel], list[m.Bridge], frozenset[str]]:
        """All channels and bridges, and which channels are in our application."""
        transport = self._transport
        channels = await transport.list_all(Channels(transport).list())
        bridges = await transport.list_all(Bridges(transport).list())
        application = await transport.list_all(Applications(transport).get(self._app))
        return channels, bridges, frozenset(application.channel_ids)

    def _nobody_here_rang(self, channel_id: str) -> bool:
        """It came in, or is from before this server."""
        return self._registry.find(channel_id) is None or self._phones.is_own_call(channel_id)

    def _take(self, event: msgspec.Struct) -> None:
        match event:
            case m.ApplicationReplaced():
                raise ApplicationTaken
            case m.StasisStart() if reading.is_from_floor(event):
                self._come_from_floor(event)
            case m.StasisStart() if self._registry.find(event.channel.id) is None:
                self._arrive(event)
            case m.ContactStatusChange() | m.PeerStatusChange():
                self._note_phone(event)
            case _:
                self._tell(event)

    def _come_from_floor(self, event: m.StasisStart) -> None:
        """Whoever lost hold of it has no part in it any more. Who does not know that yet is told, and has the next."""
        registration = self._registry.find(event.channel.id)
        if registration is not None and not registration.ended.done():
            registration.take(LegEnded(None, FREED))
            return
        self.release(event.channel.id)
        self._arrive(event)

    def _arrive(self, event: m.StasisStart) -> None:
        if ORIGINATED in event.args:
            # A leg that was given up at the very moment it was answered, or that a server rang which is no more.
            log.debug("leg entered after it was given up", channel=event.channel.id)
            self.channel(event.channel.id).hang_up_soon()
            return
        if not event.channel.name.startswith(self._callers) or event.replace_channel is not None:
            # Asterisk made it by itself (a forwarded leg), or put it in a party's place (Replaces): nobody rang.
            self.arrivals_refused += 1
            log.warning("a channel that is no call was hung up", channel=event.channel.name)
            self.channel(event.channel.id).hang_up_soon()
            self.release(event.channel.id)
            return
        if not self.incoming.listeners:
            self.arrivals_missed += 1
            log.warning("call came while nobody takes calls", channel=event.channel.id)
            return
        registration = self._registry.of(event.channel.id)
        registration.is_alive = registration.has_entered = True
        arrival = reading.arrival(event, self.name)
        self._phones.call_began(arrival.channel_id, arrival.account)
        self.incoming.publish(arrival)

    def _note_phone(self, event: msgspec.Struct) -> None:
        self.contacts.take(event)
        state = reading.phone_state(event)
        if state is not None:
            self._phones.note(state)

    def _tell(self, event: msgspec.Struct) -> None:
        if told := reading.channel_event(event):
            channel_id, happened = told
            if isinstance(happened, LegEnded):
                self._phones.call_ended(channel_id)
            if registration := self._registry.find(channel_id):
                registration.take(happened)
        elif isinstance(event, m.ChannelHangupRequest) and event.cause is None:
            if registration := self._registry.find(event.channel.id):
                registration.is_hanging_up = True
                if (
                    not event.soft
                ):  # the other side's goodbye, which gives a cause only where it is not this one
                    registration.expect(NORMAL_CLEARING)
        elif hint := reading.cause_of(event):
            channel_id, cause = hint
            if registration := self._registry.find(channel_id):
                registration.expect(cause)


def _linked(channels: list[m.Channel], bridges: list[m.Bridge], ours: frozenset[str]) -> Linked:
    return Linked(
        tuple(reading.channel_snapshot(one, is_ours=one.id in ours) for one in channels),
        tuple(reading.bridge_snapshot(one) for one in bridges),
    )
