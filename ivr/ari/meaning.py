"""What an answer's status means: the one place that knows. Nobody else sees a status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import NoneType
from typing import TypeVar, cast
from urllib.parse import unquote

import msgspec
import structlog

from ivr.errors import AsteriskError, AsteriskRefused, AsteriskUnreachable, ChannelGone, Gone

T = TypeVar("T")

log = structlog.get_logger()

_ENDS_WITH_THE_CALL = frozenset({404, 409, 412, 422})
_THING = re.compile(r"(?:recordings/)?(channel|bridge|playback|live)s?/([^/]+)")


class _Complaint(msgspec.Struct, frozen=True):
    """Asterisk's words, under either of the names that it uses."""

    message: str = ""
    error: str = ""


_FAILED = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: status, its phrase, and the JSON text."""

    status: int
    phrase: str
    text: str | bytes = ""


def understand(request: str, answer: Answer, result: type[T]) -> T:
    """The answer as `result`; `request` is method and path (`POST channels/x/answer`), for errors and their meaning.

    Raises Gone, AsteriskRefused or AsteriskUnreachable.
    """
    if not 200 <= answer.status < 300:
        raise _refusal(request, answer)
    if result is NoneType:
        return cast("T", None)
    try:
        return msgspec.json.decode(answer.text, type=result)
    except msgspec.MsgspecError as error:
        raise AsteriskRefused(request, answer.status, f"unreadable answer ({error})") from error


A_MOMENT_SECONDS = 0.02
"""How long it takes Asterisk to begin a playback that was announced already; some microseconds are usual."""


def came_too_early(request: str, answer: Answer) -> bool:
    """Whether a playback cannot be stopped just now: Asterisk begins it at this moment, and a little later it can.

    What Asterisk speaks by itself, as digits, never can.
    """
    return answer.status == _FAILED and request.startswith("DELETE playbacks/")


def look_at(request: str, answer: Answer) -> None:
    """The answer to what was only told: a refusal goes to the log, and that a thing is gone does not."""
    try:
        understand(request, answer, NoneType)
    except Gone:
        return
    except AsteriskError as error:
        log.warning("asterisk refused what it was told", error=str(error), code=error.code)


def unanswered(request: str, seconds: float) -> AsteriskUnreachable:
    """The error for a request that got no answer in time. It may have been acted upon all the same."""
    return AsteriskUnreachable(f"`{request}` was not answered within {seconds:g} s")


def _refusal(request: str, answer: Answer) -> AsteriskError:
    """The error that a status means.

    After a hang-up 404, 409, 412 and 422 are the normal end of a call. Three look like it and are not: an id taken
    twice, a recording's name taken, a variable that was never set. A 500 to an originate means
    that the phone cannot be rung (no contact registered), and to a stop that a playback cannot be stopped: not that
    Asterisk is ill.
    """
    why = _reason(answer)
    method, path = request.split(" ", 1)
    is_originate = method == "POST" and path.startswith("channels/") and path.count("/") == 1
    is_create = method == "POST" and path.startswith("bridges/") and path.count("/") == 1
    if is_originate or is_create or "already exists" in why or "variable" in why:
        if answer.status == 503 or (answer.status >= 500 and is_create):
            return AsteriskUnreachable(f"`{request}`: {answer.status} {why}")
        return AsteriskRefused(request, answer.status, why)
    if came_too_early(request, answer):
        return AsteriskRefused(request, answer.status, why)
    if answer.status >= 500:
        return AsteriskUnreachable(f"`{request}`: {answer.status} {why}")
    return _gone(
        path, answer.status, why, f"`{request}`: {answer.status} {why}"
    ) or AsteriskRefused(request, answer.status, why)


def _gone(path: str, status: int, why: str, message: str) -> Gone | None:
    """What is gone, if anything is. A bridge that does not find a channel does not say which."""
    thing = _THING.match(path)
    if thing is None:
        return None
    kind, thing_id = thing[1], unquote(thing[2])
    if kind == "bridge" and (status == 422 or (status == 400 and why == "Channel not found")):
        return ChannelGone("", message)
    if status not in _ENDS_WITH_THE_CALL or (kind == "bridge" and "recording" in why):
        return None
    match kind:
        case "channel":
            return ChannelGone(thing_id, message)
        case "bridge" | "playback":
            return Gone(kind, thing_id, message)
        case _:
            return Gone("recording", thing_id, message)


def _reason(answer: Answer) -> str:
    try:
        complaint = msgspec.json.decode(answer.text, type=_Complaint)
    except msgspec.MsgspecError:
        return answer.phrase
    return complaint.message or complaint.error or answer.phrase
