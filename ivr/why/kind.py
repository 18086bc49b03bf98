"""What all reasons have in common: a kind, and the facts that make the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Self

import msgspec


def _spelled(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class ReasonKind(msgspec.Struct, frozen=True, tag_field="kind", tag=_spelled, omit_defaults=True):
    """A reason. It is stored and printed with its kind (`closed_for_holiday`) and its fields.

    Both are persisted: a field may be added with a default, none is renamed. `to`, `also_ring` and `instead_of` are
    destinations as the rules write them (`queue bergen`); `department`, `queue`, `menu`, `question`, `phone`, `survey`
    and `site` are names; numbers are E.164; times are what the clock shows where the rules belong. No field holds who
    calls, nor what a caller answered to a question.
    """

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)

    def facts(self) -> dict[str, object]:
        """Its fields as plain values, as they stand in JSON; without those that are as usual."""
        facts: dict[str, object] = msgspec.to_builtins(self)
        del facts["kind"]
        return facts

    def places(self) -> frozenset[str]:
        """The places that it names, as the rules write them: where the call is, and where it is sent."""
        return frozenset(self._places())

    def _places(self) -> Iterator[str]:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if not value:
                continue
            if name in _NAMED:
                yield f"{name} {value}"
            elif name in _DESTINATIONS:
                yield str(value)

    def unsaid(self) -> Self:
        """The same without what the caller keyed or said: what may stand in a log."""
        return self


_NAMED = frozenset({"menu", "question", "department", "queue", "phone", "survey"})
_DESTINATIONS = frozenset({"to", "also_ring"})


class ByHand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A closing by hand: until when and since when (aware), who closed, and why; "" where that is not known."""

    until: datetime
    since: datetime | None = None
    by: str = ""
    why: str = ""
