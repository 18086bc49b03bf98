"""How fast are rules for a very large organisation? `python bench/rules.py` prints its conditions and what it found.

10,000 sites and departments in 50,000 lines, in files that `include` puts together. No test: machines differ.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from ivr.numbers import PhoneNumber
from ivr.rulebook.folder import files_beside
from ivr.rules.decide import decide
from ivr.rules.decision import CameIn, Facts, OptionChosen
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet

EACH = 5000
A_FILE = 1000
DECISIONS = 20_000


def main() -> None:
    """Write the rules, load them, decide; print each with its conditions."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "routing_rules.yaml"
        lines = write_rules(file)
        python = f"{platform.python_implementation()} {platform.python_version()}"
        click.echo(f"{python}, {os.cpu_count()} cores, {platform.machine()}")
        click.echo(
            f"{EACH} sites, {EACH} departments, {lines} lines in {1 + 3 * EACH // A_FILE} files"
        )
        began = time.perf_counter()
        rules, faults = read_rules(file.read_bytes(), str(file), files=files_beside(file))
        took = time.perf_counter() - began
    if rules is None:
        click.echo("\n".join(map(str, faults[:10])), err=True)
        sys.exit(1)
    click.echo(f"check: {took:.2f} s, {len(faults)} findings (wanted: under 5 s)")
    arriving = sorted(timed(rules, keyed=False))
    keyed = sorted(timed(rules, keyed=True))
    for name, found in (("arriving", arriving), ("a key to a department", keyed)):
        median, tail = statistics.median(found), found[len(found) * 99 // 100]
        told = f"median {median:.1f} µs, 99% under {tail:.1f} µs (wanted: median under 50 µs)"
        click.echo(f"decide, {name}: {told}")


def write_rules(file: Path) -> int:
    """The rules and all that they include; how many lines they have together."""
    texts = {
        "routing_rules.yaml": "version: 1\ninclude: [sites/*.yaml, departments/*.yaml, menus/*.yaml]\n"
        "numbers: {anything else: menu m0}\nholidays: {public: Norway}\nhours: {office: {mon-fri: 08:00-16:00}}\n"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}}\n",
    }
    for first in range(0, EACH, A_FILE):
        some = range(first, first + A_FILE)
        texts[f"sites/{first}.yaml"] = (
            "numbers:\n" + "".join(map(_number, some)) + "sites:\n" + "".join(map(_site, some))
        )
        texts[f"departments/{first}.yaml"] = "departments:\n" + "".join(map(_department, some))
        texts[f"menus/{first}.yaml"] = "menus:\n" + "".join(map(_menu, some))
    for name, text in texts.items():
        path = file.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sum(text.count("\n") for text in texts.values())


def _number(n: int) -> str:
    return f"  +47 2{n:07}: {{site: s{n}, to: menu m{n}}}\n"


def _menu(n: int) -> str:
    keys = f"{{1: department d{n}, 2: repeat}}"
    return f"  m{n}: {{say: welcome, keys: {keys}, nothing_chosen: department d{n}}}\n"


def _site(n: int) -> str:
    return (
        f"  s{n}:\n    name: Site {n}\n    departments:\n"
        f"      d{n}: {{local: queue main, migrated: 2027-03-01, ramp: 25% each week}}\n"
    )


def _department(n: int) -> str:
    return f"  d{n}:\n    hours: office\n    national: queue main\n    closed: {{say: closed, to: hangup}}\n"


def timed(rules: RuleSet, *, keyed: bool) -> Iterator[float]:
    """Microseconds of one decision after another, each of another call."""
    drawn = random.Random(1)  # noqa: S311 - the same calls each time
    began = datetime(2027, 1, 4, tzinfo=rules.timezone)
    for _ in range(DECISIONS):
        n = drawn.randrange(EACH)
        facts = Facts(
            at=began + timedelta(minutes=drawn.randrange(60 * 24 * 200)),
            dialled=PhoneNumber(f"+472{n:07}"),
            caller=PhoneNumber(f"+479{drawn.randrange(10**7):07}"),
            site=f"s{n}" if keyed else None,
            menus=(f"m{n}",) if keyed else (),
        )
        turn = OptionChosen(f"m{n}", "1") if keyed else CameIn()
        start = time.perf_counter_ns()
        decide(rules, facts, turn)
        yield (time.perf_counter_ns() - start) / 1000


if __name__ == "__main__":
    main()
