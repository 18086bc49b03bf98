"""A recording: what a channel says, being written to a file."""

from __future__ import annotations

from ivr.ari.generated.operations import Recordings
from ivr.ari.request import Door, Request


class RecordingUnderWay:
    """A handle. Its end is heard on the channel, as RecordingEnded with this name.

    The file is the name with its format as suffix, in the `recording` folder of Asterisk's spool.
    """

    def __init__(self, door: Door, name: str) -> None:
        self.name = name
        self._recordings = Recordings(door)

    def stop(self) -> Request[None]:
        """Stop it and keep what was recorded. One that is over is gone."""
        return self._recordings.stop(self.name)
