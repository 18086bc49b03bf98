"""`/health`: every state that an operator asks for, and for each that is wrong, what it does to callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
from aiohttp import web

from ivr.web.answers import readable_answer


class StoreHealth(msgspec.Struct, frozen=True, kw_only=True):
    """PostgreSQL beside the home folder: where, how many changes it lacks, and since when it has not had all (seconds).

    `failing_since` is null while it takes what is sent; `filling` while it is filled for the first time, or anew.
    """

    to: str
    behind: int
    behind_seconds: float
    failing_since: str | None
    filling: bool


class QueueHealth(msgspec.Struct, frozen=True):
    """A queue at this moment; the wait in seconds."""

    waiting: int
    signed_in: int
    longest_wait_seconds: float
    estimate_error_seconds: float | None = None


class AgentHealth(msgspec.Struct, frozen=True):
    """An agent at this moment."""

    state: str
    queues: tuple[str, ...]


class RulesHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The rules in force: who brought them, when (ISO 8601) and why. `warning` is set while a restart brings others."""

    file: str
    revision: str
    how: str
    since: str
    author: str
    why: str
    warning: str | None


class RefusedHealth(msgspec.Struct, frozen=True):
    """Rules that should be in force and are not, since when, and all that is wrong with them."""

    file: str
    since: str
    findings: tuple[str, ...]


class TimedChangeHealth(msgspec.Struct, frozen=True):
    """Rules that are to be in force from a time on."""

    change: str
    revision: str
    at: str
    author: str
    why: str


class OverrideHealth(msgspec.Struct, frozen=True):
    """What is closed by hand, as `queue bergen`, since when and until when."""

    closed: str
    since: str
    until: str
    say: str | None
    author: str
    why: str


class TrunkFailureHealth(msgspec.Struct, frozen=True):
    """What went wrong: SIP's method and status, None where no answer came."""

    at: str
    doing: str
    status: int | None


class TrunkHealth(msgspec.Struct, frozen=True, kw_only=True):
    """A trunk at this moment. `reachable` is null where it is not asked, `registered` where it need not be.

    `troubles` are sentences about its names and certificates. `came` and `went` count calls since the start, `failures`
    by SIP's method and class of status (`{"INVITE": {"5xx": 2}}`; `none`: no answer came).
    """

    reachable: bool | None
    registered: bool | None
    registered_until: str | None
    calls_in: int
    most_calls_in: int
    refused: int
    last_failure: TrunkFailureHealth | None
    calls_out: int = 0
    most_calls_out: int = 0
    out_failed: int = 0
    troubles: tuple[str, ...] = ()
    came: int = 0
    went: int = 0
    failures: Mapping[str, Mapping[str, int]] = {}


class EmergencyTryHealth(msgspec.Struct, frozen=True):
    """A trunk that did not take it, with SIP's status, null where no answer came."""

    trunk: str
    status: int | None


class EmergencyHealth(msgspec.Struct, frozen=True, kw_only=True):
    """A call to an emergency number that is under way: `phone` is the account, `answered` when somebody did."""

    number: str
    phone: str
    site: str | None
    since: str
    answered: str | None
    tries: tuple[EmergencyTryHealth, ...]


class SpeechWorkerHealth(msgspec.Struct, frozen=True):
    """A speech worker at this moment: `calls` are listened to, `learning` phrases it does not know well yet."""

    reachable: bool
    calls: int
    places_free: int
    learning: int


class StrangerHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What came from an address that we do not know. It is answered no more until `barred_until`, if that is set."""

    address: str
    wrong_passwords: int
    refused: int
    last_at: str
    barred_until: str | None


class StrangersHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Who tried to get in within half an hour: how many addresses, and the latest of them."""

    addresses: int
    barred: int
    latest: tuple[StrangerHealth, ...]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `ok`, `degraded` (calls are taken, something else is wrong) or `down` (no call is taken).

    `asterisk` is null while there is no link to it, `store` where nothing is sent to PostgreSQL. `watched`: somebody
    ends the server when it hangs, and starts the next. `journal_goes_first`: its thread is given a core at once; null
    where that is not asked for, since there is one core.
    """

    status: Literal["ok", "degraded", "down"]
    problems: tuple[str, ...]
    version: str
    asterisk: str | None
    up_seconds: float
    watched: bool
    journal_goes_first: bool | None
    rules: str
    rules_revision: str
    rules_in_force: RulesHealth | None
    rules_refused: tuple[RefusedHealth, ...]
    rules_planned: tuple[TimedChangeHealth, ...]
    overrides: tuple[OverrideHealth, ...]
    calls: int
    tasks: int
    queues: dict[str, QueueHealth]
    agents: dict[str, AgentHealth]
    trunks: dict[str, TrunkHealth]
    speech_workers: dict[str, SpeechWorkerHealth]
    store: StoreHealth | None
    emergency_calls: tuple[EmergencyHealth, ...]
    sip_strangers: StrangersHealth
    counts: dict[str, int]


def add_health(site: web.Application, health: Callable[[], Health]) -> None:
    """Put `/health` into the site; `health` is asked anew for each request."""

    async def show(_: web.Request) -> web.Response:
        now = health()
        return readable_answer(503 if now.status == "down" else 200, now)

    site.router.add_get("/health", show)
