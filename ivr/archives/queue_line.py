"""One line of Asterisk's `queue_log`, in the forms that are met.

The file has bars between its fields, seconds since 1970 and up to ten of them; logs that were kept in a database come
as CSV, with the time in words.
"""

from __future__ import annotations

import csv
import math
import re
from datetime import UTC, datetime, tzinfo

import msgspec

from ivr.amount import counted

_LEAST_FIELDS = 5
_EARLIEST, _LATEST = datetime(1999, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?\Z", re.ASCII)
_UNIQUE_ID = re.compile(r"[!-~]{1,150}\Z", re.ASCII)
_EVENT = re.compile(r"[A-Z][A-Z0-9_]{1,39}\Z", re.ASCII)
NO_CALL = "NONE"


class BadLine(ValueError):
    """A line that is none of a queue_log; the message says why."""


class QueueLine(msgspec.Struct, frozen=True):
    """`call` is Asterisk's unique id of the caller's channel, NO_CALL where the line is of none; `at` is in UTC."""

    at: datetime
    call: str
    queue: str
    agent: str
    event: str
    details: tuple[str, ...]

    def seconds(self, place: int) -> float | None:
        """The whole seconds in this detail (from 0); None where there are none, or they make no sense."""
        text = self.details[place] if place < len(self.details) else ""
        return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def read_queue_line(text: str, zone: tzinfo) -> QueueLine | None:
    """None for an empty line, and for the header of a CSV. `zone` is that of a time in words.

    Raises BadLine.
    """
    text = text.strip().removeprefix("\ufeff")
    if not text:
        return None
    if "\0" in text:
        message = "it holds bytes that are no text"
        raise BadLine(message)
    fields = text.split("|") if "|" in text else _of_a_table(csv_fields(text))
    if "callid" in fields and "event" in fields:
        return None
    if len(fields) < _LEAST_FIELDS:
        least = "a time, a call, a queue, an agent and an event are the least"
        message = f"it has {counted(len(fields), 'field')}; {least}"
        raise BadLine(message)
    when, call, queue, agent, event, *details = (one.strip() for one in fields)
    if not _EVENT.match(event):
        message = f"{_shown(event)} is no event"
        raise BadLine(message)
    if not _UNIQUE_ID.match(call):
        message = f"{_shown(call)} is no id of a call"
        raise BadLine(message)
    return QueueLine(read_when(when, zone), call, queue, agent, event, tuple(details))


def read_when(text: str, zone: tzinfo) -> datetime:
    """Seconds since 1970, or a date and a time; in UTC. Raises BadLine."""
    try:
        if _EPOCH.match(text):
            at = datetime.fromtimestamp(math.floor(float(text) * 1e6) / 1e6, UTC)
        else:
            at = datetime.fromisoformat(text)
            at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{_shown(text)} is no time"
        raise BadLine(message) from error
    if not _EARLIEST <= at < _LATEST:
        message = f"{_shown(text)} is no time that Asterisk can have seen"
        raise BadLine(message)
    return at


def csv_fields(text: str) -> list[str]:
    """Of one line. Raises BadLine."""
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration) as error:
        message = f"it is no CSV: {error}"
        raise BadLine(message) from error


def _of_a_table(fields: list[str]) -> list[str]:
    """Without the number of the row, where the database gave it one."""
    is_numbered = len(fields) > _LEAST_FIELDS and fields[0].isdigit() and len(fields[0]) < 9
    return fields[1:] if is_numbered else fields


def _shown(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:29] + "…")
