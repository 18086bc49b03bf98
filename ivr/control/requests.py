"""What can be asked of a running server. Who asks is no part of it: that comes with how the request was let in."""

from __future__ import annotations

import msgspec

from ivr.control.reason import Reasoned


class Apply(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take these rules: now, or `at` a time. `planned`: only if they have this revision (its beginning will do).

    `included` are the files that they include, by name from the folder of `file`.
    """

    file: str
    text: str
    why: str
    included: dict[str, str] = msgspec.field(default_factory=dict)
    at: str | None = None
    planned: str | None = None


class Rollback(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Go back to a revision; None: to the one before the present one."""

    revision: str | None = None


class CallOff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Forget a planned change; its id, or the beginning of its revision."""

    change: str


class Close(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Close `name` (a site, a department or a queue; `queue bergen` says which) until a time, and say a prompt then."""

    name: str
    until: str
    say: str | None = None


class Open(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open again what was closed by hand."""

    name: str


class TryTrunk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask a trunk whether it is there; with a `number`, in any spelling, call that over it."""

    trunk: str
    number: str | None = None


class Purge(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take out now what the settings do not keep any longer."""


class Forget(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take one caller out of all that is kept; any spelling of the number will do."""

    caller: str


class Reload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take what the settings say now."""


class SeeTo(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A caller who had given up has been seen to; any spelling of the number will do."""

    caller: str
