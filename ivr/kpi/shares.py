"""Share against contract: which calls of a split queue a site or a partner got, beside what was agreed (`split`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.kpi.cells import FoldedOffers
from ivr.records.events import SITE_AGENT, GivenToSite


@dataclass(frozen=True, slots=True)
class ShareOfQueue:
    """`given` of the `calls` of a queue were this site's; `answered` of the `of` that all sites answered.

    `agreed` is 0 to 1: what was agreed when the calls came, else what the rules have now; 0 where nothing is.
    """

    queue: str
    site: str
    agreed: float
    answered: int
    of: int
    given: int = 0
    calls: int = 0

    @property
    def actual(self) -> float | None:
        """0 to 1: of the calls that were given to sites, else of those that were answered; None: there were none."""
        if self.calls:
            return self.given / self.calls
        return self.answered / self.of if self.of else None

    @property
    def difference(self) -> float | None:
        """Actual - agreed."""
        return None if self.actual is None else self.actual - self.agreed


@dataclass(frozen=True, slots=True)
class _Given:
    """Calls of one queue: how many each site got, and how many it was due."""

    calls: int
    got: Counter[str]
    due: Mapping[str, float]


def shares(
    agreed: Mapping[str, Mapping[str, float]],
    sites: Mapping[str, str | None],
    offers: Iterable[FoldedOffers],
    given: Iterable[GivenToSite] = (),
) -> list[ShareOfQueue]:
    """Of each queue that has agreed shares, by site.

    `sites` says where each agent sits; who sits nowhere, or is not in the rules any more, is in no share. `offers` are
    by agent, `given` what the queues' accounts say of each call.
    """
    answered: Counter[tuple[str, str]] = Counter()
    for one in offers:
        is_phone = one.agent.startswith(SITE_AGENT)
        site = one.agent.removeprefix(SITE_AGENT) if is_phone else sites.get(one.agent)
        if one.queue in agreed and site is not None:
            answered[one.queue, site] += one.answered
    told = _by_queue(given)
    found = []
    for queue, parts in agreed.items():
        of = sum(count for (name, _), count in answered.items() if name == queue)
        others = {site for name, site in answered if name == queue}
        account = told.get(queue, _Given(0, Counter(), {}))
        found += [
            ShareOfQueue(
                queue,
                site,
                account.due.get(site, 0.0) if account.calls else parts.get(site, 0.0),
                answered[queue, site],
                of,
                account.got[site],
                account.calls,
            )
            for site in sorted({*parts, *others, *account.due})
        ]
    return found


def _by_queue(given: Iterable[GivenToSite]) -> dict[str, _Given]:
    """A call that was moved to another site is that one's; it was due once."""
    calls: Counter[str] = Counter()
    got: dict[str, Counter[str]] = {}
    due: dict[str, Counter[str]] = {}
    parts: dict[str, int] = {}
    for one in given:
        of_queue = got.setdefault(one.queue, Counter())
        of_queue[one.site] += 1
        if one.before is not None:
            of_queue[one.before] -= 1
            continue
        calls[one.queue] += 1
        parts[one.queue] = parts.get(one.queue, 0) + sum(one.shares.values())
        due.setdefault(one.queue, Counter()).update(one.shares)
    return {
        queue: _Given(
            calls[queue],
            of_queue,
            {site: count / parts[queue] for site, count in due.get(queue, Counter()).items()},
        )
        for queue, of_queue in got.items()
    }
