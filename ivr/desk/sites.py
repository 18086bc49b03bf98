"""Sites as the desk sees them: which can take calls, how many they have, whose call the next one is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from ivr.desk.splits import ShareView, Splits
from ivr.records.events import GivenToSite
from ivr.rules.decision import Due, GivenSite
from ivr.rules.model import Phone, RuleSet

AGAIN_SECONDS = 30.0
"""A site whose phone did not take a call is tried again for that caller after so long, if no other has taken it."""


class Sites:
    """`staffed` has the sites where somebody is signed in to a queue, `callers_at` counts callers at a site's agents.

    Callers at a site's phone are counted here.
    """

    def __init__(
        self, staffed: Callable[[str], frozenset[str]], callers_at: Callable[[str], int]
    ) -> None:
        self.splits = Splits()
        self._staffed = staffed
        self._callers_at = callers_at
        self._at_most: Mapping[str, int] = {}
        self._phones: Mapping[str, Phone] = {}
        self._at_phones: dict[str, str] = {}
        self._refused: dict[tuple[str, str], float] = {}
        self._full: frozenset[str] = frozenset()

    def take(self, rules: RuleSet) -> None:
        """Sites and shares as these rules have them, from now on; whoever is at a phone stays there."""
        sites = rules.sites.values()
        self._at_most = {site.name: site.at_most for site in sites if site.at_most is not None}
        self._phones = {site.name: rules.phones[site.phone] for site in sites if site.phone}
        self.splits.take(rules.queues)

    def here(self, queue: str, closed: Collection[str] = (), call_id: str = "") -> frozenset[str]:
        """The sites that can take calls of this queue: somebody is signed in there, or a phone takes them.

        Not those that are `closed` by hand, have as many calls as they take, or would not take this call.
        """
        found = self._staffed(queue) | self.with_phones(queue)
        return frozenset(
            site
            for site in found
            if site not in closed and self._has_room(site) and not self.is_refused(call_id, site)
        )

    def with_phones(self, queue: str) -> frozenset[str]:
        """The sites between which the queue is split, and whose calls a phone takes."""
        return frozenset(site for site in self.splits.sites(queue) if site in self._phones)

    def has_phone(self, site: str | None) -> bool:
        """Whether a phone takes this site's calls; else agents do."""
        return site in self._phones

    def dues(
        self, queues: Iterable[str], closed: Collection[str] = (), call_id: str = ""
    ) -> Mapping[str, Due]:
        """Whose call the next one is, by queue that is split: a fact for `decide`."""
        return {
            name: self.splits.due(name, self.here(name, closed, call_id))
            for name in queues
            if name in self.splits
        }

    def give(
        self, given: GivenSite, closed: Collection[str] = (), call_id: str = ""
    ) -> GivenToSite | None:
        """See Splits; in the same step as the decision that gives the call to the site."""
        return self.splits.give(given, self.here(given.queue, closed, call_id))

    def shares(self, queue: str, closed: Collection[str] = ()) -> tuple[ShareView, ...]:
        """How the shares of a queue stand; none where it is not split."""
        return self.splits.views(queue, self.here(queue, closed))

    def is_wanted_elsewhere(
        self, queue: str, site: str | None, call_id: str, closed: Collection[str]
    ) -> bool:
        """Whether the site whose call it is cannot take it, and another one of the split can.

        By the shares in force and by what is closed for this call, as in `dues`: a decision that gave the call to
        nobody would be asked for again and again.
        """
        here = self.here(queue, closed, call_id)
        return site not in here and not here.isdisjoint(self.splits.sites(queue))

    def would_claim(self, call_id: str, site: str | None) -> bool:
        """Whether the site's phone would be rung for the caller at once."""
        is_here = site is not None and site in self._phones and self._has_room(site)
        return is_here and not self.is_refused(call_id, site)

    def claim(self, call_id: str, site: str | None) -> Phone | None:
        """The site's phone, which is to be rung for the caller; None where there is none, or not now."""
        phone = self._phones.get(site or "")
        if phone is None or site is None or not self.would_claim(call_id, site):
            return None
        self._at_phones[call_id] = site
        return phone

    def is_at_phone(self, call_id: str) -> bool:
        """Whether a site's phone rings for this caller, or somebody there talks with them."""
        return call_id in self._at_phones

    def give_back(self, call_id: str, *, refused: bool = False) -> None:
        """The caller is at no site's phone any more; `refused`: it did not take the call."""
        site = self._at_phones.pop(call_id, None)
        if site is not None and refused:
            now = _now()
            self._refused = {key: until for key, until in self._refused.items() if until > now}
            self._refused[call_id, site] = now + AGAIN_SECONDS

    def is_refused(self, call_id: str, site: str | None) -> bool:
        """Whether the site's phone did not take this call a moment ago."""
        until = self._refused.get((call_id, site or ""))
        return until is not None and until > _now()

    def tried_again_at(self, call_id: str) -> float | None:
        """When (on the loop's clock) the first of the sites that did not take this call is tried again."""
        refused = self._refused.items()
        ends = (until for (call, _), until in refused if call == call_id and until > _now())
        return min(ends, default=None)

    def room(self) -> dict[str, int]:
        """How many more calls each site takes that takes only so many at once."""
        return {site: most - self.calls_at(site) for site, most in self._at_most.items()}

    def has_turned(self) -> bool:
        """Whether a site is full, or takes calls again, that did not when it was last asked."""
        full = frozenset(site for site, calls in self.room().items() if calls <= 0)
        before, self._full = self._full, full
        return before != full

    @contextmanager
    def talk_goes_on(self, call_id: str, site: str) -> Iterator[None]:
        """A caller of the server before this one talks there, until the scope is left."""
        self._at_phones[call_id] = site
        try:
            yield
        finally:
            self.give_back(call_id)

    def _has_room(self, site: str) -> bool:
        return site not in self._at_most or self.calls_at(site) < self._at_most[site]

    def calls_at(self, site: str) -> int:
        """How many callers are at this site: ringing there or talking."""
        at_phone = sum(1 for one in self._at_phones.values() if one == site)
        return at_phone + self._callers_at(site)


def _now() -> float:
    return asyncio.get_running_loop().time()
