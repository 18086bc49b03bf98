"""One thing that was looked at, and what was found."""

from __future__ import annotations

from typing import Literal

import msgspec

HowWell = Literal["ok", "warning", "wrong"]


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """`subject` is what was looked at; `mend` what to do, empty for what is right."""

    subject: str
    verdict: HowWell
    says: str
    mend: str = ""


def right(subject: str, says: str) -> Symptom:
    """There is nothing to do."""
    return Symptom(subject=subject, verdict="ok", says=says)


def doubtful(subject: str, says: str, mend: str) -> Symptom:
    """Calls are taken, and it should be seen to."""
    return Symptom(subject=subject, verdict="warning", says=says, mend=mend)


def wrong(subject: str, says: str, mend: str) -> Symptom:
    """A server would not start, or callers notice."""
    return Symptom(subject=subject, verdict="wrong", says=says, mend=mend)
