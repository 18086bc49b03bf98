"""What `/health` says of the certificate by which phones know us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ivr.asterisk.blueprint import PhoneTls

TOLD_BEFORE = timedelta(days=14)


def certificate_problems(tls: PhoneTls | None, now: datetime) -> Iterator[str]:
    """One, when it ends soon or has ended."""
    if tls is None or tls.own.ends - now > TOLD_BEFORE:
        return
    ends = "has ended" if tls.own.ends <= now else "ends"
    yield (
        f"the certificate in {tls.certificate} {ends} at {tls.own.ends:%Y-%m-%d %H:%M} UTC: phones over TLS sign in no "
        "more then; put a newer one into its place and say `ivr reload`"
    )
