"""Text → amounts: durations, counts, shares and scales, and what to write when it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.rules.fault import FaultKind, shown
from ivr.rules.model import AnswerTarget, Ramp
from ivr.rules.values.plain import ValueRefused

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)\Z")
_ANSWER = re.compile(r"([0-9]{1,3})% within (\S+)\Z")
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_PERCENT = re.compile(r"([0-9]{1,3})%\Z")
_RAMP = re.compile(r"([0-9]{1,3})% each (day|week)\Z")
_EVERY = re.compile(r"every (\S+)\Z")
_WAITING = re.compile(r"([0-9]{1,6}) waiting\Z")
_CALLS = re.compile(r"([0-9]{1,4}) calls?\Z", re.ASCII)
_MISSED = re.compile(r"pause after ([0-9]{1,2})\Z", re.ASCII)
_SCALE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNITS_TOLD = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

# What is written instead; the advice is then the same amount in the right form.
_LOOSE_DURATION = re.compile(r"([0-9]{1,6}) ?([a-zæøå]*)\.?\Z", re.IGNORECASE)
_UNIT_NAMES = {
    "sec": "s", "sek": "s", "min": "m", "hou": "h", "hr": "h", "tim": "h", "t": "h", "day": "d", "dag": "d", "døg": "d",
}  # fmt: skip
_LOOSE_ANSWER = re.compile(r"([0-9]{1,3}) ?%?(?: within | in | innen |/| )?([0-9].*)\Z")
_LOOSE_PERCENT = re.compile(r"([0-9]{1,3}) ?(?:%|percent|prosent)?\Z")
_LOOSE_SCALE = re.compile(r"([0-9]{1,2}) ?(?:-|–|to|til) ?([0-9]{1,2})\Z")


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
        raise ValueRefused(
            FaultKind.DURATION, f"{shown(text)} is not a duration", _duration_hint(text, bounds)
        )
    amount = int(found[1]) * _UNITS[found[2]]
    if not bounds.low <= amount <= bounds.high:
        raise ValueRefused(FaultKind.DURATION, f"{text} is out of range", f"write {bounds.shown}")
    return float(amount)


def _duration_hint(text: str, bounds: Bounds) -> str:
    found = _LOOSE_DURATION.match(text)
    if found and not found[2]:
        fits = [
            f"{found[1]}{unit} for {_UNITS_TOLD[unit]}"
            for unit, length in _UNITS.items()
            if bounds.low <= int(found[1]) * length <= bounds.high
        ]
        return f"write a unit behind it: {', '.join(fits)}" if fits else f"write {bounds.shown}"
    if found:
        word = found[2].lower()
        unit = word if word in _UNITS else _UNIT_NAMES.get(word[:3])
        if unit:
            return f"write {found[1]}{unit}"
    return "write a whole number and s, m, h or d, such as 6s or 2m"


_WITHIN = Bounds(1, 3600, "1s to 1h")


def answer_target(text: str) -> AnswerTarget:
    """`80% within 20s`."""
    found = _ANSWER.match(text)
    if not found or not 1 <= int(found[1]) <= 100:
        message = f"{shown(text)} is not a target for answering"
        raise ValueRefused(FaultKind.ANSWER, message, f"write it as {_answer_meant(text)}")
    return AnswerTarget(int(found[1]) / 100, seconds(found[2], _WITHIN))


def _answer_meant(text: str) -> str:
    found = _LOOSE_ANSWER.match(text)
    if not found or not 1 <= int(found[1]) <= 100:
        return "80% within 20s"
    time = _LOOSE_DURATION.match(found[2])
    word = (time[2].lower() if time else "") or "s"
    unit = word if word in _UNITS else _UNIT_NAMES.get(word[:3])
    return f"{int(found[1])}% within {time[1]}{unit}" if time and unit else "80% within 20s"


def count(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if _COUNT.match(text) and low <= int(text) <= high:
        return int(text)
    message = f"{shown(text)} is not a number from {low} to {high}"
    raise ValueRefused(FaultKind.COUNT, message, f"write a whole number from {low} to {high}")


def percent(text: str) -> float:
    """`25%` as a share from 0 to 1; 0% is no share."""
    found = _PERCENT.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return int(found[1]) / 100
    message = f"{shown(text)} is not a share"
    loose = _LOOSE_PERCENT.match(text)
    fits = loose is not None and 1 <= int(loose[1]) <= 100
    hint = f"write {int(loose[1])}%" if loose and fits else "write a whole number from 1% to 100%"
    raise ValueRefused(FaultKind.PERCENT, message, hint)


_PACES = {"week": re.compile(r"week|uke|\buka"), "day": re.compile(r"day|daily|dag|døgn")}


def ramp(text: str) -> Ramp:
    """`25% each week`."""
    found = _RAMP.match(text)
    if found and 1 <= int(found[1]) <= 100:
        return Ramp(int(found[1]), 7 if found[2] == "week" else 1)
    message = f"{shown(text)} does not say how fast callers move"
    share, _, pace = text.partition("%")
    share = share.strip()
    known = _PERCENT.match(f"{share}%") and 1 <= int(share) <= 100
    paces = [period for period, meant in _PACES.items() if meant.search(pace.lower())]
    if known:
        hint = f"{share}% each {paces[0] if len(paces) == 1 else f'week, or {share}% each day'}"
    else:
        hint = "25% each week, or 5% each day"
    raise ValueRefused(FaultKind.PERCENT, message, f"write it as {hint}")


_EVERY_BOUNDS = Bounds(10, 1800, "every 10s to every 30m")


def every(text: str) -> float:
    """`every 45s`, in seconds."""
    found = _EVERY.match(text)
    if found:
        return seconds(found[1], _EVERY_BOUNDS)
    message = f"{shown(text)} does not say how often"
    meant = text if _DURATION.match(text) else "45s"
    raise ValueRefused(FaultKind.DURATION, message, f"write it as every {meant}")


_WIDENING = Bounds(5, 3600, "5s to 1h")


def widening(text: str) -> float | None:
    """`30s`, in seconds; None for `never`."""
    return None if text == "never" else seconds(text, _WIDENING)


_LAST_AGENT = re.compile(r"within (\S+)\Z")
_LAST_AGENT_BOUNDS = Bounds(3600, 31 * 86400, "within 1h to within 31d")


def last_agent(text: str) -> float:
    """`within 7d`, in seconds."""
    found = _LAST_AGENT.match(text)
    if found:
        return seconds(found[1], _LAST_AGENT_BOUNDS)
    message = f"{shown(text)} does not say for how long a talk counts"
    meant = text if _DURATION.match(text) else "7d"
    raise ValueRefused(FaultKind.DURATION, message, f"write it as within {meant}")


def waiting(text: str) -> int:
    """`25 waiting`."""
    found = _WAITING.match(text)
    if found and int(found[1]) >= 1:
        return int(found[1])
    message = f"{shown(text)} does not say how many may wait"
    number = text.partition(" ")[0]
    meant = number if _WAITING.match(f"{number} waiting") and int(number) >= 1 else "25"
    raise ValueRefused(FaultKind.COUNT, message, f"write it as {meant} waiting")


def catching_up(text: str) -> int:
    """`20 calls`, or `never`: 0."""
    found = _CALLS.match(text)
    if text == "never" or (found and int(found[1]) >= 1):
        return int(found[1]) if found else 0
    message = f"{shown(text)} does not say how many calls a site gets later"
    number = re.search(r"[1-9][0-9]{0,3}", text)
    raise ValueRefused(
        FaultKind.COUNT, message, f"write it as {number[0] if number else 20} calls, or never"
    )


def calls_at_once(text: str) -> int:
    """`5 calls`."""
    found = _CALLS.match(text)
    if found and int(found[1]) >= 1:
        return int(found[1])
    message = f"{shown(text)} does not say how many calls there may be at once"
    number = re.search(r"[1-9][0-9]{0,3}", text)
    raise ValueRefused(FaultKind.COUNT, message, f"write it as {number[0] if number else 5} calls")


MOST_MISSED = 20
"""After so many calls that were not taken, at the most, the rules may have an agent paused."""


def missed(text: str) -> int:
    """`pause after 2`."""
    found = _MISSED.match(text)
    if found and 1 <= int(found[1]) <= MOST_MISSED:
        return int(found[1])
    message = f"{shown(text)} does not say what missed calls cost"
    number = re.search(r"[0-9]+", text)
    fits = number is not None and 1 <= int(number[0]) <= MOST_MISSED
    meant = f"{int(number[0])}" if number and fits else f"2: 1 to {MOST_MISSED} calls"
    raise ValueRefused(FaultKind.COUNT, message, f"write it as pause after {meant}")


def scale(text: str) -> tuple[int, int]:
    """`1-10`."""
    found = _SCALE.match(text)
    if found and int(found[1]) < int(found[2]) <= 10:
        return int(found[1]), int(found[2])
    loose = _LOOSE_SCALE.match(text)
    low, high = sorted(map(int, loose.groups())) if loose else (1, 11)
    hint = f"write it as {low}-{high}" if low < high <= 10 else "write it as 1-10 or 1-5"
    raise ValueRefused(FaultKind.COUNT, f"{shown(text)} is not a scale", hint)
