"""The server: what it says of itself while it runs, or whether its ports are free while it does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from ivr.amount import counted
from ivr.asterisk.ports import is_taken
from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.errors import ConfigRefused
from ivr.settings import Settings
from ivr.settings.values import split_address, split_range


class TrunkTold(msgspec.Struct, frozen=True):
    """What `/health` says of a trunk."""

    reachable: bool | None = None
    registered: bool | None = None


class HealthTold(msgspec.Struct, frozen=True, kw_only=True):
    """What `/health` says, as far as it is asked here."""

    status: Literal["ok", "degraded", "down"]
    version: str
    asterisk: str | None = None
    up_seconds: float = 0.0
    watched: bool = True
    journal_goes_first: bool | None = None
    calls: int = 0
    problems: tuple[str, ...] = ()
    trunks: Mapping[str, TrunkTold] = {}


def running(told: HealthTold) -> Iterator[Symptom]:
    """What a server that runs says of itself, its link and its trunks."""
    says = f"version {told.version}, up for {told.up_seconds / 3600:.1f} h, {counted(told.calls, 'call')} under way"
    yield right("server", says)
    if not told.watched:
        mend = "run it under systemd (docs/howto/run-all-day.md), or as `ivr serve --watched`"
        yield doubtful("server", "nobody starts it again when it ends or hangs", mend)
    if told.asterisk is None:
        yield wrong("link", "it has no link to Asterisk", "see its log; it tries again by itself")
    else:
        yield right("link", f"to Asterisk {told.asterisk}")
    for name, trunk in told.trunks.items():
        yield _trunk(name, trunk)
    for problem in told.problems:
        says, _, mend = problem.rpartition("; ")
        tell = wrong if told.status == "down" else doubtful
        yield tell("health", says or problem, mend if says else "see /health and the server's log")


def _trunk(name: str, trunk: TrunkTold) -> Symptom:
    subject, mend = f"trunk {name}", "`ivr trunks` says with which status it failed last"
    if trunk.reachable is False:
        return wrong(subject, "it does not answer", mend)
    if trunk.registered is False:
        return wrong(subject, "it is not signed in", mend)
    return right(subject, "it answers" if trunk.reachable else "it is not asked")


def ports(settings: Settings) -> Iterator[Symptom]:
    """No server runs: could one listen where the settings say?"""
    kinds = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
    listening = [
        ("sip.address", settings.sip.address, "udp"),
        ("web.address", settings.web.address, "tcp"),
    ]
    if settings.sip.tls_address is not None:
        listening.append(("sip.tls_address", settings.sip.tls_address, "tcp"))
    for key, address, kind in listening:
        host, port = split_address(address)
        try:
            taken = is_taken(host, port, kinds[kind])
        except ConfigRefused as error:
            yield wrong("ports", f"{key}: {error}", "write an address of this machine in ivr.toml")
            continue
        if taken:
            mend = f"stop the program that has it (`ss -lnp`), or write another {key} in ivr.toml"
            yield wrong("ports", f"{address}/{kind} is another program's ({key})", mend)
        else:
            yield right("ports", f"{address}/{kind} is free ({key})")
    yield _speech_ports(settings)


def _speech_ports(settings: Settings) -> Symptom:
    first, last = split_range(settings.sip.rtp)
    host = settings.sip.host
    says = f"{settings.sip.rtp}/udp for speech, room for {(last - first + 1) // 4} calls with an agent each"
    try:
        taken = sum(is_taken(host, port, socket.SOCK_DGRAM) for port in range(first, last + 1))
    except ConfigRefused as error:
        return wrong("ports", f"sip.rtp: {error}", "write an address of this machine in ivr.toml")
    if taken:
        mend = "write another range as sip.rtp in ivr.toml: they are passed over, and calls may be lost"
        return doubtful("ports", f"{says}; {taken} of them are other programs'", mend)
    return right("ports", says)
