"""Logs and counts: one line per thing that an operator would notice, with the call's id on it by itself."""

from __future__ import annotations

import logging
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import msgspec
import structlog

from ivr.numbers import PhoneNumber

SAID = 200
"""Characters of what a library says."""


class Counts:
    """What is counted since the start, by name; told on `/health`."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, name: str, by: int = 1) -> None:
        self._counts[name] += by

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def as_dict(self) -> dict[str, int]:
        return dict(sorted(self._counts.items()))


@contextmanager
def call_context(call_id: str) -> Iterator[None]:
    """Put `call_id` on every line that is logged inside."""
    with structlog.contextvars.bound_contextvars(call_id=call_id):
        yield


def _mask(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Numbers are values of their own type; whatever line they reach, they are masked there."""
    for key, value in event.items():
        if isinstance(value, PhoneNumber):
            event[key] = value.masked
    return event


def start_logging(
    to: TextIO | None = None, *, level: int = logging.INFO, as_json: bool = False
) -> None:
    """Log to `to` (standard error by default): readable lines in a terminal, JSON where a machine reads."""
    stream = to or sys.stderr
    writer = structlog.WriteLogger(stream)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(_json)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.format_exc_info if as_json else _keep,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: writer,
        # No cache: a logger that keeps the stream it first met saves 1 µs a line, and is deaf to what is set later.
    )
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries()], force=True)


class Libraries(logging.Handler):
    """What a library has to say becomes a line of ours, without the text of its errors: that may quote a caller."""

    def emit(self, record: logging.LogRecord) -> None:
        told = {"library": record.name, "says": record.getMessage().partition("\n")[0][:SAID]}
        if record.exc_info and (error := record.exc_info[1]):
            frames = traceback.extract_tb(error.__traceback__)
            told["error"] = type(error).__name__
            told["where"] = " < ".join(f"{one.filename}:{one.lineno}" for one in reversed(frames))
        structlog.get_logger().log(record.levelno, "a library complains", **told)


def _json(event: object, *, default: Callable[[object], object]) -> str:
    return msgspec.json.encode(event, enc_hook=default).decode()


def _keep(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return event
