"""What a program's token is: its name, what it may, and until when. Its secret is not among it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, get_args

import msgspec

Scope: TypeAlias = Literal["read", "numbers", "agents"]
"""`read`: the state of queues, agents and calls, callers masked. `numbers`: the same with callers' numbers in full.
`agents`: to sign agents in and out, pause them, and give them queues."""

SCOPES: tuple[Scope, ...] = get_args(Scope)


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is the SHA-256 of the secret, in hex; times are aware."""

    name: str
    digest: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime
