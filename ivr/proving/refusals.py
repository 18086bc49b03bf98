"""What can be wrong with a file of tests, beyond what can be wrong with any text; codes IVR8xx.

Each has its line in `docs/reference/rule-tests.md`. Faults that rules can have too keep their codes.
"""

from __future__ import annotations

from enum import Enum

from ivr.rules.fault import Fault
from ivr.rules.model import Location


class ProvingKind(Enum):
    """What can be found in a file of tests only; the value is the code. All are errors."""

    NO_RULES = "IVR801"
    RULES_REFUSED = "IVR802"
    WHEN = "IVR803"
    KEYS = "IVR804"
    NO_END = "IVR805"
    GIVEN = "IVR806"
    NOTHING_EXPECTED = "IVR807"
    NAME_TWICE = "IVR808"


class WordRefused(Exception):
    """A text of a test is not what it should be; becomes a fault at the text's location."""

    def __init__(self, kind: ProvingKind, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint


def refusal(kind: ProvingKind, location: Location, message: str, hint: str | None = None) -> Fault:
    """A fault of this kind."""
    return Fault("error", kind.value, location, message, hint)
