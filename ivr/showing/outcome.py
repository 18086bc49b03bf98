"""A call that was tried, in the reader's language: which call it was, and what came of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.rules.decision import Facts
from ivr.rules.walk import Walk
from ivr.showing.sentences import Language
from ivr.showing.sentences.notation_norwegian import language_named

_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip


def call_told(facts: Facts, press: str, zone: ZoneInfo, language: Language = "en") -> str:
    """Which call: what is dialled, when on the clock of `zone`, and what is keyed."""
    there = facts.at.astimezone(zone)
    number = facts.dialled.spaced if facts.dialled else None
    if language == "nb":
        keys = f", taster {press}" if press else ""
        called = number or "noe uten nummer"
        return f"Et anrop til {called}, {moment_told(there, language)} ({zone.key}){keys}"
    keys = f", keys {press}" if press else ""
    called = number or "no number"
    return f"A call to {called}, {moment_told(there, language)} ({zone.key}){keys}"


def moment_told(there: datetime, language: Language = "en") -> str:
    """A moment with its day, as the clock shows there: `Monday 23 November 2026 10:00`."""
    if language == "nb":
        day = f"{_WEEKDAYS[there.weekday()]} {there.day}. {_MONTHS[there.month - 1]} {there.year}"
        return f"{day} {there:%H:%M}"
    return f"{there:%A} {there.day} {there:%B %Y %H:%M}"


def outcome_told(walked: Walk, revision: str, language: Language = "en") -> list[tuple[str, str]]:
    """What came of it: the name of each fact, and the fact; where the call ends comes first."""
    heard, site = ", ".join(walked.said), walked.site
    if language == "nb":
        return [
            ("ender", walked.ends),
            ("hører", heard or "ingenting"),
            ("språk", language_named(walked.language)),
            ("sted", site or "ikke kjent"),
            ("utgave", revision[:12]),
        ]
    return [
        ("ends", walked.ends),
        ("hears", heard or "nothing"),
        ("language", walked.language),
        ("site", site or "not known"),
        ("revision", revision[:12]),
    ]
