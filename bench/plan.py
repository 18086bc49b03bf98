"""How long `ivr plan --replay` takes for many calls: `python bench/plan.py [CALLS] [RULES]`.

The calls are drawn with a fixed seed, over a year, from as many callers; half the keys are a department's. Nothing is
asserted: the figures are for people.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

NUMBERS = ("+4721000000", "+4755301000", "+4773802000", "+4799999999")
PRESSED = ("1", "1", "2", "3", "4", "91", "73", "*1", "", '",1"')
FIRST = datetime(2026, 9, 1)  # noqa: DTZ001 - as a replay file has it, local to the rules


def write_calls(file: Path, count: int) -> None:
    """A replay file of so many calls, in office hours mostly."""
    draw = random.Random(3)  # noqa: S311 - no secret
    lines = ["at,from,to,press"]
    for _ in range(count):
        day = FIRST + timedelta(days=draw.randrange(365))
        at = day + timedelta(minutes=round(min(max(draw.gauss(720, 180), 0), 1439)))
        caller = f"+479{draw.randrange(10_000_000):07}"
        lines.append(f"{at:%Y-%m-%d %H:%M},{caller},{draw.choice(NUMBERS)},{draw.choice(PRESSED)}")
    file.write_text("\n".join(lines) + "\n")


def main() -> None:
    """Write the calls and a changed copy of the rules, and time the command."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rules = Path(sys.argv[2] if len(sys.argv) > 2 else "routing_rules.yaml")
    text = rules.read_text("utf-8")
    for change, (old, new) in {
        "nothing but a comment": ("version: 1", "version: 1  # the same"),
        "a migration on another day": ("migrated: 2027-02-01", "migrated: 2026-12-01"),
        "a migration with a ramp": (
            "migrated: 2027-02-01",
            "migrated: 2026-12-01, ramp: 2% each week",
        ),
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            calls, changed = Path(folder) / "calls.csv", Path(folder) / "new.yaml"
            write_calls(calls, count)
            changed.write_text(text.replace(old, new), "utf-8")
            began = time.perf_counter()
            done = subprocess.run(  # noqa: S603 - our own command
                [
                    *(sys.executable, "-m", "ivr", "plan", str(changed)),
                    *("--against", str(rules), "--replay", str(calls)),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            seconds = time.perf_counter() - began
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        first = (done.stdout or done.stderr).splitlines()[0]
        print(f"{change}: {seconds:.1f} s, exit {done.returncode}, at most {largest} MiB")
        print(f"    {first}")


if __name__ == "__main__":
    main()
