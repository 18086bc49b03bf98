from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.graph import graph

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*options: str) -> Result:
    return CliRunner().invoke(graph, options)


def test_the_map_begins_with_the_first_number() -> None:
    result = run()

    assert result.exit_code == 0
    assert result.output.splitlines()[:2] == [
        "+47 21 00 00 00 (National number)",
        "└─ menu main",
    ]


def test_a_flowchart_is_for_a_page() -> None:
    assert run("--mermaid").output.startswith('flowchart LR\n  n0(["+47 21 00 00 00')


def test_facts_have_every_place_and_way() -> None:
    facts = json.loads(run("--json").output)

    assert {"name": "menu main", "note": None} in facts["places"]
    assert {
        "start": "menu main",
        "end": "department kundeservice",
        "label": "key 1",
        "aside": False,
    } in facts["ways"]


def test_one_form_is_chosen() -> None:
    assert run("--json", "--mermaid").exit_code == 2


def test_rules_with_errors_have_no_map(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text("version: 1\nnumbers: {anything else: menu none}\n")

    result = run(str(file))

    assert result.exit_code == 1
    assert "IVR204" in result.output
