"""What can be asked of a running server about phones, and what it answers. No password is among it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

PhoneStanding: TypeAlias = Literal["signed in", "unreachable", "not signed in", "does not sign in"]
"""The last is a phone that has an address in the rules, and need not."""


class AskPhones(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How is it with each phone?"""


class LetIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer this IP address again, though it was barred."""

    address: str


class Renew(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Make a new password for the phone of the agent, or of the phone outside the queues, who is called `name`."""

    name: str


class PhoneTold(msgspec.Struct, frozen=True, kw_only=True):
    """A phone at this moment; times are ISO 8601. `phone` is its account, or the address at which it is rung.

    `since` is when it came to stand so, null where it does since the server began, or longer. `why` says why it is not
    signed in, or cannot be reached, and what to do.
    """

    name: str
    title: str
    phone: str
    standing: PhoneStanding
    address: str | None = None
    transport: str | None = None
    user_agent: str | None = None
    since: str | None = None
    expires: str | None = None
    round_trip_milliseconds: float | None = None
    wrong_password_at: str | None = None
    why: str | None = None


class StrangeName(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody signed in under a name that no phone of ours has; `meant` is one of ours that looks like it."""

    name: str
    address: str
    last_at: str
    meant: str | None


class PhonesTold(msgspec.Struct, frozen=True, kw_only=True):
    """All phones of the rules, and names that are none of theirs."""

    phones: tuple[PhoneTold, ...]
    strange_names: tuple[StrangeName, ...] = ()


class AddressLetIn(msgspec.Struct, frozen=True, kw_only=True):
    """`was_barred`: it would not have been answered."""

    address: str
    was_barred: bool


class PasswordRenewed(msgspec.Struct, frozen=True, kw_only=True):
    """The account has a new password; a phone that had the old one is `signed_out`."""

    account: str
    signed_out: bool
