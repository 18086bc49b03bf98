"""A caller who waits, as the pages and the API are told of one."""

from __future__ import annotations

from datetime import UTC, datetime

from ivr.records.present import PresentCall

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
CALLER = "+4790123456"
CALL = PresentCall(
    call_id="1-call",
    dialled="+4721000000",
    caller=CALLER,
    trunk=None,
    test=False,
    arrived_at=NOW,
    doing="waiting",
    since=NOW,
    queue="bergen",
    waiting_since=NOW,
)
