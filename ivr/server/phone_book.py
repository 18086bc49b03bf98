"""How it is with each phone of the rules: where it is signed in, since when, and why not."""

from __future__ import annotations

import difflib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from ivr.asterisk.contacts import PhoneContact
from ivr.clock import Clock
from ivr.control import PhonesTold, PhoneTold, StrangeName
from ivr.rules.model import Account, RuleSet, SipAddress
from ivr.server.strangers import Strangers

MOST_STRANGE_NAMES = 20

LONGEST_USER_AGENT = 80


@dataclass(frozen=True, slots=True)
class TriedLast:
    """Somebody's last try to sign in: when, and from which address."""

    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class _Reach:
    """Whether a phone can be rung, and since when; None: since the server began, or longer."""

    is_reachable: bool
    since: datetime | None


@dataclass(slots=True)
class PhoneBook:
    """Remembers what events tell of phones; what Asterisk knows at this moment is asked when it is wanted."""

    clock: Clock
    strangers: Strangers
    _reach: dict[str, _Reach] = field(default_factory=dict)
    _wrong: dict[str, TriedLast] = field(default_factory=dict)
    _strange: OrderedDict[str, TriedLast] = field(default_factory=OrderedDict)

    def reached(self, account: str, *, is_reachable: bool) -> None:
        """A phone came or went, or is told of for the first time."""
        before = self._reach.get(account)
        if before is None:
            self._reach[account] = _Reach(is_reachable, None)
        elif before.is_reachable is not is_reachable:
            self._reach[account] = _Reach(is_reachable, self.clock.now())

    def wrong_password(self, account: str, address: str) -> None:
        """It was given for an account of ours."""
        self._wrong[account] = TriedLast(self.clock.now(), address)

    def strange_name(self, name: str, address: str) -> None:
        """Somebody signed in under a name that nobody has; the latest few are remembered."""
        self._strange[name] = TriedLast(self.clock.now(), address)
        self._strange.move_to_end(name)
        if len(self._strange) > MOST_STRANGE_NAMES:
            self._strange.popitem(last=False)

    def told(self, rules: RuleSet, contacts: Mapping[str, PhoneContact]) -> PhonesTold:
        """Each phone of the rules, `contacts` being where they are signed in now."""
        return PhonesTold(
            phones=tuple(self._phones(rules, contacts)), strange_names=tuple(self._names(rules))
        )

    def _phones(self, rules: RuleSet, contacts: Mapping[str, PhoneContact]) -> Iterator[PhoneTold]:
        named = (
            *((agent.name, agent.title, agent.phone) for agent in rules.agents.values()),
            *((phone.name, phone.name, phone.phone) for phone in rules.phones.values()),
        )
        for name, title, phone in named:
            match phone:
                case Account(name=account):
                    yield self._account(name, title, account, contacts.get(account))
                case SipAddress(uri=uri):
                    yield PhoneTold(name=name, title=title, phone=uri, standing="does not sign in")
                case _:
                    continue

    def _account(
        self, name: str, title: str, account: str, contact: PhoneContact | None
    ) -> PhoneTold:
        reach = self._reach.get(account)
        if contact is None:
            here = PhoneTold(name=name, title=title, phone=account, standing="not signed in")
            if reach is None or not reach.is_reachable:
                return self._absent(here)
            # At an Asterisk that runs elsewhere: it is there, and no more is known.
            return replace(here, standing="signed in", since=_when(reach.since))
        host = f"[{contact.host}]" if ":" in contact.host else contact.host
        is_deaf = contact.answers is False
        return PhoneTold(
            name=name,
            title=title,
            phone=account,
            standing="unreachable" if is_deaf else "signed in",
            address=f"{host}:{contact.port}",
            transport=contact.transport,
            user_agent=_shown(contact.user_agent),
            since=_when(reach.since) if reach and reach.is_reachable is not is_deaf else None,
            expires=_when(contact.expires),
            round_trip_milliseconds=contact.round_trip_milliseconds,
            why=_DEAF if is_deaf else None,
            wrong_password_at=_when(wrong.at) if (wrong := self._wrong.get(account)) else None,
        )

    def _absent(self, phone: PhoneTold) -> PhoneTold:
        wrong, gone = self._wrong.get(phone.phone), self._reach.get(phone.phone)
        left_at = gone.since if gone and not gone.is_reachable else None
        if wrong and (left_at is None or wrong.at >= left_at):
            at = _when(wrong.at)
            why = f"wrong password, last at {at} from {wrong.address}"
            if until := self.strangers.until(wrong.address):
                why += f"; that address is answered no more until {_when(until)}: `ivr phones --let-in {wrong.address}`"
            return replace(phone, since=_when(left_at), wrong_password_at=at, why=why)
        if left_at:
            why = f"signed out, or did not sign in again, at {_when(left_at)}"
            return replace(phone, since=_when(left_at), why=why)
        return replace(phone, why="has not tried since the server began")

    def _names(self, rules: RuleSet) -> Iterator[StrangeName]:
        agents = (agent.phone for agent in rules.agents.values())
        others = (phone.phone for phone in rules.phones.values())
        ours = [phone.name for phone in (*agents, *others) if isinstance(phone, Account)]
        for name, tried in reversed(self._strange.items()):
            near = difflib.get_close_matches(name.lower(), ours, n=1)
            yield StrangeName(
                name=name,
                address=tried.address,
                last_at=_when(tried.at) or "",
                meant=near[0] if near else None,
            )


_DEAF = (
    "signed in, but answers no OPTIONS, so it is not rung: turn the answers on in the phone, or let Asterisk's packets "
    "through to it"
)


def _shown(text: str) -> str:
    """What a phone says of itself, fit to be shown."""
    plain = "".join(one if one.isascii() and one.isprintable() else "?" for one in text)
    return plain[:LONGEST_USER_AGENT]


def _when(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
