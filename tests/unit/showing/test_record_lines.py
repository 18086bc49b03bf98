"""What is told of a call record, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import msgspec

from ivr.records.record import CallRecord, Disposition, EndedBy, Message, QueueVisit, VisitOutcome
from ivr.showing.record_lines import record_told
from ivr.showing.record_words import DISPOSITIONS, ENDED_BY_NORWEGIAN, OUTCOMES_NORWEGIAN
from tests.unit.showing.left_in_english import left_in_english

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VISIT = QueueVisit(
    queue="xmain",
    entered_at=AT,
    outcome="answered",
    wait_seconds=120.0,
    agent="kari",
    estimated_seconds=95.4,
    estimate_error_seconds=24.6,
)
RECORD = CallRecord(
    call_id="xcall",
    arrived_at=AT,
    dialled="+4755301000",
    call_time="2026-11-23T10:00",
    test=True,
    revision="012345678901",
    language="nn",
    site="xbergen",
    department="xfaktura",
    disposition="answered",
    ended_by="agent",
    talk_seconds=61.25,
    visits=(VISIT,),
    messages=(Message(voicemail="xbox", file="xfile", seconds=8.0),),
)


def test_a_record_holds_the_wait_against_what_was_expected() -> None:
    english, norwegian = (
        next(line for line in record_told(RECORD, language) if "xmain" in line)
        for language in ("en", "nb")
    )

    assert english.endswith("xmain: answered by kari after 120.0 s, expected were 95.4 s")
    assert norwegian.endswith("xmain: besvart av kari etter 120,0 s, anslått til 95,4 s")


def test_a_wait_that_goes_on_is_told_so() -> None:
    waits = msgspec.structs.replace(
        RECORD, visits=(QueueVisit(queue="xmain", entered_at=AT),), disposition=None, ended_by=None
    )

    assert "queue       xmain: still waiting" in record_told(waits)
    assert "kø          xmain: venter ennå" in record_told(waits, "nb")
    assert "endte som   pågår" in record_told(waits, "nb")


def test_nothing_of_a_record_is_left_in_english() -> None:
    names = ["xcall", "xbergen", "xfaktura", "xmain", "kari", "xbox", "xfile", "xpartner"]
    ends = [{"ended_by": by} for by in get_args(EndedBy)]
    visits = [{"visits": (msgspec.structs.replace(VISIT, outcome=outcome, agent="site xpartner"),)}
              for outcome in get_args(VisitOutcome)]  # fmt: skip
    for changed in [
        *ends,
        *visits,
        *({"disposition": one} for one in get_args(Disposition)),
    ]:
        record = msgspec.structs.replace(RECORD, **changed)
        english, norwegian = record_told(record), record_told(record, "nb")

        assert len(english) == len(norwegian)
        assert left_in_english("\n".join(english), "\n".join(norwegian), names) == set()


def test_every_word_of_a_record_has_one_in_norwegian() -> None:
    assert set(DISPOSITIONS) == set(get_args(Disposition))
    assert set(OUTCOMES_NORWEGIAN) == set(get_args(VisitOutcome))
    assert set(ENDED_BY_NORWEGIAN) == set(get_args(EndedBy))
