"""Does a library foresee calls better than a mean? A held-back month: `python -m bench.forecasts`. No test.

The library is statsmodels, which nothing here needs otherwise: `pip install statsmodels` beside it to repeat this.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.kpi.forecast import CameBefore, Days, forecast, half_hours, history_of
from ivr.kpi.rows import Only
from ivr.store.open import open_store

_DAY = timedelta(days=1)
_WEEK = 7
ZONE = ZoneInfo("Europe/Oslo")
WEEKS_LEARNED = 26

Week = Mapping[date, Mapping[time, float]]
Foresees = Callable[[CameBefore, date], Week]


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path(".bench/year"))
@click.option("--queue", "queues", multiple=True, default=("queue-00", "queue-05", "queue-12"))
@click.option("--first", type=click.DateTime(["%Y-%m-%d"]), default="2025-11-03", help="A Monday.")
@click.option("--weeks", default=4, show_default=True)
def main(home: Path, queues: Sequence[str], first: datetime, weeks: int) -> None:
    """Print how far each way was off: the sum of all errors by half hour, and by day, over the sum of the calls."""
    begins = first.date()
    with open_store(home).reading() as stored:
        for queue in queues:
            learned = begins - WEEKS_LEARNED * _WEEK * _DAY
            last = begins + weeks * _WEEK * _DAY
            offers = stored.folds.offers("quarter", learned, last, Only(queue=queue))
            history = history_of(offers, learned, Days(ZONE, last))
            for name, way in (("mean", _by_mean), ("Holt-Winters", _by_library)):
                by_half_hour, by_day = _errors(history, begins, weeks, way)
                click.echo(
                    f"{queue}  {name:13} {by_half_hour:6.1%} by half hour  {by_day:6.1%} by day"
                )


def _errors(history: CameBefore, begins: date, weeks: int, way: Foresees) -> tuple[float, float]:
    off = off_by_day = came = 0.0
    for number in range(weeks):
        monday = begins + number * _WEEK * _DAY
        known = replace(history, last=monday - _DAY)
        for day, told in way(known, monday).items():
            real = {at: history.offers.get((day, at), 0.0) for at in half_hours()}
            off += sum(abs(told[at] - real[at]) for at in half_hours())
            off_by_day += abs(sum(told.values()) - sum(real.values()))
            came += sum(real.values())
    return off / came, off_by_day / came


def _by_mean(history: CameBefore, monday: date) -> Week:
    return {day: forecast(history, day) or {} for day in _week(monday)}


def _by_library(history: CameBefore, monday: date) -> Week:
    """Days by Holt and Winters, with a weekly season; the half hours of a day as the mean has shared them out."""
    totals = [
        sum(history.offers.get((day, at), 0.0) for at in half_hours())
        for day in _days(history.first, monday)
    ]
    library = importlib.import_module("statsmodels.tsa.holtwinters")
    fitted = library.ExponentialSmoothing(totals, seasonal="add", seasonal_periods=_WEEK).fit()
    foreseen = [max(0.0, float(one)) for one in fitted.forecast(_WEEK)]
    shared = _by_mean(history, monday)
    return {
        day: {
            at: share * total / (sum(shared[day].values()) or 1.0)
            for at, share in shared[day].items()
        }
        for day, total in zip(_week(monday), foreseen, strict=True)
    }


def _week(monday: date) -> Iterator[date]:
    return _days(monday, monday + _WEEK * _DAY)


def _days(first: date, until: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((until - first).days))


if __name__ == "__main__":
    main()
