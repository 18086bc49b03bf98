"""Satisfaction: a mean with its interval, its scale and how many answered; never of two scales together."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime

import pytest

from ivr.kpi.intervals import mean_estimate
from ivr.kpi.rows import EVERYTHING, Only
from ivr.kpi.satisfaction import (
    FoldedSurvey,
    Scale,
    Scores,
    SurveyKey,
    by_row,
    by_survey,
    satisfaction_columns,
    satisfaction_facts,
    surveys_by_key,
)
from ivr.records.record import CallRecord, SurveyReply

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def scores(*answers: int | None) -> Scores:
    found = Scores()
    for answer in answers:
        found.count(answer)
    return found


def kept(
    queue: str, *answers: int | None, highest: int = 10, day: str = "2026-11-23", agent: str = ""
) -> FoldedSurvey:
    key = SurveyKey(day, queue, "bergen", "", agent, "short", 1, highest)
    return FoldedSurvey(key, scores(*answers))


def test_the_mean_and_its_interval_are_those_of_the_answers() -> None:
    answers = [8, 9, 10, 7, 8, 9, 8, 10, 6, 9] * 4

    found = scores(*answers, None, None)

    assert found.mean == statistics.fmean(answers) == 8.4
    assert found.response_rate == 40 / 42
    assert found.estimate is not None
    expected = mean_estimate([float(one) for one in answers])
    assert expected is not None
    assert (found.estimate.low, found.estimate.high) == pytest.approx((expected.low, expected.high))


def test_of_nothing_there_is_no_figure_and_of_few_no_interval() -> None:
    assert (Scores().mean, Scores().response_rate, Scores().estimate) == (None, None, None)
    assert (scores(None).mean, scores(None).response_rate) == (None, 0.0)
    assert scores(*[8] * 29).estimate is None


def test_what_was_added_can_be_taken_away() -> None:
    found = scores(3, None, 9)
    found.count(9, -1)
    found.count(None, -1)

    assert found == scores(3)


def test_answers_on_two_scales_have_no_mean_together() -> None:
    rated = by_row([kept("a", 9), kept("a", 5, highest=5)], "queue", EVERYTHING)["a"]

    columns = satisfaction_columns(rated)
    assert (columns["csat"], columns["csat_scale"]) == (None, "1-5, 1-10")
    assert (columns["survey_answered"], columns["response_rate"]) == (2, 1.0)
    assert [key for key, _ in by_survey([kept("a", 9), kept("a", 5, highest=5)]).items()] == [
        ("short", Scale(1, 5)),
        ("short", Scale(1, 10)),
    ]


def test_rows_are_by_whatever_is_told_apart() -> None:
    found = [kept("a", 9, agent="kari"), kept("b", 7, day="2026-11-30"), kept("a", None)]

    assert by_row(found, "agent", EVERYTHING).keys() == {"kari", None}
    assert by_row(found, "week", EVERYTHING).keys() == {"2026-W48", "2026-W49"}
    assert by_row(found, "month", EVERYTHING)["2026-11"][Scale(1, 10)] == scores(9, 7, None)
    assert by_row(found, "queue", Only(agent="kari"))["a"][Scale(1, 10)] == scores(9)
    assert by_row(found, "hour", EVERYTHING) == {}
    assert by_row(found, "queue", Only(outcome="abandoned")) == {}


def test_nobody_asked_is_no_data() -> None:
    assert satisfaction_facts([]) is None


def test_a_tests_call_is_in_no_figure() -> None:
    reply = SurveyReply(
        survey="short", queue="a", agent="kari", asked_at=AT, lowest=1, highest=10, score=9
    )
    call = CallRecord(call_id="1", arrived_at=AT, surveys=(reply,))
    test = CallRecord(call_id="2", arrived_at=AT, surveys=(reply,), test=True)

    ((key, found),) = surveys_by_key(call, "2026-11-23")
    assert (key.queue, key.agent, key.site, found) == ("a", "kari", "", scores(9))
    assert not list(surveys_by_key(test, "2026-11-23"))
