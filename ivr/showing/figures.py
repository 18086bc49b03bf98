"""Figures in lines: a table for people, and a sentence for each queue at the end of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.amount import counted
from ivr.kpi.columns import Figure, columns_of
from ivr.kpi.repeats import USUAL_WINDOW, Repeats
from ivr.kpi.rows import Figures, Terms, by_name
from ivr.kpi.satisfaction import AnswersByScale, Scale, Scores
from ivr.kpi.tally import Tally
from ivr.showing.columns import aligned

NO_DATA = "–"
NO_NAME = "(none)"

_TITLES: Mapping[str, str] = {
    "offered": "OFFERED",
    "answered": "ANSWERED",
    "service_level": "SERVICE",
    "asa_seconds": "ASA",
    "wait_p90_seconds": "90% IN",
    "wait_longest_seconds": "LONGEST",
    "abandoned": "ABANDONED",
    "abandoned_short": "SHORT",
    "overflowed": "OVERFLOWED",
    "system_dropped": "DROPPED",
    "blocked": "BLOCKED",
    "closed": "CLOSED",
    "aht_seconds": "TALK",
}


def figures_table(found: Figures, terms: Terms, by: str) -> list[str]:
    """A line for each row, by name, and one for all of them where there are several."""
    rows = [(name or NO_NAME, tally) for name, tally in by_name(found)]
    if len(rows) > 1:
        rows.append(("all", found.total))
    table = [[by.upper(), *_TITLES.values()]]
    table += [[name, *_cells(tally, terms)] for name, tally in rows]
    return aligned(table)


def queues_told(found: Figures, terms: Terms) -> list[str]:
    """A sentence for each queue that calls came to."""
    return [_sentence(f"{queue}", tally, terms) for queue, tally in by_name(found)]


def repeats_told(again: Repeats) -> str:
    """One sentence."""
    young = f"; {again.not_ripe} are too young to say" if again.not_ripe else ""
    if again.repeat_rate is None:
        return f"called again within {counted(USUAL_WINDOW.days, 'day')}: no data{young}"
    return (
        f"called again within {counted(USUAL_WINDOW.days, 'day')}: {again.repeat_rate:.1%} "
        f"of {again.first_calls} first calls{young}"
    )


def figure_text(name: str, figure: Figure | str) -> str:
    """One figure as people read it: shares in per cent, waits in seconds; a dash where there is no data."""
    if figure is None:
        return NO_DATA
    if name in {"service_level", "abandon_rate"}:
        return f"{figure:.1%}"
    return f"{figure:.1f} s" if name.endswith("_seconds") else f"{figure}"


def _cells(tally: Tally, terms: Terms) -> Iterator[str]:
    columns = columns_of(tally, terms)
    return (figure_text(name, columns[name]) for name in _TITLES)


def _sentence(queue: str, tally: Tally, terms: Terms) -> str:
    share = figure_text("service_level", terms.service_level.share(tally))
    within = f" ({tally.answered_within} within {terms.within(queue):.0f} s: {share})"
    longest = "" if tally.longest_wait is None else f", longest wait {tally.longest_wait:.1f} s"
    return (
        f"queue {queue}: {tally.offered} offered, {tally.answered} answered{within}, "
        f"{tally.abandoned} abandoned, {tally.overflowed} overflowed{longest}"
    )


def survey_told(name: str, scale: Scale, scores: Scores) -> str:
    """One survey in one line."""
    answers = f"{scores.answered} of {scores.asked} asked answered ({share_told(scores)})"
    return f"satisfaction (CSAT), survey {name}: {mean_told(scores)} on {scale}; {answers}"


def mean_told(scores: Scores) -> str:
    """`8.40 (8.12–8.68)`; without the interval where there are too few answers for one."""
    if scores.mean is None:
        return "no data: nobody answered"
    estimate = scores.estimate
    between = f" ({estimate.low:.2f}–{estimate.high:.2f})" if estimate else ""
    return f"{scores.mean:.2f}{between}"


def share_told(scores: Scores) -> str:
    """How many of those asked answered."""
    return "no data" if scores.response_rate is None else f"{scores.response_rate:.1%}"


def rated_told(rows: Mapping[str | None, AnswersByScale]) -> Iterator[str]:
    """Satisfaction by row; a scale at a time."""
    for name in sorted(rows, key=lambda one: (one is None, one or "")):
        for scale, scores in sorted(rows[name].items()):
            answered = f"{scores.answered} of {scores.asked} asked"
            yield f"  satisfaction, {name or '–'}: {mean_told(scores)} on {scale}; {answered}"
