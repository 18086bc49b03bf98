"""What stands in the way of prompts that are recorded by phone: a voice that leads through it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.lint.prompts import (
    DICTATION_PROMPTS,
    LOCKED,
    WRONG_PIN,
    YOUR_NUMBER,
    YOUR_PIN,
)
from ivr.rules.model import Location, RuleSet
from ivr.settings import Prompts

_LEADING = (*DICTATION_PROMPTS, YOUR_NUMBER, YOUR_PIN, WRONG_PIN, LOCKED)


def recording_faults(
    settings: Prompts, rules: RuleSet, on_disk: Mapping[str, Collection[str]] | None
) -> Iterator[Fault]:
    """Nothing where no code records. `on_disk` has the recordings by language; None where they were not looked for."""
    if settings.record_by_phone is None or on_disk is None:
        return
    top = Location(rules.file, 1, 1, "")
    language = rules.languages[0]  # whoever records is spoken to in it
    lacking = [one for one in _LEADING if one not in on_disk.get(language, ())]
    if lacking:
        message = (
            f"prompts can be recorded by phone, and the voice that leads through it lacks "
            f"{', '.join(lacking)} in {language}: who records hears `sorry` or a tone instead"
        )
        hint = "`ivr prompts stand-ins --numbers` has a machine read them at once"
        yield fault(FaultKind.NOT_LED, top, message, hint)
