"""What a running server answers to those who ask something of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ivr.records.changes import FollowUp, OverrideKept, RulesChange
from ivr.records.removals import Removal


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a change of rules. `before` is the revision that was in force; `warnings` are sentences."""

    change: RulesChange
    before: str
    warnings: tuple[str, ...] = ()


class Overridden(msgspec.Struct, frozen=True, kw_only=True):
    """What was closed or opened; `until` is told in `zone`. `warnings` are sentences."""

    overrides: tuple[OverrideKept, ...]
    zone: str
    warnings: tuple[str, ...] = ()


class Reloaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of changed settings: trunks by name, and `others` that changed, such as `outgoing`.

    `not_taken` are phones and trunks that Asterisk should have now, and has not; `warnings` are sentences.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class SeenTo(msgspec.Struct, frozen=True, kw_only=True):
    """What was written down."""

    follow_up: FollowUp


class HostTried(msgspec.Struct, frozen=True, kw_only=True):
    """What an address of a trunk answered to OPTIONS: SIP's `status`, None where nothing came; `trouble` says why.

    `certificate_until` is when its certificate ends, over TLS.
    """

    address: str
    status: int | None = None
    milliseconds: float | None = None
    trouble: str | None = None
    certificate_until: datetime | None = None


class CallTried(msgspec.Struct, frozen=True, kw_only=True):
    """A call over one address. Seconds are from its beginning.

    Not answered: SIP's `status`, and what to do about it. Answered: the codec, how many packets of speech were heard,
    the key that was pressed, and whether the other side hung up before we had counted.
    """

    address: str
    rang_seconds: float | None = None
    answered_seconds: float | None = None
    status: int | None = None
    mend: str | None = None
    codec: str | None = None
    packets_heard: int | None = None
    key: str | None = None
    hung_up: bool = False

    @property
    def has_rung(self) -> bool:
        return self.rang_seconds is not None


class TrunkTried(msgspec.Struct, frozen=True, kw_only=True):
    """How a trunk is. `is_registered` is None where it need not be; `calls` has each address that was called.

    `own_certificate_until` is when the certificate ends by which it knows us, if there is one.
    """

    trunk: str
    hosts: tuple[HostTried, ...]
    is_registered: bool | None = None
    registered_until: datetime | None = None
    sign_in_failed: str | None = None
    own_certificate_until: datetime | None = None
    calls: tuple[CallTried, ...] = ()


class TakingOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out; None: it takes longer than anybody waits, and goes on."""

    removal: Removal | None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why not (RFC 9457). `findings` are those of refused rules."""

    title: str
    status: int
    code: str
    detail: str
    findings: tuple[str, ...] = ()
