"""The columns of a row, by the names that scripts may rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivr.kpi.repeats import USUAL_WINDOW, Repeats
from ivr.kpi.rows import Terms
from ivr.kpi.tally import Tally

Figure = int | float | None

_FIGURES: Mapping[str, Callable[[Tally], Figure]] = {
    "offered": lambda t: t.offered,
    "answered": lambda t: t.answered,
    "answered_within": lambda t: t.answered_within,
    "abandoned": lambda t: t.outcomes["abandoned"],
    "abandoned_short": lambda t: t.abandoned_short,
    "overflowed": lambda t: t.overflowed,
    "callback": lambda t: t.callback,
    "exit_key": lambda t: t.exit_key,
    "system_dropped": lambda t: t.system_dropped,
    "blocked": lambda t: t.outcomes["blocked"],
    "closed": lambda t: t.outcomes["closed"],
}

_AVERAGES: Mapping[str, Callable[[Tally], Figure]] = {
    "asa_seconds": lambda t: t.mean_wait,
    "wait_p50_seconds": lambda t: t.wait_quantile(0.5),
    "wait_p90_seconds": lambda t: t.wait_quantile(0.9),
    "wait_longest_seconds": lambda t: t.longest_wait,
    "aht_seconds": lambda t: t.mean_talk,
    "abandon_rate": lambda t: t.abandon_rate,
}

COLUMNS = (*_FIGURES, "service_level", "service_level_id", *_AVERAGES)


def columns_of(tally: Tally, terms: Terms) -> dict[str, Figure | str]:
    """The figures of one row; None where there is no data."""
    definition = terms.service_level
    return {
        **{name: figure(tally) for name, figure in _FIGURES.items()},
        "service_level": tally.service_level,
        "service_level_id": definition.name,
        **{name: figure(tally) for name, figure in _AVERAGES.items()},
    }


def definitions_of(terms: Terms) -> dict[str, object]:
    """What the figures of these terms mean, for whoever reads them later."""
    definition = terms.service_level
    return {
        "service_level": {
            "id": definition.name,
            "formula": definition.formula,
            "version": definition.version,
        },
        "within_seconds": terms.within_seconds or dict(terms.targets),
        "short_seconds": terms.short_seconds,
        "closed_months": [*terms.closed.values()],
        "offered": "answered + abandoned + abandoned_short + overflowed + callback + exit_key + system_dropped",
        "asa_seconds": "sum of the waits of the answered / answered",
        "wait_quantiles": "nearest rank, of the answered",
        "wait_longest_seconds": "of all who waited",
        "aht_seconds": "(talks, hold in them, + time after them) / talks; of sites and departments talks alone",
        "abandon_rate": "(abandoned + abandoned_short) / offered",
        "menu_containment": "calls whose need was met in the menus / calls that came to one",
        "menu_attrition": "hang-ups in menus / visits to menus",
        "shares": "answered by a site's agents / answered by the agents of all sites; difference = actual - agreed",
        "callbacks": "take_up = callback / offered",
    }


def repeats_facts(again: Repeats) -> dict[str, Figure]:
    """Callers who called again, for scripts."""
    return {
        "within_days": USUAL_WINDOW.days,
        "first_calls": again.first_calls,
        "repeated": again.repeated,
        "not_ripe": again.not_ripe,
        "repeat_rate": again.repeat_rate,
        "first_contact_resolution": again.first_contact_resolution,
    }
