"""Steps in lines, each behind its place in the rules: of a decision, and of a call that is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ivr.records.events import Reason
from ivr.rules.decision import Step
from ivr.showing.sentences import Language, sentence


def step_told(step: Step, language: Language = "en") -> str:
    """One step in words."""
    return sentence(step.because, taken=step.taken, language=language)


def reason_told(reason: Reason, language: Language = "en") -> str:
    """One stored step in words; what an earlier version stored as a sentence stays as it is."""
    if reason.because is None:
        return reason.text or ""
    return sentence(reason.because, taken=reason.taken, language=language)


def steps_told(
    steps: Iterable[Step], language: Language = "en", dimmed: Callable[[str], str] = str
) -> list[str]:
    """A line for each; why-nots stand further in, and are `dimmed`."""
    rows = [
        (f"{step.at}" if step.at else "", step.taken, step_told(step, language)) for step in steps
    ]
    return _lines(rows, dimmed)


def reasons_told(reasons: Iterable[Reason], language: Language = "en") -> list[str]:
    """The same for the steps of a stored call."""
    rows = [
        (f"{one.file}:{one.line}" if one.file else "", one.taken, reason_told(one, language))
        for one in reasons
    ]
    return _lines(rows, str)


def _lines(rows: Sequence[tuple[str, bool, str]], dimmed: Callable[[str], str]) -> list[str]:
    width = max((len(where) for where, _, _ in rows), default=0)
    return [
        f"{where:<{width}}  {told}" if taken else dimmed(f"{where:<{width}}      {told}")
        for where, taken, told in rows
    ]
