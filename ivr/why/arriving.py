"""Why a call came in where it did: the number that was dialled, the notices of the day, the site."""

from __future__ import annotations

from datetime import datetime

from ivr.why.kind import ReasonKind


class Dialled(ReasonKind, frozen=True):
    """One of `numbers` was dialled; `name` is its name in the rules."""

    dialled: str
    to: str
    name: str = ""


class NotAmongNumbers(ReasonKind, frozen=True):
    """Passed over: `numbers`, which do not have what was dialled (None: it is no number)."""

    dialled: str | None = None


class DialledAnythingElse(ReasonKind, frozen=True):
    """What was dialled is `anything else`."""

    to: str


class NobodysNumber(ReasonKind, frozen=True):
    """What was dialled (None: no number) is not in the rules, and neither is `anything else`: the call ends."""

    dialled: str | None = None


class ListedCallers(ReasonKind, frozen=True):
    """The caller is on a list of `callers` that says where the call goes; `withheld`: as one who hides the number."""

    callers: str
    to: str
    withheld: bool = False


class NotListed(ReasonKind, frozen=True):
    """Passed over: lists of `callers` that this caller is not on."""

    callers: tuple[str, ...]


class NoticeHeard(ReasonKind, frozen=True):
    """A notice is said; from `until` on no more."""

    prompts: tuple[str, ...]
    until: datetime


class NoticeNotYet(ReasonKind, frozen=True):
    """Passed over: a notice that begins later."""

    prompts: tuple[str, ...]
    begins: datetime


class NoticeOver(ReasonKind, frozen=True):
    """Passed over: a notice that has ended."""

    prompts: tuple[str, ...]
    ended: datetime


class NoticeHeardBefore(ReasonKind, frozen=True):
    """Passed over: a notice that has been said in this call."""

    prompts: tuple[str, ...]


class NoticeForOthers(ReasonKind, frozen=True):
    """Passed over: a notice for callers of other sites."""

    prompts: tuple[str, ...]
    sites: tuple[str, ...]


class SiteByNumber(ReasonKind, frozen=True):
    """The number that was dialled belongs to a site."""

    site: str


class SiteByCallers(ReasonKind, frozen=True):
    """The caller is on a list of `callers` that belongs to a site."""

    callers: str
    site: str


class SiteByPostcode(ReasonKind, frozen=True):
    """The answer is one of a site's postcodes: of `postcodes`, as the rules have them."""

    question: str
    postcodes: str
    site: str


class NobodysPostcode(ReasonKind, frozen=True):
    """The answer is a postcode of no site."""

    question: str


Arriving = (
    Dialled
    | NotAmongNumbers
    | DialledAnythingElse
    | NobodysNumber
    | ListedCallers
    | NotListed
    | NoticeHeard
    | NoticeNotYet
    | NoticeOver
    | NoticeHeardBefore
    | NoticeForOthers
    | SiteByNumber
    | SiteByCallers
    | SiteByPostcode
    | NobodysPostcode
)
