"""Every destination that rules name, found without knowing where rules may name one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from ivr.rules.model import Target


def targets_in(thing: object) -> Iterator[Target]:
    """The targets in a rule set, or a part of it."""
    if isinstance(thing, Target):
        yield thing
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from targets_in(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from targets_in(value)
    elif isinstance(thing, tuple | frozenset):
        for one in thing:
            yield from targets_in(one)
