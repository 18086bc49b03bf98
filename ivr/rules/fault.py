"""A fault in the rules: its code, its location, a sentence, and what to write instead.

Codes are stable, and grouped: IVR1xx text, IVR2xx words and references, IVR3xx values, IVR4xx where
calls go, IVR5xx prompts; IVR6xx are warnings, all others errors. Each has its paragraph in
`docs/reference/findings.md`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from ivr.rules.model import Location
from ivr.rules.norwegian import in_english

Severity = Literal["error", "warning"]


class FaultKind(Enum):
    """What can be found; the value is the code."""

    SYNTAX = "IVR101"
    ENCODING = "IVR102"
    EMPTY = "IVR103"
    DUPLICATE_KEY = "IVR104"
    ALIAS = "IVR105"
    TAG = "IVR106"
    MERGE_KEY = "IVR107"
    TOO_LARGE = "IVR108"
    SHAPE_OF_FILE = "IVR109"
    INCLUDE = "IVR110"
    INCLUDE_OUTSIDE = "IVR111"
    INCLUDE_LOOP = "IVR112"
    INCLUDE_WORD = "IVR113"
    LIST_FILE = "IVR114"

    UNKNOWN_WORD = "IVR201"
    WORD_MISSING = "IVR203"
    REFERENCE = "IVR204"
    LANGUAGE_UNKNOWN = "IVR205"
    MIGRATED_TO_NOWHERE = "IVR206"
    DESTINATION_HERE = "IVR207"
    WORDS_TOGETHER = "IVR208"
    CALLER_ID = "IVR209"

    SHAPE = "IVR301"
    NUMBER = "IVR302"
    EMERGENCY = "IVR303"
    NUMBER_TWICE = "IVR304"
    HOURS = "IVR305"
    DURATION = "IVR306"
    ANSWER = "IVR307"
    DATE = "IVR308"
    MENU_KEY = "IVR309"
    DESTINATION = "IVR310"
    COUNT = "IVR311"
    TRUE_FALSE = "IVR312"
    NAME = "IVR313"
    SETTING = "IVR314"
    PHONE = "IVR315"
    PERCENT = "IVR316"
    SHARES = "IVR317"
    POSTCODE = "IVR318"
    SPOKEN = "IVR319"

    AMBIGUOUS_KEYS = "IVR401"
    MENU_LOOP = "IVR402"
    ENDS_NOWHERE = "IVR403"
    NEVER_REACHED = "IVR404"
    AMBIGUOUS_SITE = "IVR405"
    AMBIGUOUS_WORD = "IVR406"
    DAY_TWICE = "IVR408"
    ON_TWO_LISTS = "IVR410"
    OWN_NUMBER_REFUSED = "IVR411"
    CALLS_OURSELVES = "IVR412"

    PROMPT_MISSING = "IVR501"
    PROMPT_NAME = "IVR502"

    PROMPT_ONE_LANGUAGE = "IVR601"
    NEVER_USED = "IVR602"
    WAITS_FOR_EVER = "IVR603"
    POINTS_AT_ITSELF = "IVR604"
    HOURS_OVERLAP = "IVR605"
    YAML_1_1 = "IVR606"
    MANY_CHOICES = "IVR607"
    NO_PERSON = "IVR608"
    OVERFLOW_LOOP = "IVR609"
    NUMBERS_OPEN = "IVR610"
    MIGRATED_ON_HOLIDAY = "IVR611"
    NO_AGENTS = "IVR612"
    AGENT_SITE = "IVR613"
    PROMPTS_UNCHECKED = "IVR614"
    HOURS_HOLE = "IVR615"
    PHONE_SHARED = "IVR616"
    NOT_YET = "IVR617"
    SPLIT_NOBODY = "IVR618"
    KEY_SPOKEN = "IVR619"
    MOBILE_CALLER_ID = "IVR620"
    OLDER_THAN_LIVE = "IVR621"
    OPEN_BY_NIGHT = "IVR622"
    KEY_IN_COMMENT = "IVR623"
    CURLY_QUOTE = "IVR624"
    EMPTY_LIST = "IVR625"
    IS_OVER = "IVR626"
    ENDS_AT_MIDNIGHT = "IVR627"
    CHANGES_NOTHING = "IVR628"
    NOT_PLAYABLE = "IVR630"
    NO_MUSIC = "IVR631"
    PROMPT_OF_NO_SITE = "IVR632"
    LISTED_TWICE = "IVR633"
    SITE_NOT_FOUND = "IVR634"
    ONE_EMERGENCY_TRUNK = "IVR635"
    NEVER_CALLED = "IVR636"
    NO_WAY_OUT = "IVR637"
    SHOWS_NO_NUMBER = "IVR638"
    CALLER_NOT_SHOWN = "IVR639"
    NO_EMERGENCY_TRUNK = "IVR640"
    NOTHING_TO_SAY = "IVR641"
    NOT_ASKED_BACK = "IVR642"
    PARTS_MISSING = "IVR643"
    NO_ENGINE = "IVR644"
    NOT_PRONOUNCED = "IVR645"
    SOUNDS_ALIKE = "IVR646"
    NOT_LED = "IVR647"
    FALLBACK_NOT_CALLED = "IVR648"
    SPLIT_LEFT_OUT = "IVR649"
    EXIT_KEY_UNTOLD = "IVR650"
    NUMBER_OF_NO_SITE = "IVR651"
    BEYOND_LOOPBACK = "IVR652"

    @property
    def severity(self) -> Severity:
        return "warning" if self.value.startswith("IVR6") else "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `hint` says what to write instead, where there is one thing to say."""

    severity: Severity
    code: str
    location: Location
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        where = f"{self.location.file}:{self.location.line}:{self.location.column}"
        advice = f"; {self.hint}" if self.hint else ""
        return f"{where}: {self.severity} {self.code}: {self.message}{advice}"


