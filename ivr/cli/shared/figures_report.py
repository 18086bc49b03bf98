"""What `ivr kpi` says of the figures that it has read: to people, and to scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.amount import counted
from ivr.cli.shared.closed_months import closed_lines
from ivr.cli.shared.period import Period
from ivr.cli.shared.whole_figures import WholeFigures, no_whole_facts, whole_facts, whole_lines
from ivr.kpi.columns import columns_of, definitions_of, repeats_facts
from ivr.kpi.occupancy import handling_of
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import USUAL_WITHIN_SECONDS, By, Figures, Terms
from ivr.kpi.tally import most_first
from ivr.showing.figures import figures_table, repeats_told


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """Of a period, by these terms; `again` and `whole` are of all calls, and None where not all were looked at."""

    found: Figures
    by: By
    period: Period
    terms: Terms
    again: Repeats | None = None
    whole: WholeFigures | None = None

    def facts(self, rows: object) -> dict[str, object]:
        """For scripts, with the rows as they have them."""
        return {
            "rows": rows,
            "total": {**columns_of(self.found.total, self.terms), **self._aht()},
            "calls": most_first(self.found.calls),
            "repeats": self.again and repeats_facts(self.again),
            **(whole_facts(self.whole) if self.whole else no_whole_facts()),
            "from": self.period.first,
            "to": self.period.last,
            "definitions": definitions_of(self.terms),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        found, terms = self.found, self.terms
        yield f"{self.period} ({terms.zone})\n"
        if not found.rows:
            yield "no data: no call came to a queue"
        else:
            yield from figures_table(found, terms, self.by)
        if found.calls:
            by_outcome = ", ".join(
                f"{count} {name}" for name, count in most_first(found.calls).items()
            )
            yield f"\n{counted(found.calls.total(), 'call')}: {by_outcome}"
        if self.again is not None:
            yield repeats_told(self.again)
        yield from whole_lines(self.whole) if self.whole else ()
        yield f"\nservice level: {terms.service_level.name} = {terms.service_level.formula}"
        yield f"T: {_within_told(terms)}; short: {terms.short_seconds:.0f} s"
        yield from closed_lines(terms)

    def _aht(self) -> dict[str, float | None]:
        """Of all, with the time after talks, where all is looked at."""
        if self.whole is None:
            return {}
        total = self.found.total
        return {"aht_seconds": handling_of(self.whole.duty, total.talks, total.talk_ms / 1000)}


def _within_told(terms: Terms) -> str:
    if terms.within_seconds is not None:
        return f"{terms.within_seconds:.0f} s"
    own = ", ".join(f"{queue} {seconds:.0f} s" for queue, seconds in sorted(terms.targets.items()))
    return own or f"{USUAL_WITHIN_SECONDS:.0f} s"
