"""What Asterisk writes into its log, read once: the things that an operator must know, as values.

The file is a letterbox and no archive: the server empties it every moment, so that it cannot grow, and what was in it
(strangers' numbers and names among the rest) is told in the server's own log, masked and bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast

LONGEST_TEXT = 200


EmergencyStage: TypeAlias = Literal["began", "not taken", "refused", "ended"]


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """A phone dialled an emergency number, and how it goes on.

    `call` is Asterisk's name for it; `at` (aware) when this was; `shown` the number that the first trunk is given.
    `trunk` did not take it, with this SIP `status` (None: no answer came), or took it, at the end. `outcome` is what
    Asterisk says of a try, or of the end; `seconds` is how long they talked.
    """

    call: str
    number: str
    phone: str
    stage: EmergencyStage
    at: datetime
    trunk: str = ""
    outcome: str = ""
    status: int | None = None
    seconds: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Somebody at `address` gave an account's name and not its password."""

    account: str
    address: str


@dataclass(frozen=True, slots=True)
class StrangerRefused:
    """Somebody whom no endpoint knows. `name` is what they called themselves, if a phone of ours could be called so."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PasswordRight:
    """Somebody at `address` proved to be an account's phone."""

    account: str
    address: str


@dataclass(frozen=True, slots=True)
class BarredRefused:
    """Somebody at an address that is answered no more."""

    address: str


@dataclass(frozen=True, slots=True)
class RegistrationFailed:
    """A carrier did not let us sign in as `client` at `registrar` (SIP URIs). `status` is None where it was silent."""

    client: str
    registrar: str
    status: int | None


@dataclass(frozen=True, slots=True)
class TransferRefused:
    """A phone tried to pass its call on by itself."""

    phone: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """Any other warning or error, fit to be shown."""

    text: str


Report: TypeAlias = (
    EmergencyCall
    | WrongPassword
    | StrangerRefused
    | BarredRefused
    | PasswordRight
    | RegistrationFailed
    | TransferRefused
    | Complaint
)

_LINE = re.compile(
    r"\[(?P<at>[^\]]*)\] (?P<level>WARNING|ERROR|SECURITY)\[\d+\](?:\[C-[0-9a-f]+\])? (?P<text>.*)"
)
_EMERGENCY = re.compile(
    r"emergency call (?P<call>\S+) to (?P<number>\d+) from phone (?P<phone>\S+) "
    r"(?P<stage>began(?= as (?P<shown>\S+)|)|refused"
    r"|not taken(?= by (?P<trunk>[a-z0-9_-]+): (?P<why>[A-Z]*) ?(?P<status>[3-6]\d\d)?)"
    r"|ended(?=: (?P<end>[A-Z]*) ?(?P<seconds>\d*) ?(?P<way>[a-z0-9_-]*)))"
)
_BARRED = re.compile(r"Incoming SIP message from (\S+):\d+ did not pass ACL test")
_TRANSFER = re.compile(r"Endpoint (\S+) transfer attempt blocked")
_REGISTRATION = re.compile(
    r" received from '(?P<registrar>[^']*)' on registration attempt to '(?P<client>[^']*)'"
)
_STATUS = re.compile(r"\b[3-6]\d\d\b")
_FIELD = re.compile(r'(\w+)="([^"]*)"')
# Greedy: a name may hold a quote of its own.
_NAMED = re.compile(r"\".*\"|'.*'|(?<=: ).*(?=<sips?:)")
_LONG_NUMBER = re.compile(r"\+?\d{5,}")
_LIKE_OURS = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]{1,40}")
_WRONG = frozenset({"ChallengeResponseFailed", "InvalidPassword"})
_STRANGE = frozenset({"InvalidAccountID", "FailedACL"})


def said(text: str) -> Iterator[Report]:
    """What the lines say; lines that say nothing of use are passed over."""
    for line in text.splitlines():
        found = _LINE.match(line)
        if found:
            heard = (
                _security(found["text"])
                if found["level"] == "SECURITY"
                else _told(found["text"], found["at"])
            )
            if heard is not None:
                yield heard


def _told(text: str, at: str) -> Report:
    if emergency := _EMERGENCY.search(text):
        return _emergency(emergency, _time(at))
    if barred := _BARRED.search(text):
        return BarredRefused(barred[1].strip("[]"))
    if transfer := _TRANSFER.search(text):
        return TransferRefused(transfer[1])
    if failed := _registration(text):
        return failed
    return Complaint(_shown(text))


def _time(at: str) -> datetime:
    """Asterisk writes this machine's clock (`2026-11-26 01:57:06.454`)."""
    try:
        return datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _emergency(found: re.Match[str], at: datetime) -> EmergencyCall:
    return EmergencyCall(
        found["call"],
        found["number"],
        found["phone"],
        cast("EmergencyStage", found["stage"]),
        at,
        trunk=found["trunk"] or found["way"] or "",
        outcome=found["why"] or found["end"] or "",
        status=int(found["status"]) if found["status"] else None,
        seconds=int(found["seconds"] or 0),
        shown=found["shown"] or "",
    )


def _registration(text: str) -> RegistrationFailed | None:
    """In one of the forms that Asterisk has for it; in each the first number is the status."""
    found = _REGISTRATION.search(text)
    if found is None:
        return None
    status = _STATUS.search(text[: found.start()])
    return RegistrationFailed(
        found["client"], found["registrar"], int(status[0]) if status else None
    )


def _security(text: str) -> Report | None:
    fields = dict(_FIELD.findall(text))
    kind, address = fields.get("SecurityEvent"), _host(fields.get("RemoteAddress", ""))
    if kind in _WRONG:
        return WrongPassword(_shown(fields.get("AccountID", "")), address)
    if kind == "SuccessfulAuth":
        return PasswordRight(fields.get("AccountID", ""), address)
    if kind not in _STRANGE:
        return None
    name = fields.get("AccountID", "")
    is_like_ours = _LIKE_OURS.fullmatch(name) and not _LONG_NUMBER.search(name)
    return StrangerRefused(address, name if is_like_ours else "")


def _host(address: str) -> str:
    """`IPV4/UDP/127.0.0.1/5592` is `127.0.0.1`."""
    parts = address.split("/")
    return parts[2] if len(parts) == 4 else ""


def _shown(text: str) -> str:
    """Without names and long numbers, in plain characters, short."""
    unnamed = _LONG_NUMBER.sub(_masked, _NAMED.sub("…", text))
    return "".join(
        one if (one.isascii() and one.isprintable()) or one == "…" else "?" for one in unnamed
    )[:LONGEST_TEXT]


def _masked(number: re.Match[str]) -> str:
    return f"{number[0][:3]}…"
