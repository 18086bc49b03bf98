"""The trunks that calls come in and go out over: how many each has, which it may not bring, how it is with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import structlog

from ivr.ari.events import Arrival
from ivr.asterisk.letterbox import RegistrationFailed
from ivr.asterisk.registrations import SignIn
from ivr.clock import Clock
from ivr.server.certificate import TOLD_BEFORE
from ivr.server.signing_in import SigningIn
from ivr.server.trunk_view import TrunkFailure, TrunkView, status_class
from ivr.trunks import CarrierName, Trunk, Unresolved, names_of

log = structlog.get_logger()


class TrunkRefusal(Enum):
    """Why a trunk's call is not taken: its word in records, and Q.850's cause, which SIP makes 503 or 403 of."""

    FULL = ("trunk-full", 42)
    STRANGER = ("trunk-stranger", 21)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def cause(self) -> int:
        return self.value[1]


@dataclass(slots=True)
class TrunksInUse:
    """What is known of each trunk. `present` says which trunks there are."""

    clock: Clock
    present: Callable[[], tuple[Trunk, ...]] = tuple
    unresolved: Callable[[Iterable[CarrierName]], Iterable[Unresolved]] = lambda _: ()
    calls_in: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    calls_out: Counter[str] = field(default_factory=Counter)
    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)
    failed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    out_failed: Counter[str] = field(default_factory=Counter)
    signing_in: SigningIn = field(init=False)
    _trunk_of: dict[str, str] = field(default_factory=dict)
    _reachable: dict[str, bool] = field(default_factory=dict)
    _registered_until: dict[str, datetime | None] = field(default_factory=dict)
    _failures: dict[str, TrunkFailure] = field(default_factory=dict)
    _tls_troubles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.signing_in = SigningIn(self.clock)

    def named(self, name: str) -> Trunk | None:
        """The trunk of this name, if there is one."""
        return next((trunk for trunk in self.present() if trunk.name == name), None)

    def refusal(self, arrival: Arrival) -> TrunkRefusal | None:
        """Why this call may not come in over the trunk that Asterisk took it for.

        A trunk that registers is known by the line that it was given, from any address; we know its addresses better.
        """
        trunk = self.named(arrival.account)
        if trunk is None:
            return None
        if arrival.sent_from and not trunk.has(arrival.sent_from):
            return self._refused(trunk, TrunkRefusal.STRANGER)
        if self.calls_in[trunk.name] >= trunk.said.calls_at_once:
            return self._refused(trunk, TrunkRefusal.FULL)
        return None

    def begin(self, call_id: str, arrival: Arrival) -> None:
        """A call is taken: it counts, where it came over a trunk."""
        if self.named(arrival.account) is not None:
            self._trunk_of[call_id] = arrival.account
            self.calls_in[arrival.account] += 1
            self.came[arrival.account] += 1

    def take_up(self, call_id: str, trunk: str | None) -> None:
        """A call goes on: it holds its line, as before, or again."""
        if trunk is not None and call_id not in self._trunk_of and self.named(trunk) is not None:
            self._trunk_of[call_id] = trunk
            self.calls_in[trunk] += 1

    def end(self, call_id: str) -> None:
        """The call is over, if it ever counted."""
        trunk = self._trunk_of.pop(call_id, None)
        if trunk is not None:
            self.calls_in[trunk] -= 1

    @property
    def lines_out(self) -> int:
        """How many calls may go out at once, over all trunks."""
        return sum(trunk.said.calls_out_at_once for trunk in self.present())

    def in_doubt(self) -> tuple[Trunk, ...]:
        """Those over TLS of which nothing says that they are well."""
        return tuple(
            trunk
            for trunk in self.present()
            if trunk.tls
            and not (self._reachable.get(trunk.name) or self._registered_until.get(trunk.name))
        )

    def tls_found(self, found: Mapping[str, str | None]) -> None:
        """What is wrong with the TLS of trunks in doubt, by name; all others are well."""
        for name, trouble in found.items():
            if trouble and self._tls_troubles.get(name) != trouble:
                log.warning("trunk has no TLS", trunk=name, why=trouble)
        self._tls_troubles = {name: trouble for name, trouble in found.items() if trouble}

    def forget(self, names: Iterable[str]) -> None:
        """These trunks are no more; their calls under way still count until they end."""
        for name in names:
            self._reachable.pop(name, None)
            self._registered_until.pop(name, None)
            self._failures.pop(name, None)
            self.signing_in.forget(name)

    def has_line(self, name: str) -> bool:
        """Whether another call may go out over this trunk."""
        trunk = self.named(name)
        return trunk is not None and self.calls_out[name] < trunk.said.calls_out_at_once

    def call_failed(self, name: str, status: int | None) -> None:
        """It did not get a call there: SIP's status, where one came."""
        self.out_failed[name] += 1
        failure = self._fail(name, "INVITE", status)
        log.warning("call out failed", trunk=name, why=str(failure))

    def in_order_of_trial(self) -> tuple[Trunk, ...]:
        """As they are written; those that are known not to answer come last, for that may be wrong."""
        return tuple(
            sorted(self.present(), key=lambda trunk: self._reachable.get(trunk.name) is False)
        )

    def reached(self, name: str, *, is_reachable: bool) -> None:
        """An endpoint came or went; it may be a phone's."""
        trunk = self.named(name)
        if trunk is None or not trunk.said.ping_seconds:
            return
        if self._reachable.get(name) is not is_reachable:
            log.info("trunk answers" if is_reachable else "trunk does not answer", trunk=name)
        self._reachable[name] = is_reachable

    def registered(self, found: Mapping[str, SignIn]) -> None:
        """Where Asterisk has signed in, as it says now."""
        for name, registration in found.items():
            left = timedelta(seconds=registration.seconds_left or 0)
            until = self.clock.now() + left if registration.is_registered else None
            before = self._registered_until.get(name)
            if (until is None) != (before is None):
                log.info("trunk signed in" if until else "trunk signed out", trunk=name)
            self._registered_until[name] = until
            if until is not None:
                self.signing_in.forget(name)

    @property
    def signed_out(self) -> tuple[str, ...]:
        """Those of which Asterisk says that they are not signed in."""
        return tuple(view.name for view in self.views() if view.is_registered is False)

    def registration_failed(self, failed: RegistrationFailed) -> None:
        """A carrier did not let us in.

        Of trunks that sign in with one account at one registrar, over two proxies say, it is those that are signed out.
        """
        asked = [trunk for trunk in self.present() if _asked(trunk, failed)]
        outside = [one for one in asked if self._registered_until.get(one.name) is None]
        for trunk in outside or asked:
            failure = self._fail(trunk.name, "REGISTER", failed.status)
            self.signing_in.failed(trunk.name, failed.status)
            log.warning("trunk not signed in", trunk=trunk.name, why=str(failure))

    def views(self) -> Iterator[TrunkView]:
        """Each trunk, in the order of trial."""
        for trunk in self.present():
            name, registers = trunk.name, trunk.said.registers
            until = self._registered_until.get(name) if registers else None
            yield TrunkView(
                name=name,
                is_reachable=self._reachable.get(name) if trunk.said.ping_seconds else None,
                is_registered=until is not None if registers else None,
                registered_until=until,
                calls_in=self.calls_in[name],
                most_calls_in=trunk.said.calls_at_once,
                refused=self.refused[name],
                calls_out=self.calls_out[name],
                most_calls_out=trunk.said.calls_out_at_once,
                out_failed=self.out_failed[name],
                last_failure=self._failures.get(name),
                troubles=tuple(self._troubles_of(trunk)),
                came=self.came[name],
                went=self.went[name],
                failures=self._failures_of(name),
            )

    def problems(self) -> Iterator[str]:
        """What `/health` is to say, each with its mend."""
        for view in self.views():
            failure = view.last_failure
            why = f" ({failure})" if failure and failure.doing == "REGISTER" else ""
            for said in view.troubles:
                yield f"trunk {view.name}: {said}"
            if view.is_registered is False:
                yield (
                    f"trunk {view.name} is not signed in{why}: its carrier knows no way to us, so its callers do not "
                    "come in; compare account, login, registrar, domain and password with the carrier's sheet"
                )
            if view.is_reachable is False:
                yield (
                    f"trunk {view.name} does not answer: its calls may not come in; if this carrier answers no OPTIONS "
                    "at all, set its ping_seconds = 0"
                )

    def _fail(self, name: str, doing: str, status: int | None) -> TrunkFailure:
        self.failed[name, doing, status_class(status)] += 1
        failure = self._failures[name] = TrunkFailure(self.clock.now(), doing, status)
        return failure

    def _failures_of(self, name: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for (trunk, doing, kind), count in sorted(self.failed.items()):
            if trunk == name:
                found.setdefault(doing, {})[kind] = count
        return found

    def _troubles_of(self, trunk: Trunk) -> Iterator[str]:
        yield from map(str, self.unresolved(names_of((trunk.said,))))
        if trouble := self._tls_troubles.get(trunk.name):
            yield f"{trouble}: compare `addresses` and `ca_file` with its sheet"
        yield from _end_of_certificate(trunk, self.clock.now())
        for network in trunk.anothers:
            address = network.network_address
            yield f"{address}, which its name means, is another trunk's: calls from there are the other's"

    def _refused(self, trunk: Trunk, why: TrunkRefusal) -> TrunkRefusal:
        self.refused[trunk.name] += 1
        log.warning("call of a trunk refused", trunk=trunk.name, why=why.word)
        return why


def _asked(trunk: Trunk, failed: RegistrationFailed) -> bool:
    """Whether it is the one that failed: two carriers' trunks may have one account and domain."""
    return trunk.said.registers and (trunk.client, trunk.uri(trunk.registrar)) == (
        failed.client,
        failed.registrar,
    )


def _end_of_certificate(trunk: Trunk, now: datetime) -> Iterator[str]:
    ends = trunk.tls.own.ends if trunk.tls and trunk.tls.own else None
    if trunk.tls is None or ends is None or ends - now > TOLD_BEFORE:
        return
    yield (
        f"our certificate in {trunk.tls.certificate} {'has ended' if ends <= now else 'ends'} at {ends:%Y-%m-%d %H:%M} "
        "UTC: put a newer one into its place and say `ivr reload`"
    )
