"""Of which table a row is that was carved out of a damaged file, where nothing but its cells tells it.

What is kept of each table is truth, or a sum of what was taken out since. What is folded of events that still stand is
made anew of them, whatever its row says.
"""

from __future__ import annotations

import re

import msgspec

from ivr.numbers import EMERGENCY_NUMBERS
from ivr.store.carving import Cells
from ivr.store.folds import OFFER_COLUMNS

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d")
_QUARTER = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_CELLS = {
    "agent_change": (15, 16, 18),
    "removal": (13, 14),
    "call": (23, 24),
    "queue_visit": (8, 9, 11),
}
"""A row that was written before its table had its last columns has fewer cells."""


def known_row(row: Cells) -> tuple[str, Cells] | None:
    """The table that a row is of, and the row with all the cells that the table has by now; None for any other row."""
    name = _table_of(row)
    if name is None:
        return None
    lacking = max(_CELLS[name]) - len(row) if name in _CELLS else 0
    return name, (*row, *(None,) * lacking)


def _table_of(row: Cells) -> str | None:  # noqa: C901, PLR0911, PLR0912 - a line for each
    match row:
        case (str(), int() as seq, str() as kind, str() as at, int(), str() as payload):
            is_event = seq > 0 and _is_time(at) and payload.startswith(f'{{"type":"{kind}"')
            return "call_event" if is_event and _is_json(payload) else None
        case (str() as change, str() as asked, str() as due, *_) if len(row) == 11:
            return (
                "rules_change"
                if change.endswith("-chg") and _is_time(asked) and _is_time(due)
                else None
            )
        case (str() as override, str(), *_, str() as begun, str() as until, _, _) if len(row) == 10:
            is_override = override.endswith("-ovr") and _is_time(begun) and _is_time(until)
            return "override" if is_override else None
        case (str(), str() as number, str(), str() as began, *_, str() as tries) if len(row) == 12:
            is_emergency = number in EMERGENCY_NUMBERS and _is_time(began) and _is_json(tries)
            return "emergency_call" if is_emergency else None
        case (str(), int(), str() as at, str(), str(), *_) if len(row) in _CELLS["agent_change"]:
            return "agent_change" if _is_time(at) else None
        case (str() as follow_up, str(), str() as at, str(), str()):
            return "follow_up" if follow_up.endswith("-fol") and _is_time(at) else None
        case (str() as removal, str(), str() as at, *_) if removal.endswith("-rem"):
            return "removal" if len(row) in _CELLS["removal"] and _is_time(at) else None
        case (str() as month, str() as at, str() as held) if _MONTH.fullmatch(month):
            return "closed_month" if _is_time(at) and _is_json(held) else None
        case (str() as removal, str()) if removal.endswith("-rem"):
            return "removal_call"
        case (str(), str() as removal) if removal.endswith("-rem"):
            return "removal_file"
        case (str(), str() as at, _, str() as ended, *_) if _is_time(at) and _is_time(ended):
            return "call" if len(row) in _CELLS["call"] else None
        case (str(), int() as number, *_) if number > 0:
            return _part_of_record(row)
        case (str() as hour, str(), str(), int()) if _HOUR.fullmatch(hour):
            return "agent_hour"
        case (str(), str() as quarter, str(), int()) if _QUARTER.fullmatch(quarter):
            return "duty_quarter"
        case (str() as day, *_) if _DAY.fullmatch(day):
            return _history_of(row)
        case _:
            return None


def _part_of_record(row: Cells) -> str | None:
    """Which table a row is of that begins with a call and with a number within it."""
    match row:
        case (_, _, str(), str() as at, str(), *_) if _is_time(at):
            return "queue_visit" if len(row) in _CELLS["queue_visit"] else None
        case (_, _, str(), str(), _, str() as at, int(), int(), _) if _is_time(at):
            return "survey_reply"
        case (_, _, str(), str(), int() | float()):
            return "message"
        case _:
            return None


def _history_of(row: Cells) -> str | None:
    """Which table of history a row that begins with a day is of."""
    match row:
        case (_, str(), str(), str(), int()):
            return "call_day"
        case (_, str(), str(), int(), int()):
            return "first_call_day"
        case (_, str(), str(), int()):
            return "path_day"
        case (_, str(), str(), str(), str(), str(), int(), int(), int(), int(), int(), int()):
            return "survey_day"
        case _:
            return next((f"offer_{g}" for g, n in OFFER_COLUMNS.items() if n == len(row)), None)


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


def _is_json(payload: str) -> bool:
    try:
        msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return False
    return True
