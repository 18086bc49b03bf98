"""The accounts of the queues that are split between sites: whose call the next one is, and who has had which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ivr.queues.dues import due_of, parts_of
from ivr.queues.split import GivenTo, SplitAccount, give
from ivr.records.events import GivenToSite
from ivr.rules.decision import Due, GivenSite
from ivr.rules.model import Queue


@dataclass(frozen=True, slots=True)
class ShareView:
    """A site of a split queue at this moment: `agreed` is 0 to 1, `had` and `owed` are calls."""

    site: str
    agreed: float
    had: int
    owed: float
    is_here: bool


class Splits:
    """Keeps an account for each queue that is split, by the rules in force.

    Other shares are another agreement: the account begins anew, and nothing is owed.
    """

    def __init__(self) -> None:
        self._accounts: dict[str, SplitAccount] = {}
        self._earlier: dict[str, SplitAccount] = {}
        self._numbers: dict[str, int] = {}

    def __contains__(self, queue: str) -> bool:
        return queue in self._accounts

    def sites(self, queue: str) -> Iterable[str]:
        """The sites between which a queue is split; none where it is not."""
        account = self._accounts.get(queue)
        return account.shares if account is not None else ()

    def take(self, queues: Mapping[str, Queue]) -> None:
        """The queues as the rules have them now."""
        accounts = {}
        for name, queue in queues.items():
            if queue.split:
                accounts[name] = self._of(name, parts_of(queue), queue.catch_up)
        self._accounts = accounts

    def remember(self, kept: Iterable[GivenToSite]) -> None:
        """What servers before this one gave, in any order: the last of each queue counts."""
        for one in sorted(kept, key=lambda event: event.number):
            self._numbers[one.queue] = one.number
            self._earlier[one.queue] = account_of(one)
        for name, account in self._accounts.items():
            self._accounts[name] = self._of(name, account.shares, account.most_owed)

    def due(self, queue: str, here: Collection[str]) -> Due:
        """Whose call the next one of a split queue is, where the sites that are `here` can take calls."""
        return due_of(self._accounts[queue], here)

    def give(self, given: GivenSite, here: Collection[str]) -> GivenToSite | None:
        """The site has the call; what is to be kept of it. None where the queue is not split any more."""
        account = self._accounts.get(given.queue)
        found = give(account, here, given.before) if account is not None else None
        if found is None or found.site != given.site:
            return None  # the call came with other rules than those in force
        self._accounts[given.queue] = found.account
        self._numbers[given.queue] = self._numbers.get(given.queue, 0) + 1
        return _kept(given, found, self._numbers[given.queue])

    def views(self, queue: str, here: Collection[str]) -> tuple[ShareView, ...]:
        """How the shares of a queue stand; none where it is not split."""
        account = self._accounts.get(queue)
        if account is None:
            return ()
        return tuple(
            ShareView(
                site,
                parts / account.whole,
                account.had[site],
                account.owed_calls(site),
                site in here,
            )
            for site, parts in account.shares.items()
        )

    def _of(self, name: str, shares: Mapping[str, int], most_owed: int) -> SplitAccount:
        for known in (self._earlier.get(name), self._accounts.get(name)):
            if known is not None and dict(known.shares) == dict(shares):
                self._earlier.pop(name, None)
                return replace(known, most_owed=most_owed)
        return SplitAccount.begun(shares, most_owed)


def _kept(given: GivenSite, found: GivenTo, number: int) -> GivenToSite:
    account = found.account
    return GivenToSite(
        queue=given.queue,
        site=given.site,
        because=found.because,
        number=number,
        shares=dict(account.shares),
        had=dict(account.had),
        in_turn=dict(account.in_turn),
        owed=dict(account.owed),
        most_owed=account.most_owed,
        before=given.before,
        here=account.here,
        since=None if account.since is None else dict(account.since),
        made_up=tuple(sorted(account.made_up)),
    )


def account_of(kept: GivenToSite) -> SplitAccount:
    """The account of the queue after this."""
    return SplitAccount(
        shares=kept.shares,
        most_owed=kept.most_owed,
        had=kept.had,
        in_turn=kept.in_turn,
        owed=kept.owed,
        here=kept.here,
        since=kept.since,
        made_up=frozenset(kept.made_up),
    )
