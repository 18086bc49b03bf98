"""Failures of trunks, as metrics and people are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.server.trunk_view import TrunkFailure, status_class


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, "3xx"),
        (404, "4xx"),
        (503, "5xx"),
        (603, "6xx"),
        (None, "none"),
        (200, "none"),
        (999, "none"),
    ],
)
def test_whatever_a_carrier_answers_there_are_few_classes(status: int | None, kind: str) -> None:
    assert status_class(status) == kind


def test_a_failure_is_told_with_its_status_or_without_an_answer() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)

    assert str(TrunkFailure(at, "REGISTER", 403)) == "403 to REGISTER"
    assert str(TrunkFailure(at, "INVITE", None)) == "no answer to INVITE"
