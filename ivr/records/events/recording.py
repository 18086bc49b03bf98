"""A message that a caller leaves."""

from __future__ import annotations

from ivr.records.events.event import Event


class RecordingStarted(Event, tag="recording_started", frozen=True):
    """A message is being recorded, to this file below the home folder."""

    voicemail: str
    file: str


class MessageLeft(Event, tag="message_left", frozen=True):
    """A message was recorded and stored; `seconds` is its length."""

    voicemail: str
    file: str
    seconds: float
