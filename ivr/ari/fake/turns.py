"""Playbacks and recordings of the twin: they take time, and end in every way that real ones do."""

from __future__ import annotations

import asyncio
from collections import deque

from ivr.ari.fake.channel import FakeChannel
from ivr.ari.generated import models as m


def media_name(uri: str) -> str:
    """`sound:/path/no/welcome` is heard as `welcome`."""
    return uri.partition(":")[2].rpartition("/")[2]


STOPPABLE = ("sound:", "recording:", "tone:")
"""What Asterisk can stop while it plays; what it speaks by itself (`digits:`) it cannot."""


class FakePlayback:
    """Plays its media one after another; what is missing takes no time."""

    def __init__(self, channel: FakeChannel, playback_id: str, media: tuple[str, ...]) -> None:
        self.name = playback_id
        self.media = media
        self._channel = channel
        self._left = deque(media)
        self._now = media[0]
        self._timer: asyncio.TimerHandle | None = None

    def shown(self, state: str) -> m.Playback:
        return m.Playback(
            id=self.name,
            media_uri=self._now,
            target_uri=f"channel:{self._channel.id}",
            language="no",
            state=state,
        )

    def begin(self) -> None:
        asterisk = self._channel.asterisk
        was_found = True
        while self._left:
            self._now = self._left.popleft()
            name = media_name(self._now)
            was_found = name not in asterisk.faults.missing_media
            if was_found:
                self._channel.person.hear(name)
                self._timer = self._channel.after(asterisk.seconds_of(name), self.begin)
                return
        self._finish("done" if was_found else "failed")

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._finish("done")

    @property
    def is_stoppable(self) -> bool:
        """What has not begun can always be stopped; what plays, where Asterisk has a hold of it already."""
        faults = self._channel.asterisk.faults
        has_hold = media_name(self._now) not in faults.unstoppable_media
        return self.state == "queued" or (self._now.startswith(STOPPABLE) and has_hold)

    @property
    def state(self) -> str:
        """What Asterisk says of it before it is over."""
        return "playing" if self._channel.turn is self else "queued"

    def break_off(self) -> None:
        self._tell("failed")

    def key(self, digit: str) -> None:
        """A key does not end a playback by itself."""

    def _finish(self, state: str) -> None:
        self._tell(state)
        if self._channel.turn is self:
            self._channel.next_turn()
        else:
            self._channel.turns.remove(self)

    def _tell(self, state: str) -> None:
        asterisk = self._channel.asterisk
        del asterisk.playbacks[self.name]
        asterisk.report(m.PlaybackFinished, playback=self.shown(state))


class FakeRecording:
    """Records until its time, silence, a key, or the end of the channel."""

    def __init__(
        self,
        channel: FakeChannel,
        name: str,
        *,
        longest_seconds: float,
        silence_seconds: float,
        terminate_on: str,
    ) -> None:
        self.name = name
        self._channel = channel
        self._longest = longest_seconds
        self._silence = silence_seconds
        self._terminate_on = terminate_on
        self._began = 0.0

    def begin(self) -> None:
        self._began = asyncio.get_running_loop().time()
        if self._longest:
            self._channel.after(self._longest, self.stop)
        if self._silence and self._channel.person.speaks_seconds is not None:
            self._channel.after(self._channel.person.speaks_seconds + self._silence, self.stop)

    def stop(self) -> None:
        if self._channel.turn is not self:
            return
        self._tell()
        self._channel.next_turn()

    def break_off(self) -> None:
        self._tell()

    def key(self, digit: str) -> None:
        if self._terminate_on in {"any", digit}:
            self.stop()

    def _tell(self) -> None:
        asterisk = self._channel.asterisk
        seconds = asyncio.get_running_loop().time() - self._began
        del asterisk.live_recordings[self.name]
        asterisk.stored_recordings[self.name] = seconds
        asterisk.report(m.RecordingFinished, recording=self.shown("done", int(seconds)))

    def shown(self, state: str, duration: int | None = None) -> m.LiveRecording:
        """As Asterisk shows it; how long it is only when it is over."""
        return m.LiveRecording(
            name=self.name,
            format="wav",
            target_uri=f"channel:{self._channel.id}",
            state=state,
            duration=duration,
        )
