"""What a carrier's answer to a call means: is the next trunk tried, and is it this one's failure?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

CallOutResult: TypeAlias = Literal["no_answer", "busy", "wrong_number", "gone"]
"""What a call that nobody took came to, in the words of the records; `gone`: it did not get there."""

_OF_THE_NUMBER: dict[int, CallOutResult] = {
    302: "gone",
    404: "wrong_number",
    410: "wrong_number",
    480: "no_answer",
    484: "wrong_number",
    486: "busy",
    600: "busy",
    603: "busy",
    604: "wrong_number",
}
"""Statuses that say something of whoever was called: another trunk would say the same."""


@dataclass(frozen=True, slots=True)
class CarrierAnswer:
    """`leads_on`: the trunk did not get the call there, and the next one may; it counts against the trunk."""

    result: CallOutResult
    leads_on: bool


def answer_of(status: int | None) -> CarrierAnswer:
    """What SIP's final `status` means; None: there was none in time, or no call could be made at all.

    Redirections (3xx) are not followed: where they lead, no rule has named. Global failures (6xx) say of themselves
    that no other way helps.
    """
    if status is None:
        return CarrierAnswer("gone", leads_on=True)
    if status in _OF_THE_NUMBER:
        return CarrierAnswer(_OF_THE_NUMBER[status], leads_on=False)
    is_final = 300 <= status < 400 or 600 <= status < 700
    return CarrierAnswer("gone", leads_on=not is_final)
