from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.paths import paths

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*options: str) -> Result:
    return CliRunner().invoke(paths, ["--at", "2026-11-23T09:00", *options])


def test_each_path_says_where_it_ends_and_what_is_heard() -> None:
    result = run()

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Calls on Monday 23 November 2026 09:00 (Europe/Oslo)"
    bergen = lines[lines.index("+47 55 30 10 00 (Bergen)") :]
    assert "  2          queue bergen-henting  hears welcome, main.choices" in bergen
    assert "  star       menu main, once more" in bergen


def test_the_paths_are_counted_by_their_end() -> None:
    facts = json.loads(run("--json").output)
    lines = run().output.split("\n\n")[-1].splitlines()

    assert sum(facts["counts"].values()) == len(facts["paths"])
    assert lines[0] == f"{len(facts['paths'])} paths from 4 numbers"
    assert {line.strip() for line in lines[1:]} == {
        f"{count} {end}" for end, count in facts["counts"].items()
    }


def test_facts_can_be_given_to_explain() -> None:
    path = json.loads(run("--json").output)["paths"][10]

    assert path == {
        "number": "+47 21 00 00 00",
        "keys": ["9", "nothing"],
        "press": "9,,,",
        "ends": "queue kundeservice",
        "once_more": False,
        "said": ["welcome", "main.choices"] * 2 + ["no_input", "welcome", "main.choices"] * 2,
        "language": "en",
        "site": None,
    }


def test_on_a_sunday_and_without_agents_paths_end_elsewhere() -> None:
    sunday = CliRunner().invoke(paths, ["--at", "2026-11-22T09:00"]).output
    deserted = run("--given", "queue faktura agents=0").output

    assert "hangup" in sunday
    assert "queue faktura" not in deserted
