from datetime import UTC, datetime, timedelta

import pytest

from ivr.archives.audit import CelChannel, audited, channels_in
from ivr.archives.cel_line import CelReader
from ivr.asterisk.conf_core import CHANNEL_EVENTS
from ivr.records.record import CallRecord

AT = datetime.fromtimestamp(1795719770.0, UTC)
LINES = """\
"CHAN_START","1795719770.000000","PJSIP/local-0","","ivr-1.0","ivr-1.0",""
"APP_START","1795719770.000900","PJSIP/local-0","Stasis","ivr-1.0","ivr-1.0",""
"CHAN_START","1795719771.000000","PJSIP/ola-1","","01j00000000000000000000000-leg","ivr-1.0",""
"APP_START","1795719771.000000","PJSIP/ola-1","Stasis","01j00000000000000000000000-leg","ivr-1.0",""
"HANGUP","1795719780.000000","PJSIP/local-0","","ivr-1.0","ivr-1.0","{""hangupcause"":16}"
"CHAN_END","1795719780.500000","PJSIP/local-0","","ivr-1.0","ivr-1.0",""
"CHAN_START","1795719790.000000","PJSIP/x-2","","ivr-1.9","ivr-1.9",""
"HANGUP","1795719790.100000","PJSIP/x-2","","ivr-1.9","ivr-1.9","{}"
"""
FIRST, LAST, NOW = AT - timedelta(hours=1), AT + timedelta(hours=1), AT + timedelta(hours=2)


def channels() -> dict[str, CelChannel]:
    reader = CelReader(UTC)
    reader.read(",".join(CHANNEL_EVENTS))
    return channels_in(line for text in LINES.splitlines() if (line := reader.read(text)))


OURS, AGAIN, OTHER = (f"{number:026}-call" for number in range(3))


def call(call_id: str = OURS, **others: object) -> CallRecord:
    told = {
        "arrived_at": AT,
        "ended_at": AT + timedelta(seconds=10),
        "channel": "ivr-1.0",
        "hangup_cause": 16,
    }
    return CallRecord(call_id=call_id, **(told | others))  # type: ignore[arg-type]


def kinds(*calls: CallRecord) -> list[str]:
    return [one.kind for one in audited(calls, channels(), FIRST, LAST, NOW).odd]


def test_a_call_that_is_the_same_in_both_is_not_odd_and_phones_that_are_rung_are_no_callers() -> (
    None
):
    audit = audited([call()], channels(), FIRST, LAST, NOW)

    assert (audit.compared, audit.odd, audit.since) == (1, (), AT)
    assert set(audit.counts.values()) == {0}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ([], ["missing"]),
        ([call(), call(AGAIN)], ["doubled"]),
        (
            [call(), call(OTHER, channel="ivr-7.7", arrived_at=LAST - timedelta(minutes=1))],
            ["unknown"],
        ),
        ([call(), call("cdr-7", channel="SIP/7", arrived_at=LAST - timedelta(minutes=1))], []),
        ([call(), call(OTHER, channel="ivr-7.7", arrived_at=LAST)], []),
        ([call(ended_at=AT + timedelta(seconds=11.2))], ["duration"]),
        ([call(ended_at=AT + timedelta(seconds=10.9))], []),
        ([call(hangup_cause=31)], ["cause"]),
        ([call(hangup_cause=None)], []),
    ],
)
def test_what_the_ledgers_do_not_agree_on_is_told(
    calls: list[CallRecord], found: list[str]
) -> None:
    assert kinds(*calls) == found


def test_what_is_before_asterisks_ledger_or_not_settled_is_not_looked_at() -> None:
    before = call(OTHER, channel="old", arrived_at=AT - timedelta(days=1))
    assert kinds(call(), before) == []
    assert audited([], channels(), FIRST, LAST, AT + timedelta(seconds=12)).odd == ()
    assert audited([call()], {}, FIRST, LAST, NOW).since is None


def test_a_call_that_arrives_just_after_the_period_is_not_missing_in_it() -> None:
    ends = AT + timedelta(milliseconds=500)
    late = call(arrived_at=AT + timedelta(milliseconds=600))

    audit = audited([late], channels(), FIRST, ends, NOW)

    assert (audit.compared, audit.odd) == (1, ())
