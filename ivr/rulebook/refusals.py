"""Rules that should be in force by now and are not, because they have faults: told in the log and on `/health`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from ivr.errors import IvrError, RulesRefused
from ivr.records.changes import HowChanged

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, since when, and all that is wrong with it."""

    file: str
    since: datetime
    findings: tuple[str, ...]


WayIn = HowChanged | Literal["recordings"]
"""How rules come in, or what they are said with."""


class Refusals:
    """At most one for each way that rules come in: the newest, since the first of its row."""

    def __init__(self) -> None:
        self._by_way: dict[WayIn, Refusal] = {}

    @property
    def present(self) -> tuple[Refusal, ...]:
        return tuple(self._by_way.values())

    def add(self, how: WayIn, file: str, error: IvrError, now: datetime) -> None:
        findings = error.faults if isinstance(error, RulesRefused) else (str(error),)
        before = self._by_way.get(how)
        self._by_way[how] = Refusal(file, before.since if before else now, findings)
        log.error("rules refused; those in force stay", file=file, findings=len(findings))
        for finding in findings:
            log.error("rules have a fault", finding=finding)

    def has(self, how: WayIn) -> bool:
        """Whether what came in this way last was refused."""
        return how in self._by_way

    def forget(self, how: WayIn) -> None:
        """What came in this way since is right."""
        self._by_way.pop(how, None)
