"""What the settings of the floor lack: a fallback that would not be called, or that leads back to us."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location, RuleSet
from ivr.settings import Settings
from ivr.trunks.allowance import Allowance


def floor_faults(settings: Settings, rules: RuleSet) -> Iterator[Fault]:
    """Why `floor.fallback` is not called: `[outgoing]` does not let it out, or it is a number of the rules' own."""
    number = settings.floor.number
    if number is None:
        return
    allowance = Allowance(settings.outgoing.allow, settings.outgoing.never)
    if allowance.forbids(number, is_named=True):
        yield _not_called(
            f"callers for whom no server comes cannot go to {number}: `[outgoing]` does not let it out",
            "another number, or its kind or country in `outgoing.allow`",
        )
    if number in rules.numbers:
        yield _not_called(
            f"callers for whom no server comes would go to {number}, and so come back here: it is a number of yours",
            "a number that another switchboard or a mobile answers",
        )


def _not_called(message: str, hint: str) -> Fault:
    place = Location("ivr.toml", 1, 1, "floor.fallback")
    return fault(FaultKind.FALLBACK_NOT_CALLED, place, message, hint)