def fault(kind: FaultKind, location: Location, message: str, hint: str | None = None) -> Fault:
    """A fault of this kind; its severity belongs to its code."""
    return Fault(kind.severity, kind.value, location, message, hint)


def in_reading_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """As the reader meets them, from the top of the file; the same fault once.

    Warnings of recordings come last: with no line of their own, they would stand before what is wrong with the rules.
    """
    return tuple(
        sorted(
            dict.fromkeys(faults),
            key=lambda f: (
                f.code in _OF_RECORDINGS,
                f.location.file,
                f.location.line,
                f.location.column,
                f.code,
                f.message,
            ),
        )
    )


_OF_RECORDINGS = frozenset(
    kind.value
    for kind in (
        FaultKind.PROMPT_ONE_LANGUAGE,
        FaultKind.PROMPTS_UNCHECKED,
        FaultKind.NOT_PLAYABLE,
        FaultKind.NO_MUSIC,
        FaultKind.PROMPT_OF_NO_SITE,
        FaultKind.PARTS_MISSING,
    )
)


# Each near name costs a comparison with every known one; past so many slips it is no slip.
MOST_ADVICE = 50


def slip_of(word: str, known: Iterable[str]) -> str | None:
    """Advice for a slip of the pen: the nearest of `known`; None where none is near."""
    names = sorted(set(known))
    meant = in_english(word[:64], names)
    if meant is not None:
        return f"did you mean {meant!r}? The words of the rules are English"
    near = difflib.get_close_matches(word[:64], names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Advice for a word that is not among `known`: the nearest one, else the first few there are."""
    names = sorted(set(known))
    if meant := slip_of(word, names):
        return meant
    if not names:
        return None
    more = ", …" if len(names) > 8 else ""
    return f"known: {', '.join(names[:8])}{more}"


def shown(text: str) -> str:
    """A value as it stands in a message: quoted, shortened, no control characters."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def shown_masked(text: str) -> str:
    """The same for what may be a person's number, since findings are logged: its place tells which one is meant."""
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    if len(digits) <= 6:
        return shown(text)
    return shown(f"{text[: digits[1] + 1]}…{text[digits[-2] :]}")
