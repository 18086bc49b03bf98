"""How many people it takes: Erlang B, C and A.

`load` is in erlang (calls a second times the seconds that each takes); `people` are those who answer. Erlang C knows
callers who never give up, and so asks for somewhat more people than Erlang A, whose callers have `patience_seconds` on
average. Sources: Erlang (1917); Palm (1957), as in Garnett, Mandelbaum and Reiman, "Designing a call center with
impatient customers" (2002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_PEOPLE = 10_000


def blocking(people: int, load: float) -> float:
    """Erlang B: the share (0 to 1) of calls that find all busy where nobody can wait."""
    blocked = 1.0
    for so_many in range(1, people + 1):
        blocked = load * blocked / (so_many + load * blocked)
    return blocked


def waiting(people: int, load: float) -> float:
    """Erlang C: the share (0 to 1) of callers who have to wait; 1 where the load is more than the people can take."""
    if load >= people:
        return 1.0
    blocked = blocking(people, load)
    return people * blocked / (people - load * (1 - blocked))


def answered_within(people: int, load: float, handling_seconds: float, seconds: float) -> float:
    """Erlang C: the share (0 to 1) of callers who are answered within so many seconds."""
    if load >= people:
        return 0.0
    return 1 - waiting(people, load) * math.exp(-(people - load) * seconds / handling_seconds)


def mean_wait(people: int, load: float, handling_seconds: float) -> float:
    """Erlang C: seconds, over all callers; infinite where the load is more than the people can take."""
    if load >= people:
        return math.inf
    return waiting(people, load) * handling_seconds / (people - load)


def people_needed(load: float, handling_seconds: float, share: float, seconds: float) -> int:
    """Erlang C: the fewest people with whom this share (below 1) of callers is answered within so many seconds.

    None at all for no load. Raises ValueError for a share that no number of people reaches, and for more than
    MOST_PEOPLE.
    """
    if load <= 0:
        return 0
    if not 0 <= share < 1:
        message = f"a share of {share} is never sure to be answered in time"
        raise ValueError(message)
    people = math.floor(load) + 1
    while answered_within(people, load, handling_seconds, seconds) < share:
        people += 1
        if people > MOST_PEOPLE:
            message = f"a load of {load:.0f} erlang takes more than {MOST_PEOPLE} people"
            raise ValueError(message)
    return people


@dataclass(frozen=True, slots=True)
class Impatient:
    """Erlang A: the shares (0 to 1) of callers who wait, and who give up; and the mean wait of all, in seconds."""

    waiting: float
    giving_up: float
    wait_seconds: float


def impatient(
    people: int, load: float, handling_seconds: float, patience_seconds: float
) -> Impatient:
    """Erlang A, as a birth-death chain: n in the system leave at the rate of their service and of their patience."""
    arrivals = load / handling_seconds
    serving, leaving = 1 / handling_seconds, 1 / patience_seconds
    # Weights are told against that of `people` in the system, so that none overflows.
    weight = below = 1.0
    for so_many in range(people, 0, -1):
        weight *= so_many * serving / arrivals
        below += weight
    weight, above, queued, waiting_now = 1.0, 1.0, 0, 0.0
    while weight > 1e-15 * (below + above) or queued * leaving < arrivals:
        queued += 1
        weight *= arrivals / (people * serving + queued * leaving)
        above += weight
        waiting_now += queued * weight
    total = below - 1.0 + above
    giving_up = waiting_now / total * leaving / arrivals
    return Impatient(above / total, giving_up, giving_up * patience_seconds)
