"""Satisfaction (CSAT): what callers answered who were asked after a talk. Sums of whole numbers, as all history is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ivr.kpi.intervals import Estimate, sums_estimate
from ivr.kpi.rows import By, Only, week_name
from ivr.records.record import CallRecord


class Scale(NamedTuple):
    """From what to what may be answered. Answers on different scales have no mean."""

    lowest: int
    highest: int

    def __str__(self) -> str:
        return f"{self.lowest}-{self.highest}"


class SurveyKey(NamedTuple):
    """Where a survey is counted: the day is that of the call's arrival. What a call has none of is empty."""

    day: str
    queue: str
    site: str
    department: str
    agent: str
    survey: str
    lowest: int
    highest: int

    @property
    def scale(self) -> Scale:
        return Scale(self.lowest, self.highest)


@dataclass(slots=True)
class Scores:
    """Answers put together; `score_squares` is the sum of their squares."""

    asked: int = 0
    answered: int = 0
    score_sum: int = 0
    score_squares: int = 0

    def count(self, score: int | None, times: int = 1) -> None:
        """Add one who was asked, and the answer, if any; `times` is -1 to take it away."""
        self.asked += times
        if score is not None:
            self.answered += times
            self.score_sum += times * score
            self.score_squares += times * score**2

    def add(self, other: Scores) -> None:
        """Add what another has; it may be less than nothing."""
        self.asked += other.asked
        self.answered += other.answered
        self.score_sum += other.score_sum
        self.score_squares += other.score_squares

    @property
    def mean(self) -> float | None:
        """CSAT; None of no answer."""
        return self.score_sum / self.answered if self.answered else None

    @property
    def estimate(self) -> Estimate | None:
        """The mean, and between what it lies with 95 % certainty; None of too few answers."""
        return sums_estimate(self.score_sum, self.score_squares, self.answered)

    @property
    def response_rate(self) -> float | None:
        """Answers / delivered, 0 to 1: the question is delivered when its first word is said."""
        return self.answered / self.asked if self.asked else None


class FoldedSurvey(NamedTuple):
    """What is kept of the surveys of one key: how many were asked and answered, and sums of the answers."""

    key: SurveyKey
    scores: Scores


def surveys_by_key(record: CallRecord, day: str, times: int = 1) -> Iterator[FoldedSurvey]:
    """What an ended call that arrived on this day adds; `times` is -1 to take it away. Of a test: nothing."""
    if record.test:
        return
    for reply in record.surveys:
        scores = Scores()
        scores.count(reply.score, times)
        key = SurveyKey(
            day,
            reply.queue,
            record.site or "",
            record.department or "",
            reply.agent or "",
            reply.survey,
            reply.lowest,
            reply.highest,
        )
        yield FoldedSurvey(key, scores)


def by_survey(found: Iterable[FoldedSurvey]) -> dict[tuple[str, Scale], Scores]:
    """All answers to each survey, apart by its scale: one that was changed has two."""
    together: dict[tuple[str, Scale], Scores] = {}
    for key, scores in found:
        together.setdefault((key.survey, key.scale), Scores()).add(scores)
    return dict(sorted(together.items()))


COLUMNS = (
    "csat",
    "csat_low",
    "csat_high",
    "csat_scale",
    "survey_asked",
    "survey_answered",
    "response_rate",
)
"""Columns of a row of figures, beside those of its offers."""

AnswersByScale = Mapping[Scale, Scores]
"""Answers by their scale."""


def by_row(found: Iterable[FoldedSurvey], by: By, only: Only) -> dict[str | None, AnswersByScale]:
    """The same by queue, site, department, agent, day, week or month, as far as `only` asks for them.

    By hours they are not told apart. Who was asked has talked, so with any other outcome there are none.
    """
    rows: dict[str | None, dict[Scale, Scores]] = {}
    name_of = _NAMES.get(by)
    if name_of is None or only.outcome not in {None, "answered"}:
        return {}
    for key, scores in found:
        pairs = (
            (key.queue, only.queue),
            (key.site, only.site),
            (key.department, only.department),
            (key.agent, only.agent),
        )
        if all(asked in {None, has} for has, asked in pairs):
            row = rows.setdefault(name_of(key) or None, {})
            row.setdefault(key.scale, Scores()).add(scores)
    return dict(rows)


_NAMES: Mapping[By, Callable[[SurveyKey], str]] = {
    "queue": lambda key: key.queue,
    "site": lambda key: key.site,
    "department": lambda key: key.department,
    "agent": lambda key: key.agent,
    "day": lambda key: key.day,
    "week": lambda key: week_name(date.fromisoformat(key.day)),
    "month": lambda key: key.day[:7],
}


def satisfaction_columns(rated: AnswersByScale) -> dict[str, str | int | float | None]:
    """Figures of one row; answers on several scales have no mean."""
    together = Scores()
    for scores in rated.values():
        together.add(scores)
    alone = together if len(rated) == 1 else Scores()
    estimate = alone.estimate
    return {
        "csat": alone.mean,
        "csat_low": estimate.low if estimate else None,
        "csat_high": estimate.high if estimate else None,
        "csat_scale": ", ".join(map(str, sorted(rated))) or None,
        "survey_asked": together.asked,
        "survey_answered": together.answered,
        "response_rate": together.response_rate,
    }


def satisfaction_facts(found: Iterable[FoldedSurvey]) -> list[dict[str, object]] | None:
    """Each survey for scripts; None where nobody was asked."""
    return [
        {"survey": name, **satisfaction_columns({scale: scores})}
        for (name, scale), scores in by_survey(found).items()
    ] or None
