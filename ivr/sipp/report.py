"""What came of played calls, read from the files that SIPp leaves."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ERRORS = "errors.log"
CALL_IDS = "call-ids.log"
STATISTICS = "statistics.csv"
CONSOLE = "console.log"

_MOST_FAILURES = 20
# Each error begins with a date, a tab, the time, and the seconds since 1970; the message at fault follows in full.
_ERROR = re.compile(r"^\d{4}-\d\d-\d\d[ \t][\d:.]+(?:[ \t][\d.]+)?:? +(.+)$")
OUT_OF_TIME = 97
_MEANINGS = {
    OUT_OF_TIME: "the time limit was reached",
    99: "no call was placed",
}


@dataclass(frozen=True, slots=True)
class CallerReport:
    """One call. `ok`: every step went as scripted. `failures` say what did not, as SIPp put it."""

    ok: bool
    call_id: str
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Many calls. `call_ids` are those of the calls that went as scripted to their end.

    `statistics` is SIPp's last row: column name → value, totals in the columns that end with `(C)`.
    """

    successful: int
    failed: int
    call_ids: tuple[str, ...]
    failures: tuple[str, ...]
    statistics: Mapping[str, str]


def caller_report(folder: Path, exit_code: int, call_id: str) -> CallerReport:
    """Read the folder of a process that placed one call."""
    failures = failures_in(folder, exit_code)
    return CallerReport(ok=exit_code == 0 and not failures, call_id=call_id, failures=failures)


def load_report(folder: Path, exit_code: int) -> LoadReport:
    """Read the folder of a process that placed many calls."""
    statistics = _last_row(folder / STATISTICS)
    return LoadReport(
        successful=int(statistics.get("SuccessfulCall(C)", "0")),
        failed=int(statistics.get("FailedCall(C)", "0")),
        call_ids=finished_calls(folder),
        failures=failures_in(folder, exit_code),
        statistics=statistics,
    )


def finished_calls(folder: Path) -> tuple[str, ...]:
    """The Call-IDs that the scenario logged: of a caller, calls that ended well; of an agent, calls answered."""
    return tuple(_text(folder / CALL_IDS).split())


def failures_in(folder: Path, exit_code: int) -> tuple[str, ...]:
    """What went wrong, or nothing: SIPp exits with 0 only when every call went as scripted."""
    if exit_code == 0:
        return ()
    lines = _text(folder / ERRORS).splitlines()
    errors = [match[1] for line in lines if (match := _ERROR.match(line))]
    if not errors:
        errors = [line for line in _text(folder / CONSOLE).splitlines() if line.strip()][-5:]
    meaning = _MEANINGS.get(exit_code, f"SIPp ended with {exit_code}")
    return (meaning, *errors[:_MOST_FAILURES])


def _last_row(path: Path) -> Mapping[str, str]:
    rows = list(csv.reader(_text(path).splitlines(), delimiter=";"))
    return dict(zip(rows[0], rows[-1], strict=False)) if len(rows) > 1 else {}


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.is_file() else ""
