"""A channel: one leg of a call, in this Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from ivr.ari.events import ChannelEvent, LegEnded
from ivr.ari.generated.operations import Channels, Recordings
from ivr.ari.playback import Playback
from ivr.ari.recording import RecordingUnderWay
from ivr.ari.request import Request
from ivr.errors import AsteriskError, AsteriskRefused, Gone

if TYPE_CHECKING:
    from ivr.ari.listening import Listener
    from ivr.ari.registry import Registry
    from ivr.ari.request import Door

A = TypeVar("A", bound=ChannelEvent)
B = TypeVar("B", bound=ChannelEvent)
C = TypeVar("C", bound=ChannelEvent)

ASK_THERE = "PJSIP_SEND_SESSION_REFRESH()"
"""Set on an answered channel, it sends UPDATE, or re-INVITE to a phone that does not know UPDATE."""

ORIGINATED = "originated"
"""The argument of every channel that we rang ourselves, so that none is ever taken for a call coming in."""


class Channel:
    """A handle: an id and the verbs. Name it, listen, act: listen before the verb whose event is waited for.

    Each verb, awaited, returns when Asterisk has accepted it, and raises ChannelGone once the channel has ended,
    AsteriskUnreachable when no answer came, AsteriskRefused when the request was wrong. Those that are a Request can be
    told instead, where nobody need wait for them.
    """

    def __init__(self, door: Door, registry: Registry, app: str, channel_id: str) -> None:
        self.id = channel_id
        self._door = door
        self._registry = registry
        self._app = app
        self._channels = Channels(door)

    @property
    def ended(self) -> asyncio.Future[LegEnded]:
        """Done when the channel has ended or is no longer ours, with the cause where known.

        Following a channel begins here, or with `listen` or `originate`; it ends with `Node.release`.
        """
        return self._registry.of(self.id).ended

    @overload
    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[ChannelEvent]]: ...
    @overload
    def listen(self, a: type[A], /) -> AbstractAsyncContextManager[Listener[A]]: ...
    @overload
    def listen(self, a: type[A], b: type[B], /) -> AbstractAsyncContextManager[Listener[A | B]]: ...
    @overload
    def listen(
        self, a: type[A], b: type[B], c: type[C], /
    ) -> AbstractAsyncContextManager[AsyncIterator[A | B | C]]: ...
    @overload
    def listen(
        self, *kinds: type[ChannelEvent]
    ) -> AbstractAsyncContextManager[AsyncIterator[ChannelEvent]]: ...
    def listen(self, *kinds: type[ChannelEvent]) -> AbstractAsyncContextManager[Listener[Any]]:
        """Hear what happens from here on, of these kinds (of all, if none is named), in order.

        A channel that has ended already says so at once to who listens for LegEnded. The iterator raises
        ListenerOverflow when its reader falls 256 events behind.
        """
        registration = self._registry.of(self.id)
        return registration.hub.listen(kinds, first=registration.told_at_once)

    async def originate(
        self,
        endpoint: str,
        *,
        caller_number: str,
        caller_name: str,
        timeout_seconds: int,
        variables: Mapping[str, str] | None = None,
        codecs: Sequence[str] = (),
    ) -> None:
        """Ring the phone at `endpoint` (`PJSIP/kari`), on a new channel with this id.

        `codecs` are offered in this order; without them Asterisk begins with one of its own choice. Without
        `caller_number` and `caller_name` nobody is shown.

        Then Sounding as it rings, Entered when it is answered or LegEnded when it is not. Raises AsteriskRefused when
        the phone cannot be rung at all: it is unknown, or not registered.
        """
        registration = self._registry.of(self.id)
        await self._channels.originate_with_id(
            self.id,
            endpoint,
            app=self._app,
            app_args=ORIGINATED,
            caller_id=f'"{_quoted(caller_name)}" <{_quoted(caller_number)}>',
            formats=",".join(codecs) or None,
            timeout=timeout_seconds,
            variables=dict(variables) if variables else None,
        )
        registration.is_alive = True

    def answer(self) -> Request[None]:
        return self._channels.answer(self.id)

    def ring(self) -> Request[None]:
        """Let the caller hear that it rings."""
        return self._channels.ring(self.id)

    def stop_ringing(self) -> Request[None]:
        return self._channels.ring_stop(self.id)

    async def hang_up(self, cause: int | None = None) -> None:
        """End the channel. One that is gone has ended already. `cause` is Q.850's; 16 if left out."""
        if not self._is_hung_up:
            await self._hang_up(cause).unless_gone()

    def hang_up_soon(self) -> None:
        """Tell the channel to end. Raises AsteriskUnreachable when there is no link."""
        if not self._is_hung_up:
            self._hang_up(None).tell()

    @property
    def _is_hung_up(self) -> bool:
        """Asterisk said so: asked to hang up, it would answer that there is no such channel."""
        followed = self._registry.find(self.id)
        return followed is not None and followed.was_hung_up

    def _hang_up(self, cause: int | None) -> Request[None]:
        return self._channels.hangup(self.id, reason_code=None if cause is None else str(cause))

    def continue_in_dialplan(self) -> Request[None]:
        """Give the channel back: it goes on after `Stasis()` in the dialplan. LegEnded is heard here."""
        return self._channels.continue_in_dialplan(self.id)

    def go_on_at(self, context: str, extension: str) -> Request[None]:
        """Give the channel back, to another place of the dialplan, as soon as what is played or recorded is over."""
        return self._channels.continue_in_dialplan(
            self.id, context=context, extension=extension, priority=1
        )

    async def play(self, *media: str, playback_id: str) -> Playback:
        """Play these (`sound:/path/without/suffix`), one after another; PlaybackEnded comes when the last is over.

        What cannot be found is skipped: only when the last is missing does PlaybackEnded say so.
        """
        await self._channels.play_with_id(self.id, playback_id, list(media))
        return Playback(self._door, playback_id)

    def playback(self, playback_id: str) -> Playback:
        """A handle on a playback of this channel, whether it began or not."""
        return Playback(self._door, playback_id)

    async def record(
        self,
        name: str,
        *,
        longest_seconds: int,
        silence_seconds: int,
        beep: bool,
        terminate_on: Literal["none", "any", "*", "#"] = "none",
        audio_format: str = "wav",
    ) -> RecordingUnderWay:
        """Record until `longest_seconds`, `silence_seconds` of silence, or a key; then RecordingEnded.

        0 seconds means no such end. A recording of that name which exists is not overwritten: AsteriskRefused.
        """
        await self._channels.record(
            self.id,
            name,
            audio_format,
            max_duration_seconds=longest_seconds,
            max_silence_seconds=silence_seconds,
            if_exists="fail",
            beep=beep,
            terminate_on=terminate_on,
        )
        return RecordingUnderWay(self._door, name)

    def recording(self, name: str) -> RecordingUnderWay:
        """A handle on a recording of this channel, whether it began or not."""
        return RecordingUnderWay(self._door, name)

    async def is_recorded_as(self, name: str) -> bool:
        """Whether a recording of this name is under way; its end will be heard as RecordingEnded."""
        try:
            await Recordings(self._door).get_live(name)
        except Gone:
            return False
        return True

    async def snoop(self, spy: Channel) -> None:
        """Let `spy`, a new channel with its id, carry what comes from this one; then Entered, or LegEnded, of `spy`."""
        registration = self._registry.of(spy.id)
        await self._channels.snoop_channel_with_id(
            self.id, spy.id, self._app, spy="in", app_args=ORIGINATED
        )
        registration.is_alive = True

    async def bring_to(self, worker: str, call_id: str) -> None:
        """A new channel with this id, which brings what it hears to a WebSocket; then Entered, or LegEnded.

        `worker` names the WebSocket to Asterisk, `call_id` the call to whoever listens there. What comes back from
        there is dropped. 16 kHz, 16 bits, little-endian, 20 ms a message.
        """
        registration = self._registry.of(self.id)
        await self._channels.external_media(
            self._app,
            "slin16",
            channel_id=self.id,
            external_host=worker,
            encapsulation="none",
            transport="websocket",
            transport_data=f"d(in)f(json)v(call={call_id})",
        )
        registration.is_alive = True

    def start_music(self, music_class: str) -> Request[None]:
        return self._channels.start_moh(self.id, moh_class=music_class)

    def stop_music(self) -> Request[None]:
        return self._channels.stop_moh(self.id)

    def set_variable(self, name: str, value: str) -> Request[None]:
        return self._channels.set_channel_var(self.id, name, value=value)

    def ask_whether_there(self) -> Request[None]:
        """Have the phone asked by SIP, within the call: where it does not answer, the leg ends."""
        return self.set_variable(ASK_THERE, "update")

    async def packets_heard(self) -> int | None:
        """How many packets of sound, or of keys, have come from this leg; None where nothing is known of that."""
        try:
            return (await self._channels.rtpstatistics(self.id)).rxcount
        except AsteriskError:  # it is gone, is not SIP, or there is no link just now
            return None

    async def get_variable(self, name: str) -> str | None:
        """The variable's value, None where it was never set."""
        try:
            return (await self._channels.get_channel_var(self.id, name)).value
        except AsteriskRefused as error:
            if error.status == 404:
                return None
            raise


def _quoted(text: str) -> str:
    """Text that cannot end the quotes, or the brackets, that it stands in."""
    return "".join(letter for letter in text if letter.isprintable() and letter not in '"<>\\')
