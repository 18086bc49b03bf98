"""Share against contract: what a site or a partner answers of a queue's calls, beside what was agreed (`split`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.kpi.cells import FoldedOffers


@dataclass(frozen=True, slots=True)
class ShareOfQueue:
    """`answered` of the `of` calls that agents of all sites answered; `agreed` is 0 to 1, 0 where nothing was."""

    queue: str
    site: str
    agreed: float
    answered: int
    of: int

    @property
    def actual(self) -> float | None:
        """0 to 1; None where nothing was answered."""
        return self.answered / self.of if self.of else None

    @property
    def difference(self) -> float | None:
        """Actual - agreed."""
        return None if self.actual is None else self.actual - self.agreed


def shares(
    agreed: Mapping[str, Mapping[str, float]],
    sites: Mapping[str, str | None],
    offers: Iterable[FoldedOffers],
) -> list[ShareOfQueue]:
    """Of each queue that has agreed shares, by site.

    `sites` says where each agent sits; who sits nowhere, or is not in the rules any more, is in no share. `offers` are
    by agent.
    """
    answered: Counter[tuple[str, str]] = Counter()
    for one in offers:
        site = sites.get(one.agent)
        if one.queue in agreed and site is not None:
            answered[one.queue, site] += one.answered
    found = []
    for queue, parts in agreed.items():
        of = sum(count for (name, _), count in answered.items() if name == queue)
        others = {site for name, site in answered if name == queue}
        found += [
            ShareOfQueue(queue, site, parts.get(site, 0.0), answered[queue, site], of)
            for site in sorted({*parts, *others})
        ]
    return found
