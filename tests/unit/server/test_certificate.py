"""When an operator is told of a certificate that ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.asterisk.blueprint import PhoneTls
from ivr.certificates import OwnCertificate
from ivr.server.certificate import certificate_problems

ENDS = datetime(2026, 12, 24, 17, tzinfo=UTC)
TLS = PhoneTls(5061, Path("/etc/ivr/server.pem"), OwnCertificate(ENDS, "pem"))


@pytest.mark.parametrize(
    ("days_before", "told"),
    [(15, ""), (13, "/etc/ivr/server.pem ends at 2026-12-24 17:00"), (-1, "has ended at 2026-12")],
)
def test_a_certificate_is_told_of_two_weeks_before_it_ends(days_before: int, told: str) -> None:
    now = ENDS - timedelta(days=days_before)

    assert told in "".join(certificate_problems(TLS, now))
    assert bool(told) == bool([*certificate_problems(TLS, now)])


def test_without_tls_there_is_none() -> None:
    assert [*certificate_problems(None, ENDS)] == []
