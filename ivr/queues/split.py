"""Whose call it is where a queue is split between sites: Tijdeman's rule, and what is owed after an outage. Pure.

While all sites can take calls, each has had at any moment what was agreed, give or take less than one call. What a
site missed while it could take none is owed to it, up to a bound, and made up when it can: one call for each that it
gets in its turn, so that no site is given more than twice its share.

All numbers are whole: a share is so many parts of the `whole`, and what is owed is counted in such parts of a call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

GivenBecause = Literal["turn", "owed", "others_away"]
"""It was the site's turn; a call was owed to it; or it was its turn among those that can take calls."""


@dataclass(frozen=True, slots=True)
class SplitAccount:
    """The account of one queue: `shares` in parts, in the order of the rules; `most_owed` calls are made up.

    `had` are all calls of each site, `in_turn` those that it got while all could take calls, `owed` is in parts (less
    than 0: the site had calls of others). `here` are those that could take calls at the last call when not all could,
    and `since` what each got since it has been these. `made_up`: who got an owed call, and none in turn since.
    """

    shares: Mapping[str, int]
    most_owed: int
    had: Mapping[str, int]
    in_turn: Mapping[str, int]
    owed: Mapping[str, int]
    here: tuple[str, ...] = ()
    since: Mapping[str, int] | None = None
    made_up: frozenset[str] = frozenset()

    @classmethod
    def begun(cls, shares: Mapping[str, int], most_owed: int) -> SplitAccount:
        """Nothing was given, and nothing is owed."""
        nothing = dict.fromkeys(shares, 0)
        return cls(dict(shares), most_owed, nothing, nothing, nothing)

    @property
    def whole(self) -> int:
        """How many parts a call has."""
        return sum(self.shares.values())

    def owed_calls(self, site: str) -> float:
        """How many calls the site is owed."""
        return self.owed.get(site, 0) / self.whole


@dataclass(frozen=True, slots=True)
class GivenTo:
    """The site whose call it is, why, and the account when it has got it."""

    site: str
    because: GivenBecause
    account: SplitAccount


def give(account: SplitAccount, up: Collection[str], before: str | None = None) -> GivenTo | None:
    """Give a call to one of the sites that can take calls (`up`); None where none of them can.

    `before`: it was given to this site, which cannot take it after all: it is owed one more, and the other one less.
    """
    ready = tuple(site for site in account.shares if site in up and site != before)
    if not ready:
        return None
    if before in account.shares and before is not None:
        site, account = _among(account, ready)
        moved = {**account.owed}
        moved[before] += account.whole
        moved[site] -= account.whole
        had = {**account.had, before: account.had[before] - 1, site: account.had[site] + 1}
        account = replace(account, had=had, owed=_within(moved, account))
        return GivenTo(site, "others_away", account)
    owed = [
        site
        for site in ready
        if account.owed[site] >= account.whole and site not in account.made_up
    ]
    if owed:
        site = max(owed, key=account.owed.__getitem__)
        account = replace(account, made_up=account.made_up | {site})
        return GivenTo(site, "owed", _counted(account, site))
    if len(ready) == len(account.shares):
        site = turn(account.shares, account.in_turn)
        given = {**account.in_turn, site: account.in_turn[site] + 1}
        had = {**account.had, site: account.had[site] + 1}
        made_up = account.made_up - {site}
        account = replace(account, in_turn=given, had=had, here=(), since=None, made_up=made_up)
        return GivenTo(site, "turn", account)
    site, account = _among(account, ready)
    account = replace(account, made_up=account.made_up - {site})
    return GivenTo(site, "others_away", _counted(account, site))


def turn(shares: Mapping[str, int], given: Mapping[str, int]) -> str:
    """Tijdeman's rule for the next call: of the sites that may have it, whose deadline comes first.

    A site may have a call once its due is ahead of what it got by 1/(2k - 2); it must, before it is ahead by all but
    that. So each stays within 1 - 1/(2k - 2) of its due (R. Tijdeman, The chairman assignment problem, 1980).
    """
    if len(shares) == 1:
        return next(iter(shares))
    whole, number = sum(shares.values()), sum(given.values()) + 1
    slack = 2 * len(shares) - 2
    ahead = {site: slack * (number * parts - whole * given[site]) for site, parts in shares.items()}
    may = [site for site in shares if ahead[site] >= whole]
    return min(may, key=lambda site: Fraction((slack - 1) * whole - ahead[site], shares[site]))


def _among(account: SplitAccount, ready: tuple[str, ...]) -> tuple[str, SplitAccount]:
    """Whose turn it is among these few."""
    since = account.since if account.here == ready and account.since is not None else {}
    given = {site: since.get(site, 0) for site in ready}
    site = turn({one: account.shares[one] for one in ready}, given)
    return site, replace(account, here=ready, since={**given, site: given[site] + 1})


def _counted(account: SplitAccount, site: str) -> SplitAccount:
    """A call outside the turns of all: each is due its share of it, and one has it."""
    owed = {one: account.owed[one] + parts for one, parts in account.shares.items()}
    owed[site] -= account.whole
    had = {**account.had, site: account.had[site] + 1}
    return replace(account, had=had, owed=_within(owed, account))


def _within(owed: Mapping[str, int], account: SplitAccount) -> dict[str, int]:
    """What is owed beyond the bound is let go, and those who had it are even by as much."""
    most = account.most_owed * account.whole
    over = sum(max(0, parts - most) for parts in owed.values())
    if not over:
        return dict(owed)
    kept = {site: min(parts, most) for site, parts in owed.items()}
    behind = -sum(_negative(kept.values()))
    evened = {
        site: parts + (over * -parts // behind if parts < 0 else 0) for site, parts in kept.items()
    }
    evened[min(evened, key=evened.__getitem__)] -= sum(evened.values())
    return evened


def _negative(numbers: Iterable[int]) -> list[int]:
    return [number for number in numbers if number < 0]
