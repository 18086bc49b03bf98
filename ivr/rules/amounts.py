"""Text → amounts: durations, counts, shares and scales, and what to write when it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.rules.fault import Kind, shown
from ivr.rules.model import AnswerTarget, Ramp
from ivr.rules.values import ValueRefused

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)\Z")
_ANSWER = re.compile(r"([0-9]{1,3})% within (\S+)\Z")
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_PERCENT = re.compile(r"([0-9]{1,3})%\Z")
_RAMP = re.compile(r"([0-9]{1,3})% each (day|week)\Z")
_EVERY = re.compile(r"every (\S+)\Z")
_WAITING = re.compile(r"([0-9]{1,6}) waiting\Z")
_SCALE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high` seconds, both included; `shown` as the admin would write them."""

    low: int
    high: int
    shown: str


def seconds(text: str, bounds: Bounds) -> float:
    """A duration such as `6s`, `2m`, `1h` or `30d`, in seconds."""
    found = _DURATION.match(text)
    if not found:
        message = f"{shown(text)} is not a duration"
        raise ValueRefused(
            Kind.DURATION, message, "write a whole number and s, m, h or d, such as 6s or 2m"
        )
    amount = int(found[1]) * _UNITS[found[2]]
    if not bounds.low <= amount <= bounds.high:
        raise ValueRefused(Kind.DURATION, f"{text} is out of range", f"write {bounds.shown}")
    return float(amount)


_WITHIN = Bounds(1, 3600, "1s to 1h")


def answer_target(text: str) -> AnswerTarget:
    """`80% within 20s`."""
    found = _ANSWER.match(text)
    if not found or not 1 <= int(found[1]) <= 100:
        message = f"{shown(text)} is not a target for answering"
        raise ValueRefused(Kind.ANSWER, message, "write it as 80% within 20s")
    return AnswerTarget(int(found[1]) / 100, seconds(found[2], _WITHIN))


def count(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if _COUNT.match(text) and low <= int(text) <= high:
        return int(text)
    message = f"{shown(text)} is not a number from {low} to {high}"
    raise ValueRefused(Kind.COUNT, message, f"write a whole number from {low} to {high}")


def percent(text: str) -> float:
    """`25%` as a share from 0 to 1; 0% is no share."""
    found = _PERCENT.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return int(found[1]) / 100
    message = f"{shown(text)} is not a share"
    raise ValueRefused(Kind.PERCENT, message, "write a whole number from 1% to 100%")


def ramp(text: str) -> Ramp:
    """`25% each week`."""
    found = _RAMP.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return Ramp(int(found[1]), 7 if found[2] == "week" else 1)
    message = f"{shown(text)} does not say how fast callers move"
    share = text.partition("%")[0]
    known = _PERCENT.match(f"{share}%") and 1 <= int(share) <= 100
    hint = f"{share}% each week, or {share}% each day" if known else "25% each week, or 5% each day"
    raise ValueRefused(Kind.PERCENT, message, f"write it as {hint}")


_EVERY_BOUNDS = Bounds(10, 1800, "every 10s to every 30m")


def every(text: str) -> float:
    """`every 45s`, in seconds."""
    found = _EVERY.match(text)
    if found:
        return seconds(found[1], _EVERY_BOUNDS)
    message = f"{shown(text)} does not say how often"
    raise ValueRefused(Kind.DURATION, message, "write it as every 45s")


def waiting(text: str) -> int:
    """`25 waiting`."""
    found = _WAITING.match(text)
    if found and int(found[1]) >= 1:
        return int(found[1])
    message = f"{shown(text)} does not say how many may wait"
    raise ValueRefused(Kind.COUNT, message, "write it as 25 waiting")


def scale(text: str) -> tuple[int, int]:
    """`1-10`."""
    found = _SCALE.match(text)
    if found and int(found[1]) < int(found[2]) <= 10:
        return int(found[1]), int(found[2])
    raise ValueRefused(Kind.COUNT, f"{shown(text)} is not a scale", "write it as 1-10 or 1-5")
