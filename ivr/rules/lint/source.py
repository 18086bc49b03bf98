"""What a reader of YAML 1.1 would take for something else."""

from __future__ import annotations

import re

from ivr.rules.fault import Fault, Kind, fault, shown
from ivr.rules.model import Place
from ivr.rules.source import Source

# What a YAML 1.1 reader makes a boolean or a number of, and a 1.2 reader does not (or another
# number). Dates are left out: both show the same day.
_READ_AS_TRUTH = re.compile(r"(?:y|yes|n|no|on|off)\Z", re.IGNORECASE)
_READ_AS_NUMBER = re.compile(
    r"(?:0[0-9_]+|\+[0-9_]+|[0-9]+_[0-9_]+|0b[01_]+|0x[0-9a-f_]+|[0-9]+(?::[0-5]?[0-9])+)\Z", re.I
)


def lint_source(source: Source) -> tuple[Fault, ...]:
    """Values that a YAML 1.1 reader takes for something else."""
    found = []
    for path, scalar in source.scalars():
        if not scalar.plain:
            continue
        if _READ_AS_TRUTH.match(scalar.text):
            meaning = "true or false"
        elif _READ_AS_NUMBER.match(scalar.text):
            meaning = "another number"
        else:
            continue
        place = Place(scalar.file, scalar.line, scalar.column, ".".join(map(str, path)))
        message = f"a reader of YAML 1.1 takes {shown(scalar.text)} for {meaning}"
        found.append(fault(Kind.YAML_1_1, place, message, f'write "{scalar.text}"'))
    return tuple(found)
