"""A call record told in lines: one fact a line, in the reader's language. Pure; numbers are masked."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.records.record import CallRecord, QueueVisit
from ivr.showing.callers import record_caller, record_dialled
from ivr.showing.record_words import DISPOSITIONS, ENDED_BY_NORWEGIAN, OUTCOMES_NORWEGIAN
from ivr.showing.sentences import Language
from ivr.showing.sentences.notation_norwegian import agent_named, figure, language_named

_STILL_WAITING = "still waiting"
UNDER_WAY = "under way"


def record_told(record: CallRecord, language: Language = "en") -> list[str]:
    """The record as it is stored, one fact a line."""
    facts = _norwegian(record) if language == "nb" else _english(record)
    return [f"{name:<11} {value}" for name, value in facts if value]


def _english(record: CallRecord) -> Iterator[tuple[str, str]]:
    yield "call", record.call_id
    yield "dialled", record_dialled(record)
    yield "caller", record_caller(record)
    yield "call time", record.call_time + (" (set by a test)" if record.test else "")
    yield "arrived", record.arrived_at.isoformat(timespec="seconds")
    yield "ended as", record.disposition or UNDER_WAY
    yield "ended by", record.ended_by or UNDER_WAY
    yield "department", record.department or ""
    yield "site", record.site or ""
    yield "language", record.language or ""
    for visit in record.visits:
        agent = f" by {visit.agent}" if visit.agent else ""
        wait = "" if visit.wait_seconds is None else f" after {visit.wait_seconds:.1f} s"
        expected = ""
        if visit.estimated_seconds is not None:
            expected = f", expected were {visit.estimated_seconds:.1f} s"
        yield "queue", f"{visit.queue}: {visit.outcome or _STILL_WAITING}{agent}{wait}{expected}"
    yield "talked", "" if record.talk_seconds is None else f"{record.talk_seconds:.1f} s"
    for message in record.messages:
        yield "message", f"{message.voicemail}: {message.seconds:.0f} s in {message.file}"
    yield "rules", record.revision[:12]


def _norwegian(record: CallRecord) -> Iterator[tuple[str, str]]:
    ended_as, ended_by = record.disposition, record.ended_by
    yield "samtale", record.call_id
    yield "ringte", record_dialled(record)
    yield "innringer", record_caller(record, "nb")
    yield "tidspunkt", record.call_time + (" (satt av en test)" if record.test else "")
    yield "kom inn", record.arrived_at.isoformat(timespec="seconds")
    yield "endte som", DISPOSITIONS[ended_as][1] if ended_as else "pågår"
    yield "endt av", ENDED_BY_NORWEGIAN[ended_by] if ended_by else "pågår"
    yield "avdeling", record.department or ""
    yield "sted", record.site or ""
    yield "språk", language_named(record.language or "")
    for visit in record.visits:
        yield "kø", _norwegian_visit(visit)
    yield "snakket", "" if record.talk_seconds is None else f"{figure(record.talk_seconds, 1)} s"
    for message in record.messages:
        yield "beskjed", f"{message.voicemail}: {message.seconds:.0f} s i {message.file}"
    yield "regler", record.revision[:12]


def _norwegian_visit(visit: QueueVisit) -> str:
    outcome = OUTCOMES_NORWEGIAN[visit.outcome] if visit.outcome else "venter ennå"
    agent = f" av {agent_named(visit.agent)}" if visit.agent else ""
    wait = "" if visit.wait_seconds is None else f" etter {figure(visit.wait_seconds, 1)} s"
    expected = ""
    if visit.estimated_seconds is not None:
        expected = f", anslått til {figure(visit.estimated_seconds, 1)} s"
    return f"{visit.queue}: {outcome}{agent}{wait}{expected}"
