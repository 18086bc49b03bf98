"""Values that are something else than they look like: to another reader of YAML, or to a person."""

from __future__ import annotations

import re

from ivr.rules.fault import Fault, FaultKind, fault, shown
from ivr.rules.model import Location
from ivr.rules.reading.source import Source, WordPath
from ivr.rules.reading.tree import Scalar

# What a YAML 1.1 reader makes a boolean or a number of, and a 1.2 reader does not (or another
# number). Dates are left out: both show the same day.
_READ_AS_TRUTH = re.compile(r"(?:y|yes|n|no|on|off)\Z", re.IGNORECASE)
_READ_AS_NUMBER = re.compile(
    r"(?:0[0-9_]+|\+[0-9_]+|[0-9]+_[0-9_]+|0b[01_]+|0x[0-9a-f_]+|[0-9]+(?::[0-5]?[0-9])+)\Z", re.I
)

# What a word processor, a phone or a web page makes of " and '. Within a text they are as good as any other letter.
_CURLY = frozenset("“”„‟‘’‚‛«»")


def lint_source(source: Source) -> tuple[Fault, ...]:
    """Values that a YAML 1.1 reader takes for something else, and quotes that are none for any."""
    found = []
    for path, scalar in source.scalars():
        if scalar.text[:1] in _CURLY or scalar.text[-1:] in _CURLY:
            message = f"the quotes of {shown(scalar.text)} are part of the text: YAML knows straight ones only"
            found.append(
                fault(
                    FaultKind.CURLY_QUOTE,
                    _at(path, scalar),
                    message,
                    'write " instead, or no quotes',
                )
            )
        if not scalar.plain:
            continue
        if _READ_AS_TRUTH.match(scalar.text):
            meaning = "true or false"
        elif _READ_AS_NUMBER.match(scalar.text):
            meaning = "another number"
        else:
            continue
        message = f"a reader of YAML 1.1 takes {shown(scalar.text)} for {meaning}"
        found.append(
            fault(FaultKind.YAML_1_1, _at(path, scalar), message, f'write "{scalar.text}"')
        )
    return tuple(found)


def _at(path: WordPath, scalar: Scalar) -> Location:
    return Location(scalar.file, scalar.line, scalar.column, ".".join(map(str, path)))
