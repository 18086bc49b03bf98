"""Where in time decisions may change, found in the rules themselves: whatever stands anywhere in them is found.

A new word of the language needs nothing here: a `date`, a `time`, a wall-clock `datetime` or a kind of day (see
`KindOfDay`) counts wherever the model keeps it. Weekdays and ramps always count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time

from ivr.numbers import PhoneNumber
from ivr.rules.model import Location
from ivr.rules.values.days import KindOfDay

_NO_TIMES = (str, int, float, bytes, Location, PhoneNumber)


@dataclass(frozen=True, slots=True)
class Borders:
    """Sorted, each once: times of day, days, moments as the clock on the wall shows them; and the kinds of day."""

    clocks: tuple[time, ...]
    dates: tuple[date, ...]
    moments: tuple[datetime, ...]
    kinds: tuple[KindOfDay, ...]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.clocks or self.dates or self.moments or self.kinds)


def borders(value: object) -> Borders:
    """The borders of a rule set, or of any part of one."""
    found = dict.fromkeys(_borders_in(value, set()))
    moments = [one for one in found if isinstance(one, datetime)]
    dates = [one for one in found if isinstance(one, date) and not isinstance(one, datetime)]
    return Borders(
        clocks=tuple(sorted(one for one in found if isinstance(one, time))),
        # The last of all days stands for "always".
        dates=tuple(sorted(set(dates) - {date.max})),
        moments=tuple(sorted(moments)),
        kinds=tuple(one for one in found if isinstance(one, KindOfDay)),
    )


def _borders_in(value: object, seen: set[int]) -> Iterator[date | time | KindOfDay]:
    if isinstance(value, date | time):
        yield value
        return
    if value is None or isinstance(value, _NO_TIMES) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, KindOfDay):
        yield value
    for part in _parts(value):
        yield from _borders_in(part, seen)


def _parts(value: object) -> Iterable[object]:
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, tuple | frozenset | list | set):
        return value
    return ()
