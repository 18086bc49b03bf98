"""What Asterisk's own ledger says of the end of channels that ended when no server looked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import structlog

from ivr.archives.audit import CelChannel, channels_in
from ivr.archives.cel_line import CelLine, CelReader
from ivr.archives.queue_line import BadLine
from ivr.asterisk.conf_core import CHANNEL_EVENTS
from ivr.server.channel_events import FOLDER

log = structlog.get_logger()

ENDS = (b"HANGUP", b"CHAN_END")
"""Only lines with one of these are looked at more closely."""

NEAR_BYTES = 65536
"""So much is read in vain at most before the first line that is wanted."""

AROUND = timedelta(seconds=1)
"""Two clocks of one machine, and lines that were written beside each other."""


class ChannelLedger:
    """The files of one home folder. Where Asterisk runs elsewhere there are none, and nothing is known."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    async def ends(self, channels: Collection[str], since: datetime) -> Mapping[str, CelChannel]:
        """Those of these channels (by Asterisk's id) that have ended since then (aware), as far as is written."""
        return await asyncio.to_thread(self.read, frozenset(channels), since)

    def read(self, channels: Collection[str], since: datetime) -> Mapping[str, CelChannel]:
        """As `ends`. Blocks."""
        since -= AROUND
        try:
            files = [one for one in self._folder.glob("cel*.csv") if _goes_on_after(one, since)]
            lines = [line for file in files for line in _ends_in(file, channels, since)]
        except OSError as error:
            log.warning("Asterisk's ledger cannot be read", error=str(error))
            return {}
        return channels_in(sorted(lines, key=lambda line: line.at))


def _goes_on_after(file: Path, since: datetime) -> bool:
    return file.stat().st_mtime >= since.timestamp()


def _ends_in(file: Path, channels: Collection[str], since: datetime) -> Iterator[CelLine]:
    reader = _reader()
    with file.open("rb") as opened:
        opened.seek(_before(opened, since))
        for raw in opened:
            if not any(end in raw for end in ENDS):
                continue
            line = _line(reader, raw)
            if line is not None and line.unique_id in channels and line.at >= since:
                yield line


def _before(opened: BinaryIO, since: datetime) -> int:
    """A place not far before the first line since then: lines stand in the order of their times."""
    reader = _reader()
    low, high = 0, opened.seek(0, 2)
    while high - low > NEAR_BYTES:
        middle = (low + high) // 2
        opened.seek(middle)
        opened.readline()  # the rest of a line
        line = _line(reader, opened.readline())
        if line is None or line.at >= since:
            high = middle
        else:
            low = middle
    return low


def _reader() -> CelReader:
    reader = CelReader(UTC)
    reader.read(",".join(CHANNEL_EVENTS))
    return reader


def _line(reader: CelReader, raw: bytes) -> CelLine | None:
    """None for one that cannot be read: cut off with its Asterisk, or in the middle."""
    try:
        return reader.read(raw.decode("utf-8", "replace"))
    except BadLine:
        return None
